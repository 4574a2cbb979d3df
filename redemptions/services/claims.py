"""提交申请使用创新券, and taking it back. The money is reserved on submission, and released when the claim comes to nothing.

Lock order: the order, its redemption, the pools, the vouchers in primary-key order. Every verb raises RedemptionError with a
sentence and then has changed nothing.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.money import NOTHING, format_yuan
from orders.models import Invoice, Order
from programme.models import ProgrammeParameters
from programme.selectors import current_parameters
from redemptions.amounts import Plan, plan_for
from redemptions.exceptions import RedemptionError
from redemptions.models import Redemption, RedemptionShare
from redemptions.moves import move, tell
from redemptions.numbers import new_redemption_number
from redemptions.obstacles import obstacles_to_claim
from redemptions.services.checking import check_submission
from redemptions.statuses import RedemptionStatus
from vouchers import services as voucher_services
from vouchers.models import Pool, Voucher
from workflow.audit import record_step
from workflow.statuses import Action


@dataclass(frozen=True)
class Assessment:
    """What can be claimed for an order now, and all that keeps it from being."""

    invoices: Sequence[Invoice]
    vouchers: Sequence[Voucher]
    plan: Plan
    parameters: ProgrammeParameters
    problems: Sequence[str]

    @property
    def lines(self) -> list[list[str]]:
        return [line.as_list() for line in self.plan.lines]


def assess(order: Order) -> Assessment:
    parameters = current_parameters()
    invoices = list(order.invoices.filter(removed_at=None))
    vouchers = list(Voucher.objects.filter(consumer_id=order.consumer_id).usable())
    plan = plan_for(order, invoices, vouchers, parameters)
    problems = obstacles_to_claim(order, invoices, vouchers, plan, parameters)
    return Assessment(invoices, vouchers, plan, parameters, problems)


def submit_claim(*, order: Order, actor: User, expected_amount: Decimal | None = None) -> Redemption:
    """Claim the order's share of the consumer's own vouchers, and set the money aside.

    ``expected_amount`` is what the page said before it was confirmed: where it is another by now, nothing is claimed. Once it is
    claimed, the automatic checks are run for those who review it.
    """
    with transaction.atomic():
        order = Order.objects.locked(order.pk)
        require(
            order.consumer.account_id == actor.pk, RedemptionError(_("只能为本机构的订单申请使用创新券。"))
        )
        _lock_money_of(order)
        found = assess(order)
        require(not found.problems, RedemptionError("".join(found.problems)))
        amount = found.plan.amount
        require(
            expected_amount in {None, amount},
            RedemptionError(
                _("可兑付金额有变化，现在是 %s 元。请核对新的计算过程后重新提交。") % format_yuan(amount)
            ),
        )
        redemption = _claimed(order, found, actor)
        RedemptionShare.objects.bulk_create(
            RedemptionShare(redemption=redemption, voucher=voucher, amount=share)
            for voucher, share in found.plan.shares.items()
        )
        for voucher, share in _in_key_order(found.plan.shares):
            voucher_services.reserve(
                voucher=voucher,
                amount=share,
                actor=actor,
                order_number=order.number,
                reason=_("兑付申请 %s") % redemption.number,
            )
        Order.objects.filter(pk=order.pk).update(claimed_at=redemption.submitted_at)
    check_submission(redemption=redemption)
    return redemption


def withdraw_claim(*, redemption: Redemption, actor: User) -> Redemption:
    """Take it back before it is decided; the money is free again, and the papers may be changed."""
    with transaction.atomic():
        redemption = locked(redemption)
        move(redemption, Action.WITHDRAW_CLAIM, actor=actor)
        end_claim(redemption, actor=actor, reason=_("用券机构撤回兑付申请 %s") % redemption.number)
    return redemption


def locked(redemption: Redemption) -> Redemption:
    """The order's row first, then the redemption's: as submission locks them."""
    Order.objects.locked(redemption.order_id)
    row: Redemption = Redemption.objects.locked(redemption.pk)
    return row


def end_claim(redemption: Redemption, *, actor: User, reason: str) -> None:
    """Give all of its money back to the vouchers, and free the order's papers."""
    reduce_to(redemption, NOTHING, actor=actor, reason=reason)
    Order.objects.filter(pk=redemption.order_id).update(claimed_at=None)


