"""What a provider has promised, by day: time on its instruments, and results to deliver."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from institutions.models import Provider
from orders.calendar import Span, moment_of
from orders.models import Booking, Order
from orders.statuses import HOLDING, RUNNING_ORDERS, BookingStatus, OrderStatus

# Of each kind; a provider with more sees the nearest.
MOST_ENTRIES = 2_000
# Still to be delivered.
UNDELIVERED = RUNNING_ORDERS - {OrderStatus.DELIVERED}


@dataclass(frozen=True)
class Entry:
    """One line of the calendar: time on an instrument where there is a ``slot``, else a delivery due that day."""

    day: datetime.date
    deal: Booking | Order
    slot: Span | None = None

    @property
    def sorting(self) -> tuple[datetime.date, datetime.datetime]:
        return self.day, self.slot.start if self.slot else moment_of(self.day, datetime.time.max)


def agenda(provider: Provider, first: datetime.date, last: datetime.date) -> list[Entry]:
    """From the one day to the other, both in it, earliest first. Three queries."""
    midnight = datetime.time()
    within = Span(moment_of(first, midnight), moment_of(last + datetime.timedelta(days=1), midnight))
    bookings = Booking.objects.filter(provider=provider).select_related("consumer")
    held = bookings.filter(status__in=HOLDING, starts_at__lt=within.end, ends_at__gt=within.start)
    entries = [_slot_of(booking) for booking in held.order_by("starts_at")[:MOST_ENTRIES]]
    promised = bookings.filter(
        status=BookingStatus.ACCEPTED, accepted_delivery_on__gte=first, accepted_delivery_on__lte=last
    )
    for booking in promised.order_by("accepted_delivery_on")[:MOST_ENTRIES]:
        assert booking.accepted_delivery_on is not None  # noqa: S101 - asked for
        entries.append(Entry(booking.accepted_delivery_on, booking))
    orders = Order.objects.filter(
        provider=provider,
        is_direct=False,
        status__in=UNDELIVERED,
        delivery_on__gte=first,
        delivery_on__lte=last,
    )
    due = orders.select_related("consumer").order_by("delivery_on")[:MOST_ENTRIES]
    entries += [Entry(order.delivery_on, order) for order in due]
    return sorted(entries, key=lambda entry: entry.sorting)


def _slot_of(booking: Booking) -> Entry:
    assert booking.starts_at is not None  # noqa: S101 - it holds time
    assert booking.ends_at is not None  # noqa: S101 - with its start
    slot = Span(booking.starts_at, booking.ends_at)
    return Entry(timezone.localdate(slot.start), booking, slot)
