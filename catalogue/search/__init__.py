"""Chinese search over the catalogue. Ask ``CatalogueSearch``; ``indexing`` keeps the index in step."""

from catalogue.search.highlighting import highlight
from catalogue.search.service import CatalogueSearch
from catalogue.search.types import (
    AttributeCounts,
    AttributeFilter,
    FacetCount,
    Kind,
    SearchPage,
    SearchQuery,
    Sort,
)

__all__ = [
    "AttributeCounts",
    "AttributeFilter",
    "CatalogueSearch",
    "FacetCount",
    "Kind",
    "SearchPage",
    "SearchQuery",
    "Sort",
    "highlight",
]
