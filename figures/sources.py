"""What happened, read from where it is kept: applications, the ledger, orders. The only place that knows these tables.

Every event has a consumer, a day in the site's time zone, a count of one and an amount of yuan in fen. Sources are read for a
few hundred consumers at a time.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from figures.measures import BOOKED, DIRECT, Measure
from orders.models import Order
from orders.statuses import VOID_ORDERS
from vouchers.models import LedgerEntry
from vouchers.models.applications import VoucherApplication
from vouchers.statuses import LedgerKind
from workflow.statuses import SubmissionStatus

# Entries that are counted one by one.
SINGLE = {
    LedgerKind.GRANT: Measure.GRANTED,
    LedgerKind.RETURN: Measure.RETURNED,
    LedgerKind.EXPIRE: Measure.EXPIRED,
}
# Entries that are summed for each order: what they add to which measure.
OF_ORDERS = {
    LedgerKind.RESERVE: (Measure.CLAIMED, 1),
    LedgerKind.RELEASE: (Measure.CLAIMED, -1),
    LedgerKind.REDEEM: (Measure.REDEEMED, 1),
    LedgerKind.CLAW_BACK: (Measure.CLAWED_BACK, 1),
}


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What an order is told apart by."""

    provider_id: int
    kind: str
    offer: str
    class_code: str
    is_direct: bool

    @property
    def way(self) -> str:
        return DIRECT if self.is_direct else BOOKED


@dataclass(frozen=True, slots=True)
class Event:
    consumer_id: int
    on: datetime.date
    measure: Measure
    fen: int
    order: OrderFacts | None = None


def events(consumer_ids: Sequence[int]) -> Iterator[Event]:
    orders: dict[str, OrderFacts] = {}
    yield from _applications(consumer_ids)
    yield from _orders(consumer_ids, orders)
    yield from _money(consumer_ids, orders)


def _applications(consumer_ids: Sequence[int]) -> Iterator[Event]:
    """Those that are or were before the reviewers. A withdrawn one counts again when it is submitted again, on that day."""
    rows = (
        VoucherApplication.objects.filter(consumer_id__in=consumer_ids, submitted_at__isnull=False)
        .exclude(status=SubmissionStatus.DRAFT)
        .order_by()
        .values_list("consumer_id", "submitted_at", "applied_amount")
    )
    for consumer_id, at, amount in rows:
        yield Event(consumer_id, _day(at), Measure.APPLIED, _fen(amount or Decimal(0)))


def _orders(consumer_ids: Sequence[int], known: dict[str, OrderFacts]) -> Iterator[Event]:
    rows = (
        Order.objects.filter(consumer_id__in=consumer_ids)
        .order_by()
        .values_list(
            "consumer_id",
            "number",
            "provider_id",
            "kind",
            Coalesce("instrument_id", "testing_service_id", "lab_service_id"),
            Coalesce("instrument__instrument_class", "testing_service__field", "lab_service__field"),
            "is_direct",
            "status",
            "created_at",
            "completed_at",
            "evaluation__at",
            "total_amount",
        )
    )
    for consumer_id, number, provider_id, kind, offer_id, code, is_direct, status, *moments, amount in rows:
        facts = OrderFacts(provider_id, kind, f"{kind}:{offer_id}", code or "", is_direct)
        known[number] = facts
        if status in VOID_ORDERS:
            continue
        ordered, completed, evaluated = moments
        fen = _fen(amount)
        yield Event(consumer_id, _day(ordered), Measure.ORDERED, fen, facts)
        if completed:
            yield Event(consumer_id, _day(completed), Measure.COMPLETED, fen, facts)
        if evaluated:
            yield Event(consumer_id, _day(evaluated), Measure.EVALUATED, fen, facts)


def _money(consumer_ids: Sequence[int], orders: dict[str, OrderFacts]) -> Iterator[Event]:
    """Grants, returns and expiries one by one; what was claimed, paid and taken back once for each order, on its first day.

    An order paid from two vouchers counts once. What was reserved and released again counts no more.
    """
    rows = (
        LedgerEntry.objects.filter(voucher__consumer_id__in=consumer_ids)
        .order_by("pk")
        .values_list("voucher__consumer_id", "at", "kind", "amount", "order_number")
    )
    sums: dict[tuple[int, Measure, str], list[Any]] = {}
    for consumer_id, at, name, amount, number in rows:
        kind = LedgerKind(name)
        if kind in SINGLE:
            yield Event(consumer_id, _day(at), SINGLE[kind], _fen(amount))
        elif kind in OF_ORDERS:
            measure, sign = OF_ORDERS[kind]
            found = sums.setdefault((consumer_id, measure, number), [_day(at), 0])
            found[1] += sign * _fen(amount)
    for (consumer_id, measure, number), (day, fen) in sums.items():
        if fen > 0:
            yield Event(consumer_id, day, measure, fen, orders.get(number))


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()


def _fen(amount: Decimal) -> int:
    return int(amount * 100)


def all_consumers() -> list[int]:
    """Those of whom anything may be counted, by key."""
    found: set[int] = set()
    sources: Iterable[Any] = (
        Order.objects.values_list("consumer_id", flat=True),
        LedgerEntry.objects.filter(voucher__isnull=False).values_list("voucher__consumer_id", flat=True),
        VoucherApplication.objects.values_list("consumer_id", flat=True),
    )
    for rows in sources:
        found.update(rows.order_by().distinct())
    return sorted(found)
