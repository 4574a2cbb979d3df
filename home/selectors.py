"""What the home page says about the catalogue, read live."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value

from catalogue.models import (
    Instrument,
    InstrumentClass,
    LabService,
    SearchDoc,
    ServiceRecord,
    TestingField,
    TestingService,
)
from catalogue.search import Kind
from institutions.models import Provider


@dataclass(frozen=True)
class Entry:
    """A top-level class of instruments or field of testing, and how many records are public under it."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Figures:
    """Counts of what is public. ``accepting_vouchers`` is of instruments, ``fields`` of testing services."""

    instruments: int
    accepting_vouchers: int
    testing: int
    labs: int
    capabilities: int
    providers: int
    classes: tuple[Entry, ...]
    fields: tuple[Entry, ...]


def catalogue_figures() -> Figures:
    """All from one pass over the search index, which mirrors what is public. Fields with nothing are left out."""
    groups = SearchDoc.objects.order_by().values_list("kind", "category", "vouchers").annotate(Count("pk"))
    by_kind: Counter[str] = Counter()
    by_node: Counter[tuple[str, str]] = Counter()
    accepting = 0
    for kind, code, vouchers, number in groups:
        by_kind[kind] += number
        by_node[kind, code[:2]] += number
        if kind == Kind.INSTRUMENT and vouchers:
            accepting += number

    entries: dict[str, list[Entry]] = {Kind.INSTRUMENT: [], Kind.TESTING: []}
    for kind, code, name in sorted(
        _highest(InstrumentClass, Kind.INSTRUMENT).union(_highest(TestingField, Kind.TESTING))
    ):
        entries[kind].append(Entry(code, name, by_node[kind, code[:2]]))

    return Figures(
        instruments=by_kind[Kind.INSTRUMENT],
        accepting_vouchers=accepting,
        testing=by_kind[Kind.TESTING],
        labs=by_kind[Kind.LAB],
        capabilities=by_kind[Kind.CAPABILITY],
        providers=Provider.objects.public().count(),
        classes=tuple(entries[Kind.INSTRUMENT]),
        fields=tuple(entry for entry in entries[Kind.TESTING] if entry.count),
    )


def _highest(nodes: type[InstrumentClass] | type[TestingField], kind: Kind) -> QuerySet[Any, Any]:
    """Kind, code and name of a classification's highest nodes."""
    return nodes.objects.filter(parent=None).order_by().values_list(Value(kind.value), "code", "name")


def newest_instruments(number: int) -> list[Instrument]:
    """The instruments that became public last, with what their cards print."""
    return list(Instrument.objects.public().for_cards().order_by("-first_published_at", "-pk")[:number])


def newest_services(model: type[TestingService] | type[LabService], number: int) -> list[ServiceRecord]:
    """The services of a kind that became public last, with what their cards print."""
    return list(model.objects.public().for_cards().order_by("-first_published_at", "-pk")[:number])
