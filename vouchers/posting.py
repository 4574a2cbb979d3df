"""What every movement of money goes through: locks, what is there, conditional writes, the entry, the audit trail."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exceptions import require
from accounts.models import User
from accounts.money import FEN, NOTHING, format_yuan
from vouchers.exceptions import VoucherError
from vouchers.models import TERMS, LedgerEntry, Pool, Voucher, content_of, entry_hash, terms_text
from vouchers.statuses import EFFECTS, OF_ORDERS, PARTS, LedgerKind
from workflow.audit import record_step

MOST_AMOUNT = Decimal(10**11)


def checked(amount: Decimal) -> Decimal:
    """The amount with its two places. Raises VoucherError with what is wrong with it."""
    require(amount.is_finite(), VoucherError(_("金额不是有效的数字，请重新填写。")))
    require(amount != 0, VoucherError(_("金额不能为 0，请填写大于 0 的金额。")))
    require(amount > 0, VoucherError(_("金额不能是负数，请填写大于 0 的金额。")))
    require(amount < MOST_AMOUNT, VoucherError(_("金额过大，请核对单位是否为元。")))
    require(
        amount == amount.quantize(FEN),
        VoucherError(_("金额 %s 精确到了分以下，请保留两位小数。") % amount),
    )
    return amount.quantize(FEN)


def named(order_number: str) -> str:
    require(bool(order_number.strip()), VoucherError(_("请注明这笔金额对应的订单号。")))
    return order_number.strip()


def locked(voucher: Voucher) -> tuple[Pool, Voucher]:
    """Both as stored now, locked until the transaction ends."""
    (pool,) = Pool.objects.locked(voucher.pool_id)
    return pool, Voucher.objects.locked(voucher.pk)


def post(
    kind: LedgerKind,
    pool: Pool,
    voucher: Voucher | None,
    amount: Decimal,
    actor: User | None,
    reason: str,
    order_number: str = "",
) -> LedgerEntry:
    """The only place that moves money: what is there, conditional writes, entry, audit trail. Pool and voucher are locked."""
    require(bool(reason.strip()), VoucherError(_("请填写说明，它会留在资金流水中。")))
    effect = EFFECTS[kind]
    _require_enough(kind, pool, voucher, amount, order_number)
    moved = {f"{part}_amount": effect.on(part) * amount for part in PARTS if effect.on(part)}
    before = {name: getattr(voucher, name) for name in moved}
    after = {name: before[name] + change for name, change in moved.items()}
    pool_after = pool.available_amount + effect.pool * amount

    entry = LedgerEntry(
        pool=pool,
        sequence=pool.entry_count + 1,
        at=timezone.now(),
        kind=kind.value,
        voucher=voucher,
        amount=amount,
        pool_effect=effect.pool * amount,
        balance_effect=effect.on("balance") * amount,
        reserved_effect=effect.on("reserved") * amount,
        pool_after=pool_after,
        balance_after=after.get("balance_amount", voucher.balance_amount if voucher else NOTHING),
        reserved_after=after.get("reserved_amount", voucher.reserved_amount if voucher else NOTHING),
        order_number=order_number,
        actor=actor,
        actor_name=actor.get_full_name() if actor else "系统",
        reason=reason.strip(),
        terms=terms_text([getattr(voucher, name) for name in TERMS]) if kind == LedgerKind.GRANT else "",
        previous_hash=pool.head_hash,
    )
    entry.hash = entry_hash(entry.previous_hash, pool.year, content_of(entry))
    funded = {"amount": pool.amount + amount} if kind == LedgerKind.FUND else {}
    _write(pool, available_amount=pool_after, entry_count=entry.sequence, head_hash=entry.hash, **funded)
    if voucher is not None and voucher.pk is None:
        voucher.balance_amount = amount
        voucher.save()
        entry.voucher = voucher
    elif voucher is not None:
        _write(voucher, **after)
    entry.save(force_insert=True)
    record_step(
        record=voucher or pool,
        actor=actor,
        action=effect.action,
        reason=entry.reason,
        changes={name: [str(before[name]), str(after[name])] for name in moved}
        or {"amount": [str(pool.amount - amount), str(pool.amount)]},
    )
    return entry


def _require_enough(
    kind: LedgerKind, pool: Pool, voucher: Voucher | None, amount: Decimal, order_number: str
) -> None:
    effect = EFFECTS[kind]
    if effect.pool < 0 and pool.available_amount < amount:
        raise VoucherError(_pool_is_short(pool, amount))
    if effect.taken_from and voucher is not None:
        left = getattr(voucher, f"{effect.taken_from}_amount")
        values = {
            "number": voucher.number,
            "left": format_yuan(left),
            "amount": format_yuan(amount),
        }
        require(amount <= left, VoucherError(SHORT_OF[effect.taken_from] % values))
        if effect.taken_from in OF_ORDERS:
            of_order = _part_of_order(voucher, order_number, effect.taken_from)
            values |= {"left": format_yuan(of_order), "order": order_number}
            require(amount <= of_order, VoucherError(ORDER_SHORT_OF[effect.taken_from] % values))


def _part_of_order(voucher: Voucher, order_number: str, part: str) -> Decimal:
    """What of that part of the voucher is the order's, by its entries."""
    entries = voucher.entries.filter(order_number=order_number).values_list("kind", "amount")
    return sum((EFFECTS[LedgerKind(kind)].on(part) * amount for kind, amount in entries), NOTHING)


def _pool_is_short(pool: Pool, amount: Decimal) -> str:
    if pool.available_amount == 0:
        return _("%d 年度资金池已用完，不能再发放创新券。") % pool.year
    return _("%(year)d 年度资金池只剩 %(left)s 元，不足以发放 %(amount)s 元，请减少金额或追加资金。") % {
        "year": pool.year,
        "left": format_yuan(pool.available_amount),
        "amount": format_yuan(amount),
    }


SHORT_OF = {
    "balance": gettext_lazy("创新券 %(number)s 的余额只有 %(left)s 元，不足 %(amount)s 元。"),
    "reserved": gettext_lazy("创新券 %(number)s 审核中的金额只有 %(left)s 元，不足 %(amount)s 元。"),
    "redeemed": gettext_lazy("创新券 %(number)s 已兑付的金额只有 %(left)s 元，不能追回 %(amount)s 元。"),
}
ORDER_SHORT_OF = {
    "reserved": gettext_lazy(
        "订单 %(order)s 在创新券 %(number)s 上审核中的金额只有 %(left)s 元，不足 %(amount)s 元。"
    ),
    "redeemed": gettext_lazy(
        "订单 %(order)s 在创新券 %(number)s 上已兑付的金额只有 %(left)s 元，不能追回 %(amount)s 元。"
    ),
}


def _write(row: models.Model, **values: Any) -> None:
    """Store the values if the row still has those they were computed from (SQLite knows no row locks)."""
    read = {name: getattr(row, name) for name in values}
    written = type(row)._default_manager.filter(pk=row.pk, **read).update(**values)
    require(written == 1, VoucherError(_("这笔资金刚刚变动过，请刷新页面后再试一次。")))
    for name, value in values.items():
        setattr(row, name, value)
