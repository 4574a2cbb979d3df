"""Comparing the index with the records that it mirrors."""

from dataclasses import dataclass, field
from itertools import chain

from catalogue.search.documents import SOURCES, public_documents
from catalogue.search.engines import get_engine
from catalogue.search.engines.base import VALUES
from catalogue.search.models import SearchDoc

Place = tuple[str, int]


@dataclass
class Differences:
    """Kind and number of records: public but not in the index, in it but not public, indexed with other content."""

    missing: set[Place] = field(default_factory=set)
    surplus: set[Place] = field(default_factory=set)
    stale: set[Place] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.stale or self.problems)


def compare() -> Differences:
    """What differs between the index and what it would hold if made anew now."""
    indexed = {
        (kind, pk): digest
        for kind, pk, digest in SearchDoc.objects.values_list("kind", "object_id", "digest")
    }
    differences = Differences(problems=get_engine().problems())
    values = 0
    for source in SOURCES.values():
        for document in chain.from_iterable(public_documents(source)):
            place = (document.kind.value, document.object_id)
            values += len(document.values)
            digest = indexed.pop(place, None)
            if digest is None:
                differences.missing.add(place)
            elif digest != document.digest:
                differences.stale.add(place)
    differences.surplus = set(indexed)
    stored = get_engine().fetch_one(f"SELECT COUNT(*) FROM {VALUES}", [])[0]  # noqa: S608 - names of our own
    if stored != values and not (differences.missing or differences.surplus or differences.stale):
        differences.problems.append(f"{stored} values of attributes instead of {values}")
    return differences
