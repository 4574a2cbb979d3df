"""Figures of the orders placed in a calendar year. Amounts in yuan.

One query counts them by month, kind, state and way of ordering; every number and sum is drawn from it. Those by month, by kind
and of 补录 leave out orders that came to nothing (``VOID_ORDERS``); those by state have all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.db.models import (
    Avg,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce, ExtractMonth, Least, Now
from django.utils import timezone

from accounts.money import percent
from institutions.models import Provider
from orders.models import Booking, BookingMessage, Order
from orders.statuses import VOID_ORDERS, BookingStatus, OrderStatus, Party, ServiceKind

TENTH = Decimal("0.1")
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Cell:
    """The orders of one month, kind, state and way of ordering; ``disputed`` of them were ever 有异议."""

    month: int
    kind: str
    status: str
    is_direct: bool
    count: int
    amount: Decimal
    disputed: int


@dataclass(frozen=True)
class Row:
    """``share_percent`` is its number's share of the table's. ``direct_count`` and ``direct_amount`` are what of it is 补录."""

    label: str
    count: int
    amount: Decimal
    share_percent: Decimal
    direct_count: int
    direct_amount: Decimal


@dataclass(frozen=True)
class Disputes:
    """``count`` orders were ever 有异议, ``share_percent`` of all; ``now`` says in which state so many of them are."""

    count: int
    share_percent: Decimal
    now: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Pace:
    """The mean of ``count``, in days with one decimal, half up; None of nothing."""

    count: int
    days: Decimal | None


@dataclass(frozen=True)
class Figures:
    total: Row
    months: Sequence[Row]
    kinds: Sequence[Row]
    statuses: Sequence[Row]
    direct_count_percent: Decimal
    direct_amount_percent: Decimal
    disputes: Disputes


def years() -> list[int]:
    """From this year back to that of the first order."""
    return years_of(Order, "created_at")


def years_of(model: type[models.Model], column: str) -> list[int]:
    """From this year back to that of the first row, by its key."""
    first = model._default_manager.order_by("pk").values_list(column, flat=True).first()
    this_year = timezone.localdate().year
    return list(range(this_year, (timezone.localtime(first).year if first else this_year) - 1, -1))


def figures(year: int) -> Figures:
    cells = _cells(year)
    alive = [cell for cell in cells if cell.status not in VOID_ORDERS]
    months = [(number, str(number)) for number in range(1, 13)]
    total = _row("", alive, sum(cell.count for cell in alive))
    return Figures(
        total=total,
        months=_table(alive, months, lambda cell: cell.month),
        kinds=_table(alive, ServiceKind.choices, lambda cell: cell.kind),
        statuses=_table(cells, OrderStatus.choices, lambda cell: cell.status),
        direct_count_percent=percent(total.direct_count, total.count),
        direct_amount_percent=percent(total.direct_amount, total.amount),
        disputes=_disputes(cells),
    )


def first_answers(year: int, *, provider: Provider | None = None) -> Pace:
    """From a booking of the year, of one provider or of all, to what its provider first did: wrote, accepted or refused.

    Refusing ends it: its last change.
    """
    written = (
        BookingMessage.objects.filter(booking=OuterRef("pk"), party=Party.PROVIDER)
        .order_by("pk")
        .values("at")[:1]
    )
    refused = Case(When(status=BookingStatus.REFUSED, then=F("updated_at")))
    moments = [F("written_at"), F("accepted_at"), F("refused_at")]
    bookings = Booking.objects.filter(created_at__year=year)
    if provider is not None:
        bookings = bookings.filter(provider=provider)
    return _pace(
        bookings.annotate(written_at=Subquery(written), refused_at=refused).filter(
            Q(written_at__isnull=False) | Q(accepted_at__isnull=False) | Q(refused_at__isnull=False)
        ),
        # of nothing and something SQLite's least is nothing
        Least(*(Coalesce(moment, Now()) for moment in moments)) - F("created_at"),
    )


def completions(year: int) -> Pace:
    """From a booking to the consumer's 确认完成 of its order, of orders placed in the year; 补录 has no booking."""
    completed = Order.objects.filter(created_at__year=year, status=OrderStatus.COMPLETED, is_direct=False)
    return _pace(completed, F("completed_at") - F("booking__created_at"))


def _cells(year: int) -> list[Cell]:
    rows = (
        Order.objects.filter(created_at__year=year)
        .order_by()
        .annotate(month=ExtractMonth("created_at"))
        .values_list("month", "kind", "status", "is_direct")
        .annotate(
            number=Count("pk"), sum=Sum("total_amount"), disputed=Count("pk", filter=~Q(dispute_reason=""))
        )
    )
    return [Cell(*row) for row in rows]


def _table(
    cells: Sequence[Cell], values: Iterable[tuple[Any, Any]], value_of: Callable[[Cell], Any]
) -> list[Row]:
    whole = sum(cell.count for cell in cells)
    return [
        _row(str(label), [cell for cell in cells if value_of(cell) == value], whole)
        for value, label in values
    ]


def _row(label: str, cells: Sequence[Cell], whole: int) -> Row:
    direct = [cell for cell in cells if cell.is_direct]
    count = sum(cell.count for cell in cells)
    return Row(
        label=label,
        count=count,
        amount=_sum(cells),
        share_percent=percent(count, whole),
        direct_count=sum(cell.count for cell in direct),
        direct_amount=_sum(direct),
    )


def _disputes(cells: Sequence[Cell]) -> Disputes:
    by_status = [
        (str(label), sum(cell.disputed for cell in cells if cell.status == status))
        for status, label in OrderStatus.choices
    ]
    count = sum(number for _label, number in by_status)
    return Disputes(
        count=count,
        share_percent=percent(count, sum(cell.count for cell in cells)),
        now=[(label, number) for label, number in by_status if number],
    )


def _sum(cells: Iterable[Cell]) -> Decimal:
    return sum((cell.amount for cell in cells), Decimal("0.00"))


def _pace(rows: Any, duration: Any) -> Pace:
    took = ExpressionWrapper(duration, output_field=DurationField())
    found = rows.order_by().aggregate(count=Count("pk"), mean=Avg(took))
    if found["mean"] is None:
        return Pace(0, None)
    days = Decimal(found["mean"].total_seconds()) / SECONDS_A_DAY
    return Pace(found["count"], days.quantize(TENTH, ROUND_HALF_UP))
