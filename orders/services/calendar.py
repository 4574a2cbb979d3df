"""A provider keeps the hours of its instruments, the times they are closed, and the address of its calendar.

Visitors read when an instrument is free: whatever changes that says so (``public_changed``).
"""

import hashlib
import secrets
from collections.abc import Sequence
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.public_version import public_changed
from catalogue.models import Instrument
from institutions.models import Provider
from orders import permissions
from orders.calendar import Span
from orders.exceptions import OrderError
from orders.models import Booking, CalendarFeed, Closure, OpeningHours
from orders.statuses import HOLDING


def set_opening_hours(*, instrument: Instrument, hours: Sequence[OpeningHours], actor: User) -> None:
    """Put these in place of all there were. None: the instrument is booked by date again. What is accepted stays."""
    with transaction.atomic():
        _own(instrument, actor)
        ordered = sorted(hours, key=lambda one: (one.weekday, one.opens))
        for one in ordered:
            require(
                one.opens < one.closes,
                OrderError(_("%(day)s的结束时间应晚于开始时间。") % {"day": one.get_weekday_display()}),
            )
        for earlier, later in pairwise(ordered):
            require(
                earlier.weekday != later.weekday or earlier.closes <= later.opens,
                OrderError(_("%(day)s的两段开放时间重叠，请修改。") % {"day": later.get_weekday_display()}),
            )
        OpeningHours.objects.filter(instrument=instrument).delete()
        for one in ordered:
            one.instrument = instrument
        OpeningHours.objects.bulk_create(ordered)
        public_changed()


def close_instrument(*, instrument: Instrument, span: Span, reason: str, actor: User) -> Closure:
    """Take a time out of the calendar. Refused where a booking is accepted for it: that is cancelled first."""
    require(bool(reason.strip()), OrderError(_("请填写停用原因，如：维护保养。")))
    require(span.end > timezone.now(), OrderError(_("停用时间已过，请核对日期。")))
    require(span.end > span.start, OrderError(_("结束时间应晚于开始时间。")))
    with transaction.atomic():
        _own(instrument, actor)
        held = Booking.objects.filter(
            instrument=instrument, status__in=HOLDING, starts_at__lt=span.end, ends_at__gt=span.start
        ).first()
        require(
            held is None,
            OrderError(_("这段时间已接受预约 %s，请先与用券机构商定，取消该预约后再停用。") % held),
        )
        public_changed()
        return Closure.objects.create(
            instrument=instrument, starts_at=span.start, ends_at=span.end, reason=reason.strip()
        )


def reopen_instrument(*, closure: Closure, actor: User) -> None:
    with transaction.atomic():
        _own(closure.instrument, actor)
        closure.delete()
        public_changed()


def renew_feed(*, provider: Provider, actor: User) -> str:
    """A new address for the provider's calendar; the one before stops working. Returns the key, which is kept nowhere."""
    require(permissions.keeps(actor, provider), OrderError(_("只能生成本机构的日历订阅地址。")))
    key = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(provider=provider, defaults={"key_hash": key_hash(key)})
    return key


def key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _own(instrument: Instrument, actor: User) -> None:
    """Locks the instrument's row: whoever takes time of it waits here. Raises OrderError where it is another's."""
    row = (
        Instrument.objects.select_for_update(no_key=True, of=("self",))
        .select_related("provider")
        .get(pk=instrument.pk)
    )
    require(permissions.keeps(actor, row.provider), OrderError(_("只能设置本机构仪器的开放时间。")))
