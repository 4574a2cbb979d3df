"""A provider's calendar as calendar programmes read it (RFC 5545). No person, no telephone number, no free text of either side."""

import datetime
import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.addresses import absolute
from institutions.models import Provider
from orders.agenda import Entry, agenda
from orders.models import CalendarFeed
from orders.services.calendar import key_hash

DAYS_BACK, DAYS_AHEAD = 30, 366
# The library escapes what has a meaning in a calendar; these have none in any.
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def provider_of_feed(key: str) -> Provider | None:
    """Whose calendar that key opens; nobody's where it was renewed, or the account is closed."""
    feeds = CalendarFeed.objects.select_related("provider").filter(
        key_hash=key_hash(key), provider__account__is_active=True
    )
    feed = feeds.first()
    return feed.provider if feed else None


def calendar_of(provider: Provider) -> bytes:
    today = timezone.localdate()
    entries = agenda(
        provider,
        today - datetime.timedelta(days=DAYS_BACK),
        today + datetime.timedelta(days=DAYS_AHEAD),
    )
    calendar = Calendar()
    calendar.add("prodid", "-//Innovation vouchers//Bookings//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _plain(_("%s 的预约") % provider))
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    deal, slot = entry.deal, entry.slot
    event = Event()
    start: Any = slot.start.astimezone(datetime.UTC) if slot else entry.day
    end: Any = slot.end.astimezone(datetime.UTC) if slot else entry.day + datetime.timedelta(days=1)
    heading = _("上机") if slot else _("交付")
    event.add("uid", f"{deal.number}-{'slot' if slot else 'delivery'}@{_host()}")
    event.add("dtstamp", deal.updated_at.astimezone(datetime.UTC))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", _plain(f"{heading}：{deal.offer_name}（{deal.consumer}）"))
    event.add("description", _plain(f"{deal._meta.verbose_name} {deal.number}"))
    event.add("url", absolute(deal.get_centre_url()))
    event.add("transp", "OPAQUE" if slot else "TRANSPARENT")
    return event


def _plain(text: Any) -> str:
    return CONTROL.sub(" ", str(text))


def _host() -> str:
    return absolute("/").split("/")[2]
