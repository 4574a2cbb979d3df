"""The daily calendar of bookings and orders: who is waited for is told, and bookings that came to nothing expire.

A reminder decides nothing: silence is no answer, and never a confirmation.
"""

import datetime
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.calendar import moment_of
from orders.exceptions import OrderError
from orders.models import Booking, Deal, Order
from orders.moves import tell
from orders.services.bookings import expire_booking
from orders.statuses import AWAITED, BookingStatus, OrderStatus
from workflow.working_days import is_working_day

logger = logging.getLogger(__name__)

PATIENCE_WORKING_DAYS = 2
DAYS_BEFORE_EXPIRY = 5
CONFIRM_WITHIN_DAYS = 15
PAGE = 500


@dataclass
class Outcome:
    """How many were done, and what kept which from it: one that fails stops none of the others."""

    done: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reminder:
    """What the side that is waited for in a state is told, and when: ``due`` is a condition on rows, for a day."""

    due: Callable[[datetime.date], Q]
    subject: str | Promise
    body: str | Promise


def unanswered(since: str) -> Callable[[datetime.date], Q]:
    """Once, when two whole working days have gone by after ``since``."""
    return lambda today: Q(**{f"{since}__lt": _patience_from(today)}, reminded_at=None)


def before_expiry(today: datetime.date) -> Q:
    """Once, from five days before the booking's last day on."""
    last = today + datetime.timedelta(days=DAYS_BEFORE_EXPIRY)
    return Q(expires_on__range=(today, last), reminded_at=None)


def unconfirmed(today: datetime.date) -> Q:
    """On the fifteenth day after the order came to wait, and every fifteen days after that."""
    heard_before = today - datetime.timedelta(days=CONFIRM_WITHIN_DAYS - 1)
    return Q(heard_at__lt=_beginning(heard_before))


# An order's ``updated_at`` is that of its last move: each begins a wait, or ends the last.
REMINDERS: dict[BookingStatus | OrderStatus, Reminder] = {
    BookingStatus.WAITING: Reminder(
        unanswered("waiting_since"),
        _("预约等待您答复"),
        _("已过两个工作日，请尽快回复、接受或拒绝预约。"),
    ),
    BookingStatus.REPLIED: Reminder(
        unanswered("waiting_since"),
        _("接券机构的回复等待您答复"),
        _("已过两个工作日，请查看回复并留言；不再需要的，请取消预约。"),
    ),
    BookingStatus.ACCEPTED: Reminder(
        before_expiry,
        _("预约即将过期，请下单"),
        _("请尽快确认并下单，逾期预约失效；不再需要的，请取消预约。"),
    ),
    OrderStatus.PLACED: Reminder(
        unanswered("updated_at"),
        _("订单等待您接单"),
        _("已过两个工作日，请核对后接单，或说明原因拒绝。"),
    ),
    OrderStatus.CONSUMER_CANCELS: Reminder(
        unanswered("updated_at"),
        _("取消提议等待您答复"),
        _("已过两个工作日，请答复是否同意取消订单。"),
    ),
    OrderStatus.PROVIDER_CANCELS: Reminder(
        unanswered("updated_at"),
        _("取消提议等待您答复"),
        _("已过两个工作日，请答复是否同意取消订单。"),
    ),
    OrderStatus.DELIVERED: Reminder(
        unconfirmed,
        _("服务已完成，等待您确认"),
        _("请核对服务结果，点击“确认完成”；有问题的可“提出异议”。不确认的订单不会自动完成。"),
    ),
    OrderStatus.DISPUTED: Reminder(
        unanswered("updated_at"),
        _("订单异议等待您处理"),
        _("已过两个工作日，请与用券机构联系；处理好以后再次点击“完成”。"),
    ),
}


def expire_lapsed() -> Outcome:
    """Let bookings expire whose last day is over, each in its own transaction. Safe to repeat, and to run twice at once."""
    lapsed = Booking.objects.open().filter(expires_on__lt=timezone.localdate())
    return _each(_expire, Booking, _keys(lapsed))


def remind_waiting() -> Outcome:
    """Tell those who are waited for, each once for a wait, and of a delivery every fifteen days.

    Safe to repeat, to interrupt, to miss days and to run twice at once.
    """
    today, outcome = timezone.localdate(), Outcome()
    for status in AWAITED:
        model = Booking if isinstance(status, BookingStatus) else Order
        _each(_remind, model, _keys(due_rows(status, today)), outcome)
    return outcome


def due_rows(status: BookingStatus | OrderStatus, today: datetime.date) -> Any:
    """Those in the state whose side has to be told on that day."""
    model = Booking if isinstance(status, BookingStatus) else Order
    rows = model.objects.filter(status=status).annotate(heard_at=Coalesce(F("reminded_at"), F("updated_at")))
    return rows.filter(REMINDERS[status].due(today))


def _keys(rows: Any) -> Iterator[int]:
    """Page by page: a cursor left open would keep SQLite from writing once another process has written."""
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PAGE]):
        yield from page
        last = page[-1]


def _each(
    action: Callable[[int, type[Deal]], bool],
    model: type[Deal],
    keys: Iterable[int],
    outcome: Outcome | None = None,
) -> Outcome:
    outcome = outcome or Outcome()
    for pk in keys:
        try:
            outcome.done += action(pk, model)
        except Exception as error:
            logger.exception("%s #%s", model._meta.model_name, pk)
            outcome.failures.append(f"{model._meta.model_name} #{pk}: {error}")
    return outcome


def _expire(pk: int, _model: type[Deal]) -> bool:
    try:
        expire_booking(booking=Booking.objects.get(pk=pk))
    except OrderError:
        # meanwhile ordered, cancelled or expired; a refusal of what is still due is a failure
        if Booking.objects.open().filter(pk=pk, expires_on__lt=timezone.localdate()).exists():
            raise
        return False
    return True


def _remind(pk: int, model: type[Deal]) -> bool:
    """Tell one; False where it has moved meanwhile, or another run has been quicker."""
    with transaction.atomic():
        deal = model._default_manager.all().locked(pk)  # type: ignore[attr-defined]  # a DealQuerySet
        status = (BookingStatus if model is Booking else OrderStatus)(deal.status)
        if status not in REMINDERS or not due_rows(status, timezone.localdate()).filter(pk=pk).exists():
            return False
        model._default_manager.filter(pk=pk).update(reminded_at=timezone.now())
        reminder = REMINDERS[status]
        tell(deal, AWAITED[status], f"{reminder.subject}：{deal.offer_name}", str(reminder.body))
    return True


def _patience_from(today: datetime.date) -> datetime.datetime:
    """What came to wait before this has waited for two whole working days."""
    day, worked = today, 0
    while worked < PATIENCE_WORKING_DAYS:
        day -= datetime.timedelta(days=1)
        worked += is_working_day(day)
    return _beginning(day)


def _beginning(day: datetime.date) -> datetime.datetime:
    return moment_of(day, datetime.time())
