"""What consumers and providers do with bookings.

Lock order: the instrument, where time of it is taken, then the booking, then its order. Every verb raises OrderError with a
sentence and then has changed nothing.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from catalogue.models import Instrument
from files.models import PrivateFile
from institutions.services import consumer_of
from orders.calendar import Span, slot_problem
from orders.exceptions import OrderError, SlotTaken
from orders.models import Booking, BookingFile, BookingMessage, line_amount
from orders.models.base import MOST_AMOUNT, MOST_QUANTITY
from orders.moves import acting, move, named, other, required_reason, tell
from orders.numbers import BOOKING_PREFIX, new_number
from orders.obstacles import DECLARED, declaration_problems, obstacles_to_book
from orders.statuses import BookingStatus, Party
from workflow.audit import record_step
from workflow.statuses import Action

# A booking that becomes no order expires: this long after the wished day, and after it was accepted.
EXPIRES_AFTER_WISH_DAYS = 14
EXPIRES_AFTER_ACCEPTANCE_DAYS = 30
MOST_DAYS_AHEAD = 366


def book(
    *,
    booking: Booking,
    actor: User,
    is_compulsory: bool,
    is_related: bool,
    files: Sequence[PrivateFile] = (),
) -> Booking:
    """立即预约: send what the consumer asks of the provider. ``booking`` has its offer and fields, and is not stored yet."""
    problems = [
        *obstacles_to_book(actor, booking.offer),
        *declaration_problems(is_compulsory=is_compulsory, is_related=is_related),
        *wish_problems(booking),
    ]
    require(not problems, OrderError("".join(problems)))
    _require_own(actor, files)
    with transaction.atomic():
        now = timezone.now()
        booking.consumer, booking.provider = consumer_of(actor), booking.offer.provider
        booking.number = new_number(BOOKING_PREFIX)
        booking.waiting_since = now
        latest = max(booking.wished_on, timezone.localdate(now))
        booking.expires_on = latest + datetime.timedelta(days=EXPIRES_AFTER_WISH_DAYS)
        booking.save(force_insert=True)
        _attach(booking, files)
        record_step(record=booking, actor=actor, action=Action.BOOK, reason=str(DECLARED))
        tell(
            booking,
            Party.PROVIDER,
            _("收到新的预约：%s") % booking.offer_name,
            _("%(consumer)s 期望 %(day)s 前完成。请在两个工作日内答复。")
            % {"consumer": booking.consumer, "day": booking.wished_on},
        )
    return booking


def wish_problems(booking: Booking) -> list[str]:
    """What is wrong with the wished day and time; empty where nothing is."""
    problems = list(filter(None, [wished_day_problem(booking.wished_on)]))
    if booking.quantity <= 0:
        problems.append(_("数量应大于 0，请核对。"))
    if (booking.starts_at is None) != (booking.ends_at is None):
        problems.append(_("请同时填写上机的开始时间和结束时间。"))
    if slot := slot_of(booking):
        problems += filter(None, [_slot_problem(booking, slot)])
    return problems


def wished_day_problem(day: datetime.date) -> str:
    today = timezone.localdate()
    if day < today:
        return _("期望完成日期已过，请选择今天或以后的日期。")
    if day > today + datetime.timedelta(days=MOST_DAYS_AHEAD):
        return _("期望完成日期请选在一年以内。")
    return ""


def _slot_problem(booking: Booking, slot: Span) -> str:
    if booking.instrument is None:
        return _("只有仪器按时间预约，请不要填写上机时间。")
    return slot_problem(booking.instrument, slot, besides=booking)


def slot_of(booking: Booking) -> Span | None:
    if booking.starts_at is None or booking.ends_at is None:
        return None
    return Span(booking.starts_at, booking.ends_at)


def reply(*, booking: Booking, actor: User, text: str, files: Sequence[PrivateFile] = ()) -> BookingMessage:
    """Write to the other side. The provider's first makes the booking 已回复; the consumer's makes it wait again."""
    require(bool(text.strip()), OrderError(_("请填写留言内容。")))
    _require_own(actor, files)
    with transaction.atomic():
        booking = Booking.objects.locked(booking.pk)
        party = move(booking, Action.REPLY, actor=actor)
        message = BookingMessage.objects.create(booking=booking, party=party, author=actor, text=text.strip())
        _attach(booking, files, message)
        tell(booking, other(party), _("预约有新留言：%s") % booking.offer_name, message.text[:200])
    return message


def accept_booking(
    *,
    booking: Booking,
    actor: User,
    quantity: Decimal,
    price_amount: Decimal,
    delivery_on: datetime.date,
    note: str = "",
    slot: Span | None = None,
) -> Booking:
    """接受预约 with the provider's offer: unit price in yuan, quantity, day of delivery, and the time on the instrument.

    Of several at once for one time of an instrument, one is accepted; the others raise SlotTaken with the next free times.
    """
    require(price_amount > 0, OrderError(_("单价应大于 0 元，请填写双方约定的单价。")))
    require(quantity > 0, OrderError(_("数量应大于 0，请核对。")))
    require(quantity < MOST_QUANTITY, OrderError(_("数量过大，请核对单位。")))
    require(
        line_amount(quantity, price_amount) < MOST_AMOUNT,
        OrderError(_("总金额过大，请核对单价和数量，单价的单位是元。")),
    )
    require(delivery_on >= timezone.localdate(), OrderError(_("承诺交付日期已过，请选择今天或以后的日期。")))
    with transaction.atomic():
        if booking.instrument_id:  # whoever takes or closes time of this instrument waits here
            Instrument.objects.select_for_update(no_key=True, of=("self",)).get(pk=booking.instrument_id)
        booking = Booking.objects.locked(booking.pk)
        require(
            booking.provider.is_public and booking.offer.is_public,
            OrderError(_("这项服务或贵单位目前不公开（已撤回、正在审核或已暂停），不能接受新的预约。")),
        )
        require(
            booking.expires_on >= timezone.localdate(),
            OrderError(_("%s已过期，不能再接受。请对方重新预约。") % named(booking)),
        )
        wished = slot_of(booking)
        slot = slot or wished
        require(
            slot is None or delivery_on >= timezone.localdate(slot.start),
            OrderError(_("承诺交付日期早于上机日期，请核对。")),
        )
        moved = _("上机时间改为 %s。") % slot if slot and wished and slot != wished else ""
        now = timezone.now()
        expires_on = max(
            booking.expires_on, timezone.localdate(now) + datetime.timedelta(EXPIRES_AFTER_ACCEPTANCE_DAYS)
        )
        values = {
            "accepted_quantity": quantity,
            "accepted_price_amount": price_amount,
            "accepted_delivery_on": delivery_on,
            "accepted_note": note.strip(),
            "accepted_at": now,
            "expires_on": expires_on,
        }
        if slot is not None:
            values |= {"starts_at": slot.start, "ends_at": slot.end}
        _move_into_slot(booking, actor, slot, values, moved)
        tell(
            booking,
            Party.CONSUMER,
            _("预约已被接受：%s") % booking.offer_name,
            _("%(moved)s请核对单价、数量、时间和交付日期，并在 %(day)s 前确认并下单。")
            % {"moved": moved, "day": booking.expires_on},
        )
    return booking


def _move_into_slot(
    booking: Booking, actor: User, slot: Span | None, values: dict[str, Any], reason: str
) -> None:
    """Accept, if the time is free: looked up for the sentence, and guarded by the exclusion constraint."""
    try:
        with transaction.atomic():
            acting(booking, actor, Action.ACCEPT_BOOKING)
            problem = _slot_problem(booking, slot) if slot else ""
            require(not problem, SlotTaken(problem))
            move(booking, Action.ACCEPT_BOOKING, actor=actor, reason=reason, **values)
    except IntegrityError as error:
        raise SlotTaken(_("这段时间刚刚被另一条预约占用，请换一个时间。")) from error


def refuse_booking(*, booking: Booking, actor: User, reason: str) -> Booking:
    """拒绝 with the reason that the consumer reads."""
    reason = required_reason(reason)
    with transaction.atomic():
        booking = Booking.objects.locked(booking.pk)
        move(booking, Action.REFUSE_BOOKING, actor=actor, reason=reason, closing_reason=reason)
        tell(booking, Party.CONSUMER, _("预约被拒绝：%s") % booking.offer_name, _("原因：%s") % reason)
    return booking


def cancel_booking(*, booking: Booking, actor: User, reason: str) -> Booking:
    """取消预约 by the consumer, or by the provider that has accepted and cannot keep it. The time is free again."""
    reason = required_reason(reason)
    with transaction.atomic():
        booking = Booking.objects.locked(booking.pk)
        party = move(booking, Action.CANCEL_BOOKING, actor=actor, reason=reason, closing_reason=reason)
        tell(booking, other(party), _("预约已取消：%s") % booking.offer_name, _("原因：%s") % reason)
    return booking


def expire_booking(*, booking: Booking) -> Booking:
    """Past its day, a booking that became no order holds nothing any more; both sides are told. Refused before that day's end."""
    with transaction.atomic():
        booking = Booking.objects.locked(booking.pk)
        require(booking.expires_on < timezone.localdate(), OrderError(_("%s还没有过期。") % named(booking)))
        unanswered = booking.status == BookingStatus.WAITING
        move(booking, Action.EXPIRE_BOOKING, actor=None)
        missed = _("接券机构没有答复") if unanswered else _("没有下单")
        for party in (Party.CONSUMER, Party.PROVIDER):
            tell(
                booking,
                party,
                _("预约已过期：%s") % booking.offer_name,
                _("截至 %(day)s %(missed)s，预约已失效。仍需服务的，请重新预约。")
                % {"day": booking.expires_on, "missed": missed},
            )
    return booking


def _require_own(actor: User, files: Sequence[PrivateFile]) -> None:
    require(all(file.owner_id == actor.pk for file in files), OrderError(_("只能附上自己上传的文件。")))


def _attach(booking: Booking, files: Sequence[PrivateFile], message: BookingMessage | None = None) -> None:
    BookingFile.objects.bulk_create(
        [BookingFile(booking=booking, message=message, file=file) for file in files]
    )
