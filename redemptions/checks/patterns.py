"""What stands out among other orders: an amount, a splitting, a rush before a voucher ends. Amounts in yuan."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.money import NOTHING, format_yuan, percent
from orders.models import OFFER_FIELDS, Order
from orders.statuses import VOID_ORDERS, OrderStatus, ServiceKind
from redemptions.checks.base import MOST_LINKS, Case, Finding
from redemptions.models import RedemptionShare

# So many others make a median; of more, the latest.
LEAST_OTHERS, MOST_OTHERS = 5, 200
# Times the median.
OUTLIER = 3
SPLIT_ORDERS, SPLIT_DAYS = 3, 7
BURST_CLAIMS, BURST_DAYS, BURST_PERCENT = 3, 30, 50

CLASSES = {
    ServiceKind.INSTRUMENT: "instrument_class",
    ServiceKind.TESTING: "field",
    ServiceKind.LAB: "field",
}


def amount(case: Case) -> Finding:
    """Three times what others pay for it is looked at; where too few have it, for what is of its class."""
    order = case.order
    kind = ServiceKind(order.kind)
    column, group = OFFER_FIELDS[kind], CLASSES[kind]
    others = Order.objects.filter(status=OrderStatus.COMPLETED, kind=kind).exclude(pk=order.pk)
    scope = _("同一服务")
    amounts = _amounts(others, **{column: getattr(order, f"{column}_id")})
    if len(amounts) < LEAST_OTHERS:
        scope = _("同类服务")
        amounts = _amounts(others, **{f"{column}__{group}": getattr(order.offer, f"{group}_id")})
    if len(amounts) < LEAST_OTHERS:
        return Finding(
            None,
            _("同类服务已完成的其他订单只有 %(count)d 份，不足 %(least)d 份，无从比较。")
            % {"count": len(amounts), "least": LEAST_OTHERS},
        )
    middle = Decimal(median(amounts))
    return Finding(
        order.total_amount <= OUTLIER * middle,
        _(
            "订单金额 %(amount)s 元；%(scope)s已完成的 %(count)d 份订单金额中位数 %(middle)s 元，是它的 %(times)s 倍（超过 %(most)d 倍须核实）。"
        )
        % {
            "amount": format_yuan(order.total_amount),
            "scope": scope,
            "count": len(amounts),
            "middle": format_yuan(middle),
            "times": f"{order.total_amount / middle:.1f}",
            "most": OUTLIER,
        },
    )


def _amounts(orders: Any, **of: Any) -> list[Decimal]:
    if None in of.values():
        return []
    return list(orders.filter(**of).order_by("-pk").values_list("total_amount", flat=True)[:MOST_OTHERS])


def splitting(case: Case) -> Finding:
    """One piece of work in several orders: three within seven days for the same thing, of which this is one."""
    order = case.order
    column = OFFER_FIELDS[ServiceKind(order.kind)]
    span = timedelta(days=SPLIT_DAYS)
    rows = Order.objects.filter(
        consumer=order.consumer_id,
        provider=order.provider_id,
        created_at__gt=order.created_at - span,
        created_at__lt=order.created_at + span,
        **{column: getattr(order, f"{column}_id")},
    )
    found = list(rows.exclude(status__in=VOID_ORDERS).order_by("created_at", "pk"))
    # the fullest seven days that this order lies in
    windows = [
        [one for one in found if start.created_at <= one.created_at < start.created_at + span]
        for start in found
        if start.created_at <= order.created_at
    ]
    most = max(windows, key=len, default=[])
    total = sum((one.total_amount for one in most), NOTHING)
    return Finding(
        len(most) < SPLIT_ORDERS,
        _(
            "双方就同一服务在 %(days)d 天内下单 %(count)d 份，合计 %(total)s 元（%(most)d 份以上须核实是否拆单）。"
        )
        % {
            "days": SPLIT_DAYS,
            "count": len(most),
            "total": format_yuan(total),
            "most": SPLIT_ORDERS,
        },
        [one for one in most if one.pk != order.pk][:MOST_LINKS],
    )


def burst(case: Case) -> Finding:
    """More than half of a voucher, in three claims or more, since 30 days before the end of its validity."""
    vouchers = [share.voucher for share in case.shares]
    late = {
        voucher.pk: voucher
        for voucher in vouchers
        if timezone.localdate(case.redemption.submitted_at) > _rush(voucher)
    }
    if not late:
        return Finding(
            True if vouchers else None,
            _("提交日期不在所用创新券有效期的最后 %d 天。") % BURST_DAYS
            if vouchers
            else _("这份申请现在不占用创新券。"),
        )
    claimed: dict[int, list[Decimal]] = defaultdict(list)
    rows = RedemptionShare.objects.filter(voucher__in=late)
    for pk, share, at in rows.values_list("voucher", "amount", "redemption__submitted_at"):
        if timezone.localdate(at) > _rush(late[pk]):
            claimed[pk].append(share)
    bad, told = [], []
    for pk, shares in claimed.items():
        voucher, total = late[pk], sum(shares, NOTHING)
        part = percent(total, voucher.amount)
        if len(shares) >= BURST_CLAIMS and part > BURST_PERCENT:
            bad.append(voucher)
        told.append(
            _(
                "创新券 %(number)s（有效期至 %(end)s）最后 %(days)d 天内 %(count)d 份申请共 %(total)s 元，占券额 %(part)s%%。"
            )
            % {
                "number": voucher.number,
                "end": voucher.valid_until,
                "days": BURST_DAYS,
                "count": len(shares),
                "total": format_yuan(total),
                "part": part,
            }
        )
    return Finding(not bad, "".join(told), bad)


def _rush(voucher: Any) -> Any:
    return voucher.valid_until - timedelta(days=BURST_DAYS)
