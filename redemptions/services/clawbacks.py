"""追回: paid money that is taken back from who had no right to it. Two people: one proposes, another who pays carries it out.

The money has come back when it is carried out; it returns to the pool of its voucher, and the redemption stays 已拨付. Lock order: order
and redemption, then the pools and vouchers in key order. Every verb raises RedemptionError and then has changed nothing.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.money import FEN, NOTHING, format_yuan
from redemptions import permissions
from redemptions.exceptions import RedemptionError
from redemptions.models import ClawBack, Redemption
from redemptions.moves import required_reason, tell
from redemptions.services.claims import locked
from redemptions.statuses import RedemptionStatus
from vouchers import services as voucher_services
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.statuses import LedgerKind
from workflow.audit import record_step
from workflow.statuses import Action


def propose_claw_back(*, redemption: Redemption, amount: Decimal, actor: User, reason: str) -> ClawBack:
    """By who pays or who decides; never more than was paid and is not taken back yet. No money moves."""
    require(
        permissions.may_pay(actor) or permissions.may_decide(actor),
        RedemptionError(_("您没有提出追回的权限，请联系系统管理员。")),
    )
    reason = required_reason(reason, _("请填写追回的原因，用券机构会看到。"))
    with transaction.atomic():
        redemption = locked(redemption)
        amount = _checked(redemption, amount)
        require(
            not redemption.claw_backs.filter(closed_at=None).exists(),
            RedemptionError(_("兑付申请 %s 已有一笔追回等待确认，请先处理。") % redemption.number),
        )
        claw_back = ClawBack.objects.create(
            redemption=redemption, amount=amount, reason=reason[:500], proposed_by=actor
        )
        changes = {_("提出追回"): ["", str(amount)]}
        record_step(record=claw_back, actor=actor, action=Action.SUBMIT, changes=changes, reason=reason)
    return claw_back


def claw_back_redemption(*, claw_back: ClawBack, actor: User) -> ClawBack:
    """Carry it out, as another person who pays: the vouchers in key order, each for what the order has redeemed of it at most."""
    require(
        permissions.may_pay(actor),
        RedemptionError(_("您没有确认追回的权限，请联系系统管理员。")),
    )
    with transaction.atomic():
        claw_back = _open(claw_back)
        require(
            claw_back.proposed_by_id != actor.pk,
            RedemptionError(_("这笔追回是您提出的，须由另一位兑付管理人员确认。")),
        )
        redemption = claw_back.redemption
        _checked(redemption, claw_back.amount)
        left = claw_back.amount
        paid = paid_by_voucher(redemption)
        Pool.objects.locked(*{voucher.pool_id for voucher in paid})
        for voucher, amount in paid.items():
            if part := min(left, amount):
                voucher_services.claw_back(
                    voucher=voucher,
                    amount=part,
                    actor=actor,
                    order_number=redemption.order.number,
                    reason=claw_back.reason,
                )
                left -= part
        _close(claw_back, actor, is_done=True)
        changes = {_("追回"): ["", str(claw_back.amount)]}
        record_step(
            record=redemption, actor=actor, action=Action.CLAW_BACK, changes=changes, reason=claw_back.reason
        )
        tell(
            redemption,
            _("已拨付的资金被追回：%s 元") % format_yuan(claw_back.amount),
            _("原因：%s 有疑问的，请联系运营部门。") % claw_back.reason,
        )
    return claw_back


def drop_claw_back(*, claw_back: ClawBack, actor: User) -> ClawBack:
    """Not carried out after all, by who proposed it or anybody who may confirm it."""
    with transaction.atomic():
        claw_back = _open(claw_back)
        require(
            permissions.may_pay(actor) or claw_back.proposed_by_id == actor.pk,
            RedemptionError(_("您没有撤销追回的权限，请联系系统管理员。")),
        )
        _close(claw_back, actor, is_done=False)
        changes = {_("提出追回"): [str(claw_back.amount), ""]}
        record_step(record=claw_back, actor=actor, action=Action.WITHDRAW, changes=changes)
    return claw_back


def paid_by_voucher(redemption: Redemption) -> dict[Voucher, Decimal]:
    """What the redemption has of each voucher, by the ledger: paid and not taken back. In key order."""
    entries = LedgerEntry.objects.filter(order_number=redemption.order.number)
    signs = {LedgerKind.REDEEM: 1, LedgerKind.CLAW_BACK: -1}
    amounts: dict[int, Decimal] = {}
    for pk, kind, total in (
        entries.filter(kind__in=signs).order_by().values_list("voucher", "kind").annotate(total=Sum("amount"))
    ):
        amounts[pk] = amounts.get(pk, NOTHING) + signs[LedgerKind(kind)] * total.quantize(FEN)
    vouchers = Voucher.objects.in_bulk(amounts)
    return {vouchers[pk]: amounts[pk] for pk in sorted(amounts) if amounts[pk] > 0}


def _checked(redemption: Redemption, amount: Decimal) -> Decimal:
    require(
        redemption.status == RedemptionStatus.PAID,
        RedemptionError(_("兑付申请 %s 还没有拨付，没有可以追回的资金。") % redemption.number),
    )
    most = sum(paid_by_voucher(redemption).values(), NOTHING)
    require(
        amount.is_finite() and 0 < amount <= most and amount == amount.quantize(FEN),
        RedemptionError(_("追回金额应大于 0，不超过已拨付的 %s 元，最多两位小数。") % format_yuan(most)),
    )
    return amount.quantize(FEN)


def _open(claw_back: ClawBack) -> ClawBack:
    redemption = locked(claw_back.redemption)
    row = ClawBack.objects.select_for_update().get(pk=claw_back.pk)
    row.redemption = redemption
    require(row.closed_at is None, RedemptionError(_("这笔追回已经处理过了，请刷新页面。")))
    return row


def _close(claw_back: ClawBack, actor: User, *, is_done: bool) -> None:
    claw_back.closed_by, claw_back.closed_at, claw_back.is_done = actor, timezone.now(), is_done
    claw_back.save(update_fields=["closed_by", "closed_at", "is_done"])
