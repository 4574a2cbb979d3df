"""Kinds of ledger entries with what each moves, and the states of a voucher."""

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workflow.statuses import Action


class LedgerKind(models.TextChoices):
    FUND = "fund", _("注入资金")
    GRANT = "grant", _("发放")
    RESERVE = "reserve", _("预留")
    RELEASE = "release", _("解除预留")
    REDEEM = "redeem", _("兑付")
    RETURN = "return", _("退券")
    EXPIRE = "expire", _("到期收回")
    CLAW_BACK = "claw_back", _("追回")


@dataclass(frozen=True)
class Effect:
    """What one yuan of an entry does: to the pool's available money, and from which part of the voucher to which.

    The parts are columns of the voucher without ``_amount``. Money that a grant brings comes from no part.
    """

    action: Action
    pool: int = 0
    taken_from: str = ""
    put_into: str = ""

    def on(self, part: str) -> int:
        return (self.put_into == part) - (self.taken_from == part)


EFFECTS: dict[LedgerKind, Effect] = {
    LedgerKind.FUND: Effect(Action.FUND, pool=1),
    LedgerKind.GRANT: Effect(Action.GRANT, pool=-1, put_into="balance"),
    LedgerKind.RESERVE: Effect(Action.RESERVE, taken_from="balance", put_into="reserved"),
    LedgerKind.RELEASE: Effect(Action.RELEASE, taken_from="reserved", put_into="balance"),
    LedgerKind.REDEEM: Effect(Action.REDEEM, taken_from="reserved", put_into="redeemed"),
    LedgerKind.RETURN: Effect(Action.RETURN_VOUCHER, pool=1, taken_from="balance", put_into="returned"),
    LedgerKind.EXPIRE: Effect(Action.EXPIRE, pool=1, taken_from="balance", put_into="expired"),
    LedgerKind.CLAW_BACK: Effect(Action.CLAW_BACK, pool=1, taken_from="redeemed", put_into="clawed_back"),
}
# A voucher's money is always in exactly these parts.
PARTS = ("balance", "reserved", "redeemed", "returned", "expired", "clawed_back")
# Money in these is an order's: no other order takes from it.
OF_ORDERS = ("reserved", "redeemed")


class VoucherStatus(models.TextChoices):
    """Read from the parts and the calendar, never stored."""

    USABLE = "usable", _("可使用")
    CLOSING = "closing", _("已到期，可兑付")
    OVERDUE = "overdue", _("待收回")
    REDEEMING = "redeeming", _("兑付中")
    USED = "used", _("已用完")
    RETURNED = "returned", _("已退券")
    EXPIRED = "expired", _("已过期")


def status_conditions(today: datetime.date) -> dict[VoucherStatus, Q]:
    """The states as conditions on the row, in the order in which they are asked: the first that holds is the state."""
    return {
        VoucherStatus.USABLE: Q(balance_amount__gt=0, valid_until__gte=today),
        VoucherStatus.CLOSING: Q(balance_amount__gt=0, redeem_by__gte=today),
        VoucherStatus.OVERDUE: Q(balance_amount__gt=0),
        VoucherStatus.REDEEMING: Q(reserved_amount__gt=0),
        VoucherStatus.EXPIRED: Q(expired_amount__gt=0),
        # whole: of one that was used in part, the use is said
        VoucherStatus.RETURNED: Q(returned_amount__gte=F("amount")),
        VoucherStatus.USED: Q(),
    }
