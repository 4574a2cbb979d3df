"""How bookings and orders are printed, and the buttons that lead to them from the public pages."""

import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Instrument, PriceUnit
from orders.calendar import Span
from orders.differences import shown_quantity
from orders.models import Booking, Deal, Offer, kind_of
from orders.obstacles import takes_bookings
from orders.statuses import TONES, Party, ServiceKind
from orders.timetable import WEEKS, public_weeks_of, shown_week
from programme.selectors import direct_orders_are_on

register = template.Library()


@register.inclusion_tag("orders/bookings/buttons.html")
def offer_buttons(offer: Offer) -> dict[str, Any]:
    """立即预约, and 立即下单 while the programme's switch is on; nothing for what is not shared with others."""
    if not takes_bookings(offer):
        return {}
    direct = reverse("orders:direct", args=[kind_of(offer), offer.pk]) if direct_orders_are_on() else ""
    return {"book_url": booking_address(offer), "direct_url": direct}


@register.inclusion_tag("orders/bookings/free_times.html", takes_context=True)
def free_times_of(context: Any, instrument: Instrument) -> dict[str, Any]:
    """When an instrument that is booked by the hour is free, for everybody: of what is taken no more than that it is. By ``?week=``."""
    if not takes_bookings(instrument):
        return {}
    request = context["request"]
    week = shown_week(request.GET.get("week"))
    place = WEEKS.index(week)
    return {
        "request": request,
        "weeks": public_weeks_of(instrument, week=week),
        "earlier": WEEKS[place - 1] if place else None,
        "later": WEEKS[place + 1] if place + 1 < len(WEEKS) else None,
    }


@register.simple_tag
def booking_address(offer: Offer) -> str:
    return reverse("bookings:new", args=[kind_of(offer), offer.pk])


@register.filter
def clock(span: Span) -> str:
    """A stretch of time under its day: 08:00–12:00, until 24:00 where it ends at midnight; in full where it goes on longer."""
    start, end = timezone.localtime(span.start), timezone.localtime(span.end)
    days = (end.date() - start.date()).days
    if days == 1 and end.time() == datetime.time():
        return f"{start:%H:%M}–24:00"
    return str(span) if days else f"{start:%H:%M}–{end:%H:%M}"


@register.filter
def quantity(number: Decimal) -> str:
    """As ``differences.shown_quantity``."""
    return shown_quantity(number)


@register.filter
def deal_kind(deal: Deal) -> str:
    """As ``get_kind_display``, which takes a third of a millisecond: it hashes each translated label. A list prints twenty."""
    return str(ServiceKind(deal.kind).label)


@register.filter
def unit_label(booking: Booking) -> str:
    """As ``get_unit_display``, for the same reason."""
    return str(PriceUnit(booking.unit).label)


@register.filter
def label_for(deal: Deal, party: Party) -> str:
    """The state in that side's words."""
    return deal.label_for(party)


@register.filter
def tone(deal: Deal) -> str:
    """The colour of the state's badge."""
    return TONES[deal.status]


@register.filter
def slot(booking: Booking) -> str:
    """When it holds the instrument, or wishes to."""
    return str(Span(booking.starts_at, booking.ends_at)) if booking.starts_at and booking.ends_at else ""
