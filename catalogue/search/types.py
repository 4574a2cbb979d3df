"""What is asked of the catalogue's index, and what it answers."""

from dataclasses import dataclass
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
class SearchQuery:
    """Words and filters. Amounts in yuan, both ends included; ``category`` is a class code of any level."""

    text: str = ""
    kind: Kind = Kind.INSTRUMENT
    category: str = ""
    city: str = ""
    institution: int | None = None
    vouchers: bool | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    sort: str = Sort.RELEVANCE

    @property
    def has_price(self) -> bool:
        return self.price_min is not None or self.price_max is not None


@dataclass(frozen=True)
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True)
class SearchPage:
    """One page of hits, in order.

    ``total`` and ``facets`` are exact, unless ``capped``: then there are more hits than ``total``, and the
    facets count only those. ``number`` is the page shown: the last one where there is none so far.
    """

    object_ids: list[int]
    total: int
    num_pages: int
    number: int
    capped: bool
    facets: dict[str, list[FacetCount]]