def reduce_to(redemption: Redemption, amount: Decimal, *, actor: User, reason: str) -> None:
    """Give back what is above ``amount``, the voucher used last first. The caller has written, or writes, the amount itself."""
    shares = list(redemption.shares.select_related("voucher").order_by("-pk"))
    over = sum((share.amount for share in shares), NOTHING) - amount
    freed: dict[Voucher, Decimal] = {}
    for share in shares:
        cut = min(over, share.amount)
        if cut > 0:
            freed[share.voucher] = cut
            over -= cut
            if cut == share.amount:
                share.delete()
            else:
                share.amount -= cut
                share.save(update_fields=["amount"])
    Pool.objects.locked(*{voucher.pool_id for voucher in freed})
    for voucher, cut in _in_key_order(freed):
        voucher_services.release(
            voucher=voucher,
            amount=cut,
            actor=actor,
            order_number=redemption.order.number,
            reason=reason,
        )


def _in_key_order(amounts: dict[Voucher, Decimal]) -> list[tuple[Voucher, Decimal]]:
    return sorted(amounts.items(), key=lambda item: item[0].pk)


def _lock_money_of(order: Order) -> None:
    """All money of these vouchers moves under the lock of its pool: what is computed after it holds until the end."""
    vouchers = Voucher.objects.filter(consumer_id=order.consumer_id).usable()
    Pool.objects.locked(*set(vouchers.values_list("pool_id", flat=True)))


def _claimed(order: Order, found: Assessment, actor: User) -> Redemption:
    """The order's redemption, new or anew, in 待初审."""
    values: dict[str, Any] = {
        "parameters": found.parameters,
        "claimed_amount": found.plan.amount,
        "amount": found.plan.amount,
        "lines": found.lines,
        "payee": found.parameters.payee,
        "submitted_at": timezone.now(),
        "document_reasons": {},
        "reason": "",
        "checks": [],
        "checks_at": None,
        "failed_checks": 0,
        "checked_by": None,
        "checked_at": None,
        "decided_by": None,
        "decided_at": None,
        # of an earlier decision: nobody takes it for the one that is to be looked at now
        "payee_name": "",
        "bank_name": "",
        "bank_branch": "",
        "account_number": "",
        "account_at": None,
    }
    earlier = Redemption.objects.filter(order=order).first()
    if earlier is not None:
        redemption = Redemption.objects.locked(earlier.pk)
        move(redemption, Action.CLAIM, actor=actor, **values)
        return redemption
    redemption = Redemption.objects.create(
        number=new_redemption_number(),
        order=order,
        consumer=order.consumer,
        provider=order.provider,
        status=RedemptionStatus.SUBMITTED,
        **values,
    )
    changes = {"status": ["", redemption.status], "amount": ["", str(redemption.amount)]}
    record_step(record=redemption, actor=actor, action=Action.CLAIM, changes=changes)
    return redemption


def told_returned(redemption: Redemption, reason: str, last_day: datetime.date | None) -> None:
    """``last_day`` is until when it can be submitted again: the first of its vouchers lapses after it."""
    if last_day is None or last_day >= timezone.localdate():
        cure = _("请按意见补正材料后重新提交。占用的创新券金额已退还余额。")
        if last_day is not None:
            cure += _("须在 %s（含当天）前提交。") % last_day
    else:
        cure = _("所用创新券的兑付期限已于 %s 截止，不能再次提交。有疑问的，请联系运营部门。") % last_day
    tell(redemption, _("兑付申请被退回"), _("原因：%(reason)s %(cure)s") % {"reason": reason, "cure": cure})


def last_day_of(redemption: Redemption) -> datetime.date | None:
    """Until when all that it takes from vouchers can be claimed."""
    day: datetime.date | None = redemption.shares.aggregate(day=Min("voucher__redeem_by"))["day"]
    return day
