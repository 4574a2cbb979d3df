"""What is asked of the catalogue's index, and what it answers."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What is searched. Instruments so far."""

    INSTRUMENT = "instrument"


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE = "price"
    PRICE_DESC = "-price"


@dataclass(frozen=True)
class SearchQuery:
    """Words and filters. Amounts in yuan; ``category`` is a class code of any level."""

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
    def is_narrowed(self) -> bool:
        """Whether anything at all restricts the result."""
        return bool(
            self.text.strip()
            or self.category
            or self.city
            or self.institution is not None
            or self.vouchers is not None
            or self.price_min is not None
            or self.price_max is not None
        )


@dataclass(frozen=True)
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True)
class SearchPage:
    """One page of hits, in order. ``capped``: there are more than ``total``; facets are then of these only."""

    object_ids: list[int]
    total: int
    num_pages: int
    capped: bool = False
    facets: dict[str, list[FacetCount]] = field(default_factory=dict)
