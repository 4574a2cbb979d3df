"""Moving money: one verb for each kind of ledger entry.

Lock order: the pool's row, then the voucher's. Whoever moves money of several vouchers in one transaction locks their pools first
(``Pool.objects.locked``) and goes through the vouchers in primary-key order. Rows of other apps (an application, a claim) are
locked before both.

Amounts are in yuan, above 0, to the fen. Every verb raises VoucherError with a sentence and then has changed nothing.
"""

import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exceptions import require
from accounts.models import User
from accounts.money import format_yuan
from accounts.services import notify
from institutions.models import Consumer
from programme.models import ProgrammeParameters
from programme.selectors import current_parameters
from vouchers import permissions
from vouchers.exceptions import VoucherError
from vouchers.models import HASHED, LedgerEntry, Pool, Voucher, entry_hash
from vouchers.numbers import new_number
from vouchers.statuses import EFFECTS, PARTS, LedgerKind
from workflow.audit import record_step
from workflow.statuses import SubmissionStatus

FEN = Decimal("0.01")
MOST_AMOUNT = Decimal(10**11)
NOTHING = Decimal("0.00")


def fund_pool(*, year: int, amount: Decimal, actor: User, reason: str) -> Pool:
    """Put money into the pool of this year or the next; the first makes it.

    Never more in all than the parameters in force allow for a year.
    """
    require(permissions.may_fund(actor), VoucherError(_("您没有向资金池注入资金的权限，请联系系统管理员。")))
    amount = _checked(amount)
    this_year = timezone.localdate().year
    require(
        year in {this_year, this_year + 1},
        VoucherError(_("只能向本年度或下一年度的资金池注入资金，请核对年度。")),
    )
    most = current_parameters().yearly_pool_amount
    with transaction.atomic():
        pool, _new = Pool.objects.get_or_create(year=year)
        (pool,) = Pool.objects.locked(pool.pk)
        require(
            pool.amount + amount <= most,
            VoucherError(
                _(
                    "资金池总额不能超过项目参数规定的 %(most)s 元：已有 %(funded)s 元，最多还可注入 %(left)s 元。"
                )
                % {
                    "most": format_yuan(most),
                    "funded": format_yuan(pool.amount),
                    "left": format_yuan(max(most - pool.amount, NOTHING)),
                }
            ),
        )
        _post(LedgerKind.FUND, pool, None, amount, actor, reason)
    return cast(Pool, pool)


def grant_voucher(
    *, consumer: Consumer, amount: Decimal, actor: User, parameters: ProgrammeParameters, reason: str
) -> Voucher:
    """Issue a voucher to an approved consumer out of this year's pool, valid from today, and tell the consumer.

    ``parameters`` are those the decision was made under: they give validity and redeem-by, and the voucher keeps them.
    """
    require(permissions.may_grant(actor), VoucherError(_("您没有发放创新券的权限，请联系系统管理员。")))
    amount = _checked(amount)
    require(
        not parameters.whole_yuan_only or amount == amount.to_integral_value(),
        VoucherError(_("按项目参数，创新券金额只取整元，不能带角、分，请修改金额。")),
    )
    today = timezone.localdate()
    valid_until = parameters.valid_until(today)
    require(
        valid_until >= today,
        VoucherError(_("项目参数规定的有效期截止日 %s 已过，不能发放。请先设置新的项目参数。") % valid_until),
    )
    with transaction.atomic():
        pool = _pool_of_year(today.year)
        consumer = Consumer.objects.select_related("account").get(pk=consumer.pk)
        require(
            consumer.status == SubmissionStatus.APPROVED,
            VoucherError(_("“%s”的机构信息不在“已通过”状态，不能向它发放创新券。") % consumer),
        )
        voucher = Voucher(
            number=new_number(today.year),
            consumer=consumer,
            pool=pool,
            parameters=parameters,
            amount=amount,
            balance_amount=NOTHING,
            granted_at=timezone.now(),
            valid_from=today,
            valid_until=valid_until,
            redeem_by=valid_until + datetime.timedelta(days=parameters.redeem_within_days),
        )
        _post(LedgerKind.GRANT, pool, voucher, amount, actor, reason)
        _tell(
            voucher,
            _("您获得一张创新券：%s 元") % format_yuan(amount),
            _(
                "券号 %(number)s，金额 %(amount)s 元，有效期 %(start)s 至 %(end)s（含当天）。"
                "有效期内完成的服务，请在 %(redeem_by)s 前申请兑付；到期未用的金额退回资金池。"
            )
            % {
                "number": voucher.number,
                "amount": format_yuan(amount),
                "start": voucher.valid_from,
                "end": voucher.valid_until,
                "redeem_by": voucher.redeem_by,
            },
        )
    return voucher


