"""What the home page says about the catalogue, read live."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from catalogue.models import Instrument, InstrumentClass
from institutions.models import Provider


@dataclass(frozen=True)
class ClassEntry:
    """A top-level class of instruments and how many of them are public."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Figures:
    instruments: int
    accepting_vouchers: int
    providers: int
    cities: int
    classes: tuple[ClassEntry, ...]


def catalogue_figures() -> Figures:
    """Counts of what is public, all from one pass over the instruments."""
    groups = (
        Instrument.objects.public()
        .order_by()
        .values_list("instrument_class_id", "city", "accepts_vouchers")
        .annotate(number=Count("pk"))
    )
    by_class: Counter[str] = Counter()
    by_city: Counter[str] = Counter()
    by_voucher: Counter[bool] = Counter()
    for code, city, accepts_vouchers, number in groups:
        by_class[(code or "")[:2]] += number
        by_city[city] += number
        by_voucher[accepts_vouchers] += number
    return Figures(
        instruments=by_voucher.total(),
        accepting_vouchers=by_voucher[True],
        providers=Provider.objects.public().count(),
        cities=len(by_city),
        classes=tuple(
            ClassEntry(node.code, node.name, by_class[node.prefix])
            for node in InstrumentClass.objects.filter(parent=None)
        ),
    )


def newest_instruments(number: int) -> list[Instrument]:
    """The instruments that became public last, with what their cards print."""
    return list(Instrument.objects.public().for_cards().order_by("-first_published_at", "-pk")[:number])
