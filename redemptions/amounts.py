"""What vouchers pay of an order, computed and explained line by line. Amounts in yuan.

Invoice by invoice, the oldest first: what of it lies within the order's total, times the programme's share for the kind of
service, cut to the fen; taken from the vouchers in whose validity the invoice and the service fall, the one that ends first
before the others, while there is balance.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.money import FEN, NOTHING, format_yuan
from orders.models import Invoice, Order
from programme.models import ProgrammeParameters
from vouchers.models import Voucher


@dataclass(frozen=True)
class Line:
    """One step of the computation: what, how, and what it comes to."""

    label: str
    text: str
    amount: Decimal

    def as_list(self) -> list[str]:
        return [self.label, self.text, str(self.amount)]


@dataclass
class Plan:
    """What each voucher would pay, with the computation; ``uncovered`` are invoices that lie in no voucher's validity."""

    shares: dict[Voucher, Decimal] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    uncovered: list[Invoice] = field(default_factory=list)
    # what the share comes to, whatever the vouchers have
    due: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        return sum(self.shares.values(), NOTHING)


def served_on(order: Order) -> datetime.date:
    """The day of the service: when it was delivered here; of one that was put on record afterwards, the day it says."""
    if order.is_direct or order.delivered_at is None:
        return order.delivery_on
    return timezone.localdate(order.delivered_at)


def covers(voucher: Voucher, *days: datetime.date) -> bool:
    return all(voucher.valid_from <= day <= voucher.valid_until for day in days)


def plan_for(
    order: Order,
    invoices: Iterable[Invoice],
    vouchers: Sequence[Voucher],
    parameters: ProgrammeParameters,
) -> Plan:
    """``vouchers`` are those with a balance that may still be claimed from, in the order in which they are used."""
    plan = Plan()
    day, percent = served_on(order), parameters.share_percent(order.kind)
    left = {voucher: voucher.balance_amount for voucher in vouchers}
    open_amount, invoiced = order.total_amount, NOTHING
    for invoice in sorted(invoices, key=lambda one: (one.issued_on, one.pk)):
        counted = min(invoice.amount, open_amount)
        open_amount -= counted
        invoiced += invoice.amount
        due = (counted * percent / 100).quantize(FEN, ROUND_DOWN)
        plan.due += due
        plan.lines.append(_invoice_line(invoice, counted, percent, due))
        valid = [voucher for voucher in vouchers if covers(voucher, invoice.issued_on, day)]
        if not valid:
            plan.uncovered.append(invoice)
        for voucher in valid:
            taken = min(due, left[voucher])
            if taken > 0:
                plan.shares[voucher] = plan.shares.get(voucher, NOTHING) + taken
                left[voucher] -= taken
                due -= taken
    if parameters.whole_yuan_only:
        _cut_to_yuan(plan)
    plan.lines[:0] = [_order_line(order, invoiced)]
    plan.lines.extend(_voucher_lines(plan))
    return plan


def _cut_to_yuan(plan: Plan) -> None:
    over = plan.amount - plan.amount.to_integral_value(ROUND_DOWN)
    for voucher in reversed(list(plan.shares)):
        cut = min(over, plan.shares[voucher])
        plan.shares[voucher] -= cut
        over -= cut
    plan.shares = {voucher: amount for voucher, amount in plan.shares.items() if amount > 0}


def _order_line(order: Order, invoiced: Decimal) -> Line:
    counted = min(order.total_amount, invoiced)
    text = _("订单总金额 %(total)s 元，发票合计 %(invoiced)s 元，按较小的计算") % {
        "total": format_yuan(order.total_amount),
        "invoiced": format_yuan(invoiced),
    }
    return Line(_("可计入金额"), text, counted)


def _invoice_line(invoice: Invoice, counted: Decimal, percent: int, due: Decimal) -> Line:
    text = _("计入 %(counted)s 元 × 补助比例 %(percent)d%%") % {
        "counted": format_yuan(counted),
        "percent": percent,
    }
    if counted < invoice.amount:
        text = _("发票金额 %(amount)s 元，超出订单总金额的部分不计；%(rest)s") % {
            "amount": format_yuan(invoice.amount),
            "rest": text,
        }
    return Line(_("发票 %s") % invoice.number, text, due)


def _voucher_lines(plan: Plan) -> Iterable[Line]:
    for voucher, amount in plan.shares.items():
        text = _("余额 %(balance)s 元，有效期 %(start)s 至 %(end)s") % {
            "balance": format_yuan(voucher.balance_amount),
            "start": voucher.valid_from,
            "end": voucher.valid_until,
        }
        yield Line(_("使用创新券 %s") % voucher.number, text, amount)
    if plan.amount < plan.due:
        text = _("按比例应为 %(due)s 元，超出创新券余额或不足整元的部分不兑付") % {
            "due": format_yuan(plan.due)
        }
        yield Line(_("不兑付"), text, plan.due - plan.amount)
    yield Line(_("可兑付金额"), _("以上合计"), plan.amount)