def reserve(*, voucher: Voucher, amount: Decimal, actor: User, order_number: str, reason: str) -> Voucher:
    """Set money of the actor's own voucher aside for a claim, until it is redeemed or released. Not past ``redeem_by``."""
    amount = _checked(amount)
    with transaction.atomic():
        pool, voucher = _locked(voucher)
        require(permissions.owns(actor, voucher), VoucherError(_("只能使用本机构的创新券。")))
        require(
            voucher.redeem_by >= timezone.localdate(),
            VoucherError(
                _("创新券 %(number)s 的兑付期限已于 %(day)s 截止，不能再使用。")
                % {"number": voucher.number, "day": voucher.redeem_by}
            ),
        )
        _post(LedgerKind.RESERVE, pool, voucher, amount, actor, reason, _named(order_number))
    return voucher


def release(*, voucher: Voucher, amount: Decimal, actor: User, order_number: str, reason: str) -> Voucher:
    """Give reserved money back to the balance: the claim was withdrawn, returned or reduced."""
    amount = _checked(amount)
    with transaction.atomic():
        pool, voucher = _locked(voucher)
        require(permissions.may_release(actor, voucher), VoucherError(_("您不能解除这张创新券的预留金额。")))
        _post(LedgerKind.RELEASE, pool, voucher, amount, actor, reason, _named(order_number))
    return voucher


def redeem(*, voucher: Voucher, amount: Decimal, actor: User, order_number: str, reason: str) -> Voucher:
    """Reserved money has been paid out. Whether it may be is for who calls: here it only leaves the voucher."""
    amount = _checked(amount)
    require(permissions.may_redeem(actor), VoucherError(_("您没有兑付创新券的权限，请联系系统管理员。")))
    with transaction.atomic():
        pool, voucher = _locked(voucher)
        _post(LedgerKind.REDEEM, pool, voucher, amount, actor, reason, _named(order_number))
    return voucher


def claw_back(*, voucher: Voucher, amount: Decimal, actor: User, order_number: str, reason: str) -> Voucher:
    """Paid money has been taken back from who had no right to it; it returns to the pool, and the owner is told."""
    amount = _checked(amount)
    require(permissions.may_redeem(actor), VoucherError(_("您没有追回资金的权限，请联系系统管理员。")))
    with transaction.atomic():
        pool, voucher = _locked(voucher)
        _post(LedgerKind.CLAW_BACK, pool, voucher, amount, actor, reason, _named(order_number))
        _tell(
            voucher,
            _("创新券资金被追回：%s 元") % format_yuan(amount),
            _("券号 %(number)s，订单 %(order)s。原因：%(reason)s")
            % {"number": voucher.number, "order": order_number, "reason": reason},
        )
    return voucher


