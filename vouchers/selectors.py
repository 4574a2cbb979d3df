"""What pages say of vouchers, beyond their rows."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.money import NOTHING, format_yuan
from institutions.models import Consumer
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.models.applications import VoucherApplication
from vouchers.statuses import LedgerKind, VoucherStatus
from workflow.models import ReviewTaskState
from workflow.statuses import SubmissionStatus

# A voucher that ends within so many days is pointed out.
SOON_DAYS = 30

WORDS = {
    LedgerKind.GRANT: gettext_lazy("发放 %(amount)s 元"),
    LedgerKind.RESERVE: gettext_lazy("订单 %(order)s 申请兑付，占用 %(amount)s 元"),
    LedgerKind.RELEASE: gettext_lazy("订单 %(order)s 不再占用，退还余额 %(amount)s 元"),
    LedgerKind.REDEEM: gettext_lazy("订单 %(order)s 已兑付 %(amount)s 元"),
    LedgerKind.RETURN: gettext_lazy("退券 %(amount)s 元"),
    LedgerKind.EXPIRE: gettext_lazy("到期收回 %(amount)s 元"),
    LedgerKind.CLAW_BACK: gettext_lazy("订单 %(order)s 被追回 %(amount)s 元"),
}
TONES = {
    LedgerKind.GRANT: "good",
    LedgerKind.REDEEM: "good",
    LedgerKind.RETURN: "wait",
    LedgerKind.EXPIRE: "bad",
    LedgerKind.CLAW_BACK: "bad",
}


@dataclass(frozen=True)
class Line:
    """An entry of the ledger in words, for components/timeline.html. Staff stay unnamed."""

    title: str
    time: datetime.datetime
    actor: str
    text: str
    tone: str


def voucher_lines(entries: Iterable[LedgerEntry], viewer: User) -> list[Line]:
    return [
        Line(
            title=str(WORDS[LedgerKind(entry.kind)])
            % {"amount": format_yuan(entry.amount), "order": entry.order_number},
            time=entry.at,
            actor=_("本机构")
            if entry.actor_id == viewer.pk
            else _("运营部门")
            if entry.actor_id
            else _("系统"),
            text=_("%(reason)s（余额 %(balance)s 元）")
            % {"reason": entry.reason, "balance": format_yuan(entry.balance_after)},
            tone=TONES.get(LedgerKind(entry.kind), "info"),
        )
        for entry in entries
    ]


def vouchers_page(consumer: Consumer) -> dict[str, Any]:
    """The consumer's vouchers and applications, the latest first, which of these is open, and its money in all. Two queries."""
    vouchers = list(Voucher.objects.filter(consumer_id=consumer.pk).order_by("-pk"))
    own = VoucherApplication.objects.filter(consumer_id=consumer.pk).select_related("grant__voucher")
    applications = list(own.order_by("-pk"))
    return {
        "vouchers": vouchers,
        "applications": applications,
        "open_application": next(
            (one for one in applications if one.status != SubmissionStatus.APPROVED), None
        ),
        "usable_amount": sum((v.balance_amount for v in vouchers if is_usable(v)), NOTHING),
        "reserved_amount": sum((v.reserved_amount for v in vouchers), NOTHING),
        "ending": [voucher for voucher in vouchers if ends_soon(voucher)],
    }


def bulk_facts(states: Sequence[ReviewTaskState], *, approving: bool) -> list[str]:
    """How many applications wait there for one decision, for how much, and what approving them all leaves in the pool."""
    applied = dict(
        VoucherApplication.objects.filter(pk__in=[state.record_id for state in states]).values_list(
            "pk", "applied_amount"
        )
    )
    facts = [
        _("共 %(count)d 份创新券申请，申请额度合计 %(amount)s 元。")
        % {"count": len(applied), "amount": format_yuan(sum(applied.values(), NOTHING))}
    ]
    if not approving:
        return facts
    last = ReviewTaskState.objects.filter(pk__in=[state.pk for state in states]).at_last_step()
    granted = [applied[pk] for pk in last.values_list("record_id", flat=True) if pk in applied]
    if not granted:
        return [*facts, _("都不在最后一步，通过后转入下一步，还不发放创新券。")]
    total = sum(granted, NOTHING)
    facts.append(
        _("其中 %(count)d 份在最后一步，通过后发放 %(amount)s 元。")
        % {"count": len(granted), "amount": format_yuan(total)}
    )
    pool = Pool.objects.filter(year=timezone.localdate().year).first()
    available = pool.available_amount if pool else NOTHING
    sentence = (
        _("资金池现在可发放 %(available)s 元，发放后剩 %(left)s 元。")
        if available >= total
        else _("资金池现在可发放 %(available)s 元，不够 %(left)s 元：排在后面的会因资金不足而不能通过。")
    )
    return [
        *facts,
        sentence % {"available": format_yuan(available), "left": format_yuan(abs(available - total))},
    ]


def is_usable(voucher: Voucher) -> bool:
    return voucher.status in {VoucherStatus.USABLE, VoucherStatus.CLOSING}


def ends_soon(voucher: Voucher) -> bool:
    """Still valid, with money left, for 30 days or fewer."""
    last = timezone.localdate() + datetime.timedelta(days=SOON_DAYS)
    return voucher.status == VoucherStatus.USABLE and voucher.valid_until <= last
