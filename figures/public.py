"""What the public statistics of a year say, from the cells alone. Amounts in yuan."""

import datetime
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import NOTHING
from catalogue.models import Instrument, InstrumentClass, TestingField
from figures.measures import Dimension, Measure
from figures.models import Cell, Progress
from figures.suppression import LEAST, hidden
from institutions.models import ConsumerType, Provider
from institutions.regions import city_choices
from institutions.sme import Industry, SizeClass
from orders.statuses import ServiceKind

MONEY = (Measure.GRANTED, Measure.CLAIMED, Measure.REDEEMED)
WORK = (Measure.ORDERED, Measure.COMPLETED, Measure.CLAIMED, Measure.REDEEMED)
ORDERS = (Measure.ORDERED, Measure.COMPLETED)
FIRST = 10
# More than are shown: some may have left the catalogue since.
CANDIDATES = 60
LISTS = {
    ServiceKind.INSTRUMENT: "catalogue:instrument_list",
    ServiceKind.TESTING: "catalogue:testing_list",
    ServiceKind.LAB: "catalogue:lab_list",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A count and its yuan, or that they are of too few to be shown (``is_hidden``; ``is_small`` where for its own sake)."""

    count: int
    amount: Decimal
    is_hidden: bool = False
    is_small: bool = False

    @property
    def text(self) -> str:
        """In place of the number."""
        return f"<{LEAST}" if self.is_small else "*"


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    url: str
    numbers: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str | Promise
    heading: str | Promise
    measures: Sequence[Measure]
    rows: Sequence[Row]

    @property
    def has_hidden(self) -> bool:
        return any(number.is_hidden for row in self.rows for number in row.numbers)


@dataclass(frozen=True, slots=True)
class Statistics:
    year: int
    counted_at: datetime.datetime | None
    totals: Mapping[Measure, Number]
    tables: Sequence[Table]

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.key == key)


ZERO = Number(0, NOTHING)
# Tables whose rows no institution shares with another.
DISJOINT = frozenset({Dimension.CITY, Dimension.SIZE, Dimension.INDUSTRY})
OTHERS: dict[str, Any] = {
    ConsumerType.INCUBATOR: gettext_lazy("孵化器等"),
    ConsumerType.NETWORK: gettext_lazy("协作网成员"),
    "": gettext_lazy("未核定"),
}


def years() -> list[int]:
    """Those with figures, the latest first; this year at least."""
    found = (
        Cell.objects.filter(dimension=Dimension.WHOLE).order_by().values_list("year", flat=True).distinct()
    )
    return sorted({*found, timezone.localdate().year}, reverse=True)


def statistics(year: int) -> Statistics:
    progress = Progress.objects.first()
    cells = _cells(year)
    whole = cells.get(Dimension.WHOLE, {})
    totals = {measure: _shown(whole.get(measure, {}), {""}, True).get("", ZERO) for measure in Measure}
    months = [(f"{month:02}", _("%d 月") % month, "") for month in range(1, 13)]
    kinds = [(kind.value, str(kind.label), reverse(LISTS[kind])) for kind in ServiceKind]
    sizes = [(size.value, str(size.label), "") for size in SizeClass]
    sizes += [(value, str(label), "") for value, label in OTHERS.items()]
    industries = [(one.value, str(one.label), "") for one in Industry]
    cities = [(code, str(name), "") for code, name in city_choices()]
    unknown = [("", _("未填写"), "")]
    used = {value for column in cells.get(Dimension.CLASS, {}).values() for value in column}

    by_kind = {
        measure: _shown(cells.get(Dimension.KIND, {}).get(measure, {}), ServiceKind, False)
        for measure in ORDERS
    }
    of_groups: dict[str, Mapping[Measure, Number]] = {
        "": totals,
        **{
            kind.value: {measure: by_kind[measure].get(kind, ZERO) for measure in ORDERS}
            for kind in ServiceKind
        },
    }

    def table(key: Dimension, title: str, heading: str, measures: Sequence[Measure], values: Any) -> Table:
        rows = _rows(cells.get(key, {}), of_groups, measures, values, disjoint=key in DISJOINT)
        return Table(key, title, heading, measures, rows)

    return Statistics(
        year=year,
        counted_at=progress.refreshed_at if progress else None,
        totals=totals,
        tables=[
            table(Dimension.MONTH, _("各月"), _("月份"), MONEY, months),
            table(Dimension.CITY, _("各市"), _("用券机构所在城市"), MONEY, cities + unknown),
            table(Dimension.SIZE, _("企业规模"), _("企业规模"), MONEY, sizes),
            table(Dimension.INDUSTRY, _("行业"), _("用券机构所属行业"), MONEY, industries + unknown),
            table(Dimension.KIND, _("服务类型"), _("服务类型"), WORK, kinds),
            table(Dimension.CLASS, _("仪器分类和检测领域"), _("分类或领域"), ORDERS, list(_classes(used))),
            Table("instruments", _("订单最多的仪器"), _("仪器"), ORDERS, _first_instruments(year)),
            Table("providers", _("订单最多的接券机构"), _("接券机构"), ORDERS, _first_providers(year)),
        ],
    )


def _cells(year: int) -> dict[str, dict[str, dict[str, Cell]]]:
    """dimension -> measure -> value -> cell, of the dimensions of few values."""
    few = (
        Dimension.WHOLE,
        Dimension.MONTH,
        Dimension.CITY,
        Dimension.SIZE,
        Dimension.INDUSTRY,
        Dimension.KIND,
        Dimension.CLASS,
    )
    found: dict[str, dict[str, dict[str, Cell]]] = {}
    for cell in Cell.objects.filter(year=year, dimension__in=few).order_by():
        found.setdefault(cell.dimension, {}).setdefault(cell.measure, {})[cell.value] = cell
    return found


def _classes(used: Set[str]) -> Iterable[tuple[str, str, str]]:
    """The highest classes and fields of those used, each with the list of what is on offer in it."""
    codes = {value.partition(":")[2] for value in used}
    trees: dict[ServiceKind, Any] = dict.fromkeys(
        (ServiceKind.TESTING, ServiceKind.LAB), TestingField.objects.filter(parent=None, pk__in=codes)
    )
    trees[ServiceKind.INSTRUMENT] = InstrumentClass.objects.filter(parent=None, pk__in=codes)
    for kind in ServiceKind:
        for node in trees[kind]:
            if f"{kind.value}:{node.pk}" in used:
                label = _("%(kind)s：%(name)s") % {"kind": kind.label, "name": node}
                yield f"{kind.value}:{node.pk}", label, f"{reverse(LISTS[kind])}?category={node.pk}"


def _rows(
    cells: Mapping[str, Mapping[str, Cell]],
    totals: Mapping[str, Mapping[Measure, Number]],
    measures: Sequence[Measure],
    values: Sequence[tuple[str, str, str]],
    *,
    disjoint: bool,
) -> list[Row]:
    """Rows with a number in any column. A column whose total is of too few shows nothing."""
    columns: dict[Measure, dict[str, Number]] = {measure: {} for measure in measures}
    for total_of, group in _groups(values).items():
        for measure in measures:
            total = totals[total_of].get(measure, ZERO)
            columns[measure] |= _shown(cells.get(measure, {}), group, disjoint, all_hidden=total.is_hidden)
    return [
        Row(label, url, [columns[measure].get(value, ZERO) for measure in measures])
        for value, label, url in values
        if any(value in column for column in columns.values())
    ]


def _groups(values: Sequence[tuple[str, str, str]]) -> dict[str, list[str]]:
    """The values that add up to a total of their own: classes to that of their kind, all others to the year's."""
    groups: dict[str, list[str]] = {}
    for value, _label, _url in values:
        kind, is_class, _code = value.partition(":")
        groups.setdefault(kind if is_class else "", []).append(value)
    return groups


def _shown(
    cells: Mapping[str, Cell], values: Iterable[str], disjoint: bool, *, all_hidden: bool = False
) -> dict[str, Number]:
    """A column's numbers by value. Classes have those of the level below beside them, which are no part of the column."""
    column = {value: cells[value] for value in values if value in cells}
    kept = frozenset(column) if all_hidden else hidden(column, disjoint=disjoint)
    return {
        value: Number(0, NOTHING, is_hidden=True, is_small=cell.institutions < LEAST)
        if value in kept
        else Number(cell.count, cell.amount)
        for value, cell in column.items()
    }


def _first_instruments(year: int) -> list[Row]:
    cells = _first(year, Dimension.OFFER, value__startswith=f"{ServiceKind.INSTRUMENT.value}:")
    keys = {int(cell.value.partition(":")[2]): cell for cell in cells}
    public = dict(Instrument.objects.public().filter(pk__in=keys).order_by().values_list("pk", "name"))
    shown = [
        (public[pk], "catalogue:instrument_detail", pk, cell) for pk, cell in keys.items() if pk in public
    ]
    return _ranked(year, Dimension.OFFER, shown[:FIRST])


def _first_providers(year: int) -> list[Row]:
    cells = _first(year, Dimension.PROVIDER)
    keys = {int(cell.value): cell for cell in cells}
    public = dict(Provider.objects.public().filter(pk__in=keys).order_by().values_list("pk", "name"))
    shown = [(public[pk], "catalogue:provider_detail", pk, cell) for pk, cell in keys.items() if pk in public]
    return _ranked(year, Dimension.PROVIDER, shown[:FIRST])


def _first(year: int, dimension: Dimension, **conditions: Any) -> list[Cell]:
    """Those with most orders, from ``LEAST`` consumers at least."""
    cells = Cell.objects.filter(
        year=year, dimension=dimension, measure=Measure.ORDERED, institutions__gte=LEAST, **conditions
    )
    return list(cells.order_by("-count", "pk")[:CANDIDATES])


def _ranked(year: int, dimension: Dimension, shown: Sequence[tuple[str, str, int, Cell]]) -> list[Row]:
    completed = {
        cell.value: cell
        for cell in Cell.objects.filter(
            year=year,
            dimension=dimension,
            measure=Measure.COMPLETED,
            value__in=[cell.value for _name, _url, _pk, cell in shown],
        )
    }
    rows = []
    for name, url, pk, cell in shown:
        done = completed.get(cell.value)
        few = done is not None and done.institutions < LEAST
        numbers = [
            Number(cell.count, cell.amount),
            Number(0, NOTHING, is_hidden=True, is_small=True) if few
            else Number(done.count, done.amount) if done
            else ZERO,
        ]  # fmt: skip
        rows.append(Row(name, reverse(url, args=[pk]), numbers))
    return rows
