"""Which private files the two sides of a booking or an order read besides their own."""

from typing import Any

from django.db.models import Q

from orders.models import Booking, BookingFile, Invoice, Order, OrderDocument


def files_of(user: Any) -> Q:
    """Those that hang on a booking or an order of the account's institution, also where they were replaced since."""
    bookings, orders = (model.objects.visible_to(user).values("pk") for model in (Booking, Order))
    return (
        Q(pk__in=BookingFile.objects.filter(booking__in=bookings).values("file"))
        | Q(pk__in=OrderDocument.objects.filter(order__in=orders).values("file"))
        | Q(pk__in=Invoice.objects.filter(order__in=orders).values("file"))
    )
