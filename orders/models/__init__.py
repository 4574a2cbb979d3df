"""Bookings, orders, and what belongs to them."""

from orders.models.base import OFFER_FIELDS, OFFER_MODELS, Deal, Offer, kind_of, line_amount
from orders.models.bookings import Booking, BookingFile, BookingMessage
from orders.models.calendar import CalendarFeed, Closure, OpeningHours, Weekday
from orders.models.documents import DocumentKind, Invoice, OrderDocument
from orders.models.evaluations import STARS, Evaluation
from orders.models.orders import Order, OrderItem

__all__ = [
    "OFFER_FIELDS",
    "OFFER_MODELS",
    "STARS",
    "Booking",
    "BookingFile",
    "BookingMessage",
    "CalendarFeed",
    "Closure",
    "Deal",
    "DocumentKind",
    "Evaluation",
    "Invoice",
    "Offer",
    "OpeningHours",
    "Order",
    "OrderDocument",
    "OrderItem",
    "Weekday",
    "kind_of",
    "line_amount",
]
