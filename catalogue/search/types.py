"""What is asked of the catalogue's index, and what it answers."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What is searched."""

    INSTRUMENT = "instrument"
    TESTING = "testing"
    LAB = "lab"
    CAPABILITY = "capability"


class Sort(StrEnum):
    """Relevance is: all words in the name, then anywhere, then by pinyin; newest first within each.

    New is what was first published last: to withdraw a record and publish it again does not make it newer.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE = "price"
    PRICE_DESC = "-price"


@dataclass(frozen=True)
class AttributeFilter:
    """What is asked of one attribute: one of these values, or a figure (both ends included) that overlaps.

    Values as ``option_of`` writes them: the choice itself, yes-no as 1 and 0.
    """

    attribute_id: int
    values: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class SearchQuery:
    """Words and filters. Amounts in yuan, both ends included; ``category`` is a class code of any level.

    ``counted`` are the attributes whose values the answer is to count.
    """

    text: str = ""
    kind: Kind = Kind.INSTRUMENT
    category: str = ""
    city: str = ""
    institution: int | None = None
    vouchers: bool | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    attributes: tuple[AttributeFilter, ...] = ()
    counted: tuple[int, ...] = ()
    sort: str = Sort.RELEVANCE

    @property
    def has_price(self) -> bool:
        return self.price_min is not None or self.price_max is not None


@dataclass(frozen=True)
class FacetCount:
    value: str
    count: int


@dataclass
class AttributeCounts:
    """Of one attribute among the hits: how many have a value, how often each option occurs, and how far figures reach."""

    total: int = 0
    options: dict[str, int] = field(default_factory=dict)
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class SearchPage:
    """One page of hits, in order.

    ``total`` and ``facets`` are exact, unless ``capped``: then there are more hits than ``total``, and the
    facets count only those. ``number`` is the page shown: the last one where there is none so far. ``attributes``
    has those counted that occur among the hits.
    """

    object_ids: list[int]
    total: int
    num_pages: int
    number: int
    capped: bool
    facets: dict[str, list[FacetCount]]
    attributes: dict[int, AttributeCounts] = field(default_factory=dict)