def return_voucher(*, voucher: Voucher, actor: User, reason: str, amount: Decimal | None = None) -> Voucher:
    """退券: the balance, or that much of it, goes back to the pool.

    Not while a claim on the voucher is under way: that might give money back.
    """
    with transaction.atomic():
        pool, voucher = _locked(voucher)
        require(permissions.may_return(actor, voucher), VoucherError(_("只能退回本机构的创新券。")))
        require(
            voucher.reserved_amount == 0,
            VoucherError(
                _("创新券 %(number)s 有 %(amount)s 元正在兑付审核中，请等审核结束或撤回兑付申请后再退券。")
                % {"number": voucher.number, "amount": format_yuan(voucher.reserved_amount)}
            ),
        )
        returned = voucher.balance_amount if amount is None else _checked(amount)
        require(
            voucher.balance_amount > 0, VoucherError(_("创新券 %s 已没有余额，不需要退券。") % voucher.number)
        )
        _post(LedgerKind.RETURN, pool, voucher, returned, actor, reason)
        if not permissions.owns(actor, voucher):
            _tell(
                voucher,
                _("创新券已退回：%s 元") % format_yuan(returned),
                _("运营部门退回了创新券 %(number)s 的余额。原因：%(reason)s")
                % {"number": voucher.number, "reason": reason},
            )
    return voucher


def expire_voucher(*, voucher: Voucher) -> Voucher:
    """The balance of a voucher past ``redeem_by`` goes back to the pool, and the owner is told. What is reserved stays.

    Refused before, and where nothing is left: run twice, it moves money once.
    """
    with transaction.atomic():
        pool, voucher = _locked(voucher)
        require(
            voucher.redeem_by < timezone.localdate(),
            VoucherError(_("创新券 %s 还没有过兑付期限，不能收回。") % voucher.number),
        )
        expired = voucher.balance_amount
        require(expired > 0, VoucherError(_("创新券 %s 已没有余额，不需要收回。") % voucher.number))
        _post(LedgerKind.EXPIRE, pool, voucher, expired, None, _("兑付期限已过，自动收回。"))
        _tell(
            voucher,
            _("创新券已过期：%s 元退回资金池") % format_yuan(expired),
            _("创新券 %(number)s 的兑付期限已于 %(day)s 截止，未用的 %(amount)s 元已退回资金池。")
            % {"number": voucher.number, "day": voucher.redeem_by, "amount": format_yuan(expired)},
        )
    return voucher


def _checked(amount: Decimal) -> Decimal:
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


def _named(order_number: str) -> str:
    require(bool(order_number.strip()), VoucherError(_("请注明这笔金额对应的订单号。")))
    return order_number.strip()


def _pool_of_year(year: int) -> Pool:
    """Locked until the transaction ends."""
    pool = Pool.objects.filter(year=year).first()
    if pool is None:
        raise VoucherError(_("%d 年度的资金池还没有设立，请先注入资金。") % year)
    (locked,) = Pool.objects.locked(pool.pk)
    return cast(Pool, locked)


def _locked(voucher: Voucher) -> tuple[Pool, Voucher]:
    """Both as stored now, locked until the transaction ends."""
    (pool,) = Pool.objects.locked(voucher.pool_id)
    return pool, Voucher.objects.locked(voucher.pk)


def _post(
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
    _require_enough(kind, pool, voucher, amount)
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
        previous_hash=pool.head_hash,
    )
    content = [content_of(entry, path) for path in HASHED]
    entry.hash = entry_hash(entry.previous_hash, pool.year, content)
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


def content_of(entry: LedgerEntry, path: str) -> Any:
    value: Any = entry
    for name in path.split("__"):
        value = getattr(value, name) if value is not None else None
    return value


def _require_enough(kind: LedgerKind, pool: Pool, voucher: Voucher | None, amount: Decimal) -> None:
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


def _write(row: models.Model, **values: Any) -> None:
    """Store the values if the row still has those they were computed from (SQLite knows no row locks)."""
    read = {name: getattr(row, name) for name in values}
    written = type(row)._default_manager.filter(pk=row.pk, **read).update(**values)
    require(written == 1, VoucherError(_("这笔资金刚刚变动过，请刷新页面后再试一次。")))
    for name, value in values.items():
        setattr(row, name, value)


def _tell(voucher: Voucher, subject: str, body: str) -> None:
    notify(recipient=voucher.consumer.account, subject=subject, body=body)
