"""Chinese search over the catalogue. Ask ``CatalogueSearch``; ``indexing`` keeps the index in step."""

from catalogue.search.highlighting import highlight
from catalogue.search.service import CatalogueSearch
from catalogue.search.types import FacetCount, Kind, SearchPage, SearchQuery, Sort

__all__ = ["CatalogueSearch", "FacetCount", "Kind", "SearchPage", "SearchQuery", "Sort", "highlight"]
