"""What waits for an account: bookings and orders by state, counted."""

from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from orders.models import Booking, Order
from orders.statuses import AWAITED, BookingStatus, OrderStatus, Party


@dataclass(frozen=True)
class Waiting:
    """So many in a state in which this account's side has to act."""

    status: BookingStatus | OrderStatus
    count: int


def waiting_for(account: User) -> list[Waiting]:
    """In the order of ``AWAITED``; two queries."""
    party = Party.PROVIDER if account.is_provider else Party.CONSUMER
    counts: dict[str, dict[str, int]] = {}
    for model, statuses in ((Booking, BookingStatus), (Order, OrderStatus)):
        mine = [status for status in statuses if AWAITED.get(status) == party]
        found = model.objects.visible_to(account).filter(status__in=mine).order_by()
        counts[statuses.__name__] = dict(found.values_list("status").annotate(Count("pk")))
    return [
        Waiting(status, number)
        for status, who in AWAITED.items()
        if who == party and (number := counts[type(status).__name__].get(status, 0))
    ]
