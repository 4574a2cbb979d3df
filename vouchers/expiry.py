"""The calendar of vouchers: telling owners 30, 7 and 1 days before a deadline, and taking back what was not used.

Money is taken back after ``redeem_by``, not after ``valid_until``: a service of the last valid day may still be claimed.
"""

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.money import format_yuan
from accounts.services import notify
from vouchers.exceptions import VoucherError
from vouchers.models import Deadline, Voucher, VoucherNotice
from vouchers.services import expire_voucher

logger = logging.getLogger(__name__)

# Days ahead, the last call first.
STAGES = (1, 7, 30)


@dataclass
class Outcome:
    """How many were done, and what kept which voucher from it: one that fails stops none of the others."""

    done: int = 0
    failures: list[str] = field(default_factory=list)


def _each(action: Callable[..., bool], targets: Iterable[tuple[Any, ...]]) -> Outcome:
    """Do it to each target, which begins with the voucher's primary key."""
    outcome = Outcome()
    for target in targets:
        try:
            outcome.done += action(*target)
        except Exception as error:
            logger.exception("voucher #%s", target[0])
            outcome.failures.append(f"voucher #{target[0]}: {error}")
    return outcome


def expire_lapsed() -> Outcome:
    """Take back what is left of vouchers past ``redeem_by``, each in its own transaction.

    Safe to repeat, to interrupt and to run twice at once: who comes second finds nothing left.
    """
    lapsed = Voucher.objects.filter(balance_amount__gt=0, redeem_by__lt=timezone.localdate())
    return _each(_expire, lapsed.order_by("pk").values_list("pk"))


def _expire(pk: int) -> bool:
    try:
        expire_voucher(voucher=Voucher.objects.get(pk=pk))
    except VoucherError:
        # meanwhile spent, returned or expired; a refusal of what is still due is a failure
        if Voucher.objects.filter(pk=pk, balance_amount__gt=0).exists():
            raise
        return False
    return True


def remind_ending() -> Outcome:
    """Send the notices that are due today.

    A voucher with money left is told of its last valid day and, where that is another, of its last day for claims. Safe to
    repeat and to miss days: each notice is sent once, and of those missed only the last.
    """
    today = timezone.localdate()
    due = ((pk, deadline, days) for deadline in Deadline for pk, days in _due(deadline, today))
    return _each(_remind, due)


def _due(deadline: Deadline, today: datetime.date) -> QuerySet[Any]:
    last_day = "valid_until" if deadline == Deadline.USE else "redeem_by"
    within = [Q(**{f"{last_day}__lte": today + datetime.timedelta(days=days)}) for days in STAGES]
    stage = Case(*(When(near, then=Value(days)) for near, days in zip(within, STAGES, strict=True)))
    sent = VoucherNotice.objects.filter(
        voucher=OuterRef("pk"), deadline=deadline, days__lte=OuterRef("stage")
    )
    due = Voucher.objects.filter(within[-1], balance_amount__gt=0, **{f"{last_day}__gte": today})
    if deadline == Deadline.USE:
        due = due.filter(redeem_by__gt=F("valid_until"))
    due = due.annotate(stage=stage).filter(~Exists(sent))
    return due.order_by("pk").values_list("pk", "stage")


def _remind(pk: int, deadline: Deadline, days: int) -> bool:
    """Tell the owner of one voucher; False where another run has been quicker."""
    with transaction.atomic():
        voucher = Voucher.objects.locked(pk)
        _notice, is_new = VoucherNotice.objects.get_or_create(voucher=voucher, deadline=deadline, days=days)
        if not is_new:
            return False
        subject, body = _words(voucher, deadline)
        notify(recipient=voucher.consumer.account, subject=subject, body=body, link=voucher.get_centre_url())
    return True


def _words(voucher: Voucher, deadline: Deadline) -> tuple[str, str]:
    last_day = voucher.valid_until if deadline == Deadline.USE else voucher.redeem_by
    left = (last_day - timezone.localdate()).days
    values = {
        "number": voucher.number,
        "when": _("还有 %d 天") % left if left else _("今天截止"),
        "day": last_day,
        "balance": format_yuan(voucher.balance_amount),
        "redeem_by": voucher.redeem_by,
    }
    if deadline == Deadline.USE:
        return (
            _("创新券有效期%(when)s") % values,
            _(
                "创新券 %(number)s 的有效期到 %(day)s（含当天），余额 %(balance)s 元。"
                "有效期内完成的服务，可在 %(redeem_by)s 前申请兑付；此后的服务不能再使用这张券。"
            )
            % values,
        )
    return (
        _("创新券兑付期限%(when)s") % values,
        _(
            "创新券 %(number)s 的兑付期限到 %(day)s（含当天），余额 %(balance)s 元。"
            "请及时提交兑付申请；逾期未用的金额退回资金池。"
        )
        % values,
    )
