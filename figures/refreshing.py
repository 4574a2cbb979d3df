"""Keeping the summary: what each changed consumer adds is computed anew, and the difference goes into the cells.

Computed from what is stored, never from what was counted before: to repeat it, to interrupt it between two groups of consumers,
and to run it twice at once all end in the same cells, which are those of a rebuild.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.public_version import public_changed
from catalogue.models.classification import ancestor_codes
from figures.changes import changed_consumers
from figures.measures import Dimension
from figures.models import Cell, ConsumerYear, Progress
from figures.sources import Event, all_consumers, events
from institutions.models import Consumer, ConsumerType

# No transaction of the site is open for so long: an entry of the trail dated before the last refresh may come to be seen after it.
OVERLAP = datetime.timedelta(hours=1)
AT_ONCE = 200
BATCH = 2_000

# (year, "measure|dimension|value") -> [count, fen]
Added = dict[tuple[int, str], list[int]]
# the same -> [count, fen, institutions]
Changes = defaultdict[tuple[int, str], list[int]]


@dataclass(frozen=True)
class Refreshed:
    consumers: int
    cells: int


def refresh(*, at_once: int = AT_ONCE) -> Refreshed:
    """Count what is new in the audit trail since the last time, ``at_once`` consumers to a transaction."""
    started = timezone.now()
    with transaction.atomic():
        since = _locked().seen_until
    if since is None:
        return rebuild()
    consumer_ids, cells = changed_consumers(since - OVERLAP), 0
    for group in _groups(consumer_ids, at_once):
        with transaction.atomic():
            _locked()
            cells += _write(_replace(group))
    with transaction.atomic():
        _finish(started)
    return Refreshed(len(consumer_ids), cells)


def rebuild() -> Refreshed:
    """Count everything from the beginning, in one transaction: pages show what there was until it ends."""
    started = timezone.now()
    with transaction.atomic():
        _locked()
        Cell.objects.all().delete()
        ConsumerYear.objects.all().delete()
        consumer_ids, changes = all_consumers(), _no_changes()
        for group in _groups(consumer_ids, AT_ONCE):
            _replace(group, changes)
        cells = _write(changes)
        public_changed()
        _finish(started)
    return Refreshed(len(consumer_ids), cells)


def _locked() -> Progress:
    """The row of progress, until the transaction ends; made where there is none."""
    Progress.objects.bulk_create([Progress(pk=Progress.ONE)], ignore_conflicts=True)
    return Progress.objects.select_for_update().get(pk=Progress.ONE)


def _finish(started: datetime.datetime) -> None:
    """Progress only goes forward: of two at once, the later one may have finished first."""
    progress = _locked()
    if progress.seen_until is None or progress.seen_until < started:
        progress.seen_until = started
    progress.refreshed_at = timezone.now()
    progress.save()


def _groups(consumer_ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(consumer_ids), size):
        yield consumer_ids[start : start + size]


def _no_changes() -> Changes:
    return defaultdict(lambda: [0, 0, 0])


def _replace(consumer_ids: Sequence[int], changes: Changes | None = None) -> Changes:
    """Store what these consumers add now in place of what they added; returns what that changes in the cells."""
    changes = _no_changes() if changes is None else changes
    stored = {
        (row.consumer_id, row.year): row
        for row in ConsumerYear.objects.filter(consumer_id__in=consumer_ids).order_by()
    }
    added = contributions(consumer_ids)
    new, kept = [], []
    for place in sorted(stored.keys() | added.keys()):
        row, after = stored.get(place), added.get(place, {})
        before = row.added if row else {}
        if before == after:
            continue
        _note(changes, place[1], before, after)
        if row is None:
            new.append(ConsumerYear(consumer_id=place[0], year=place[1], added=after))
        else:
            row.added = after
            kept.append(row)
    ConsumerYear.objects.bulk_create(new, batch_size=BATCH)
    ConsumerYear.objects.bulk_update(kept, ["added"], batch_size=AT_ONCE)
    return changes


def _note(changes: Changes, year: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for name in before.keys() | after.keys():
        was, becomes = before.get(name, (0, 0)), after.get(name, (0, 0))
        change = changes[year, name]
        change[0] += becomes[0] - was[0]
        change[1] += becomes[1] - was[1]
        change[2] += (name in after) - (name in before)


def _write(changes: Changes) -> int:
    """Add the changes to the cells; cells that nobody adds to any more go. Returns how many it wrote."""
    real = {place: change for place, change in changes.items() if any(change)}
    if not real:
        return 0
    stored = _cells_of(real)
    Cell.objects.filter(pk__in=[cell.pk for cell in stored.values()]).delete()
    cells = []
    for (year, name), (count, fen, institutions) in real.items():
        measure, dimension, value = name.split("|")
        old = stored.get((year, name)) or Cell(count=0, amount=Decimal(0), institutions=0)
        cell = Cell(
            year=year,
            measure=measure,
            dimension=dimension,
            value=value,
            count=old.count + count,
            amount=old.amount + Decimal(fen) / 100,
            institutions=old.institutions + institutions,
        )
        if cell.institutions:
            cells.append(cell)
    Cell.objects.bulk_create(cells, batch_size=BATCH)
    public_changed()
    return len(real)


def _cells_of(places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Cell]:
    wanted = set(places)
    values: dict[tuple[int, str], set[str]] = {}
    for year, name in wanted:
        _measure, dimension, value = name.split("|")
        values.setdefault((year, dimension), set()).add(value)
    found = {}
    for (year, dimension), ones in values.items():
        for start in range(0, len(ones), AT_ONCE):
            some = sorted(ones)[start : start + AT_ONCE]
            for cell in Cell.objects.filter(year=year, dimension=dimension, value__in=some):
                place = (year, f"{cell.measure}|{dimension}|{cell.value}")
                if place in wanted:
                    found[place] = cell
    return found


def contributions(consumer_ids: Sequence[int]) -> dict[tuple[int, int], dict[str, list[int]]]:
    """What each of these consumers adds in each year, by what it and its orders are now."""
    consumers = {one.pk: _traits(one) for one in Consumer.objects.filter(pk__in=consumer_ids).only(*TRAITS)}
    found: dict[tuple[int, int], dict[str, list[int]]] = {}
    for event in events(consumer_ids):
        added = found.setdefault((event.consumer_id, event.on.year), {})
        for dimension, value in (*consumers[event.consumer_id], *_places(event)):
            number = added.setdefault(f"{event.measure}|{dimension}|{value}", [0, 0])
            number[0] += 1
            number[1] += event.fen
    return found


TRAITS = ("city", "consumer_type", "industry", "staff_count", "revenue_amount", "assets_amount")
Place = tuple[Dimension, str]


def _traits(consumer: Consumer) -> list[Place]:
    """Its place in the dimensions of consumers. Only enterprises have a class by size; the others have their type."""
    size = consumer.size.size
    is_sme = consumer.consumer_type == ConsumerType.SME
    return [
        (Dimension.WHOLE, ""),
        (Dimension.CITY, consumer.city),
        (Dimension.SIZE, (size.value if size else "") if is_sme else consumer.consumer_type),
        (Dimension.INDUSTRY, consumer.industry),
    ]


def _places(event: Event) -> Iterator[Place]:
    yield Dimension.MONTH, f"{event.on.month:02}"
    if event.order is not None:
        order = event.order
        yield Dimension.KIND, order.kind
        yield Dimension.PROVIDER, str(order.provider_id)
        yield Dimension.OFFER, order.offer
        yield Dimension.WAY, order.way
        for code in ancestor_codes(order.class_code)[:2]:
            yield Dimension.CLASS, f"{order.kind}:{code}"
