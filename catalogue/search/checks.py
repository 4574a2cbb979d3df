"""Comparing the index with the records that it mirrors."""

from dataclasses import dataclass, field
from itertools import chain

from catalogue.models import Instrument
from catalogue.search.documents import instrument_documents
from catalogue.search.engines import get_engine
from catalogue.search.models import SearchDoc
from catalogue.search.types import Kind


@dataclass
class Differences:
    """Record numbers: public but not in the index, in the index but not public, and indexed with other content."""

    missing: set[int] = field(default_factory=set)
    surplus: set[int] = field(default_factory=set)
    stale: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.stale or self.problems)


def compare() -> Differences:
    """What differs between the index and what it would hold if made anew now."""
    indexed = dict(SearchDoc.objects.filter(kind=Kind.INSTRUMENT).values_list("object_id", "digest"))
    differences = Differences(problems=get_engine().problems())
    for document in chain.from_iterable(instrument_documents(Instrument.objects.public())):
        digest = indexed.pop(document.object_id, None)
        if digest is None:
            differences.missing.add(document.object_id)
        elif digest != document.digest:
            differences.stale.add(document.object_id)
    differences.surplus = set(indexed)
    return differences
