"""Moving money: one verb for each kind of ledger entry. How it moves is in ``vouchers.posting``.

Lock order: the pool's row, then the voucher's. Whoever moves money of several vouchers in one transaction locks their pools first
(``Pool.objects.locked``) and goes through the vouchers in primary-key order. Rows of other apps (an application, a claim) are
locked before both.

Amounts are in yuan, above 0, to the fen. Every verb raises VoucherError with a sentence and then has changed nothing.
"""

import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.money import NOTHING, format_yuan
from accounts.services import notify
from institutions.models import Consumer
from programme.models import ProgrammeParameters
from programme.selectors import current_parameters, parameters_on
from vouchers import permissions
from vouchers.exceptions import VoucherError
from vouchers.models import Pool, Voucher
from vouchers.numbers import new_number
from vouchers.posting import checked, locked, named, post
from vouchers.statuses import LedgerKind
from workflow.statuses import SubmissionStatus


def fund_pool(
    *, year: int, amount: Decimal, actor: User, reason: str, funded_amount: Decimal | None = None
) -> Pool:
    """Put money into the pool of this year or the next; the first makes it.

    Never more in all than the parameters allow for a year: those in force, for the next year those of its first day.
    ``funded_amount`` is what the pool had in all when the form was opened. It only grows, and by funds alone: where it is another
    by now, the form was sent twice or somebody else was first, and nothing moves.
    """
    with transaction.atomic():
        pool, _new = Pool.objects.get_or_create(year=year)
        (pool,) = Pool.objects.locked(pool.pk)
        require(
            funded_amount in {None, pool.amount},
            VoucherError(
                _(
                    "您打开表单以后，%(pool)s已有新的资金注入，现在共 %(amount)s 元；可能是同一笔提交了两次。"
                    "请核对，确需再注入时重新提交。"
                )
                % {"pool": pool, "amount": format_yuan(pool.amount)}
            ),
        )
        amount = check_funds(pool=pool, amount=amount, actor=actor)
        post(LedgerKind.FUND, pool, None, amount, actor, reason)
    return cast(Pool, pool)


def check_funds(*, pool: Pool, amount: Decimal, actor: User) -> Decimal:
    """The amount with its two places, where the actor may put it into the pool as it is, stored or not; raises as funding does."""
    require(permissions.may_fund(actor), VoucherError(_("您没有向资金池注入资金的权限，请联系系统管理员。")))
    amount = checked(amount)
    today = timezone.localdate()
    require(
        pool.year in {today.year, today.year + 1},
        VoucherError(_("只能向本年度或下一年度的资金池注入资金，请核对年度。")),
    )
    is_next = pool.year > today.year
    parameters = parameters_on(datetime.date(pool.year, 1, 1)) if is_next else current_parameters()
    most = parameters.yearly_pool_amount
    require(
        pool.amount + amount <= most,
        VoucherError(
            _("资金池总额不能超过项目参数规定的 %(most)s 元：已有 %(funded)s 元，最多还可注入 %(left)s 元。")
            % {
                "most": format_yuan(most),
                "funded": format_yuan(pool.amount),
                "left": format_yuan(max(most - pool.amount, NOTHING)),
            }
        ),
    )
    return amount


def grant_voucher(
    *, consumer: Consumer, amount: Decimal, actor: User, parameters: ProgrammeParameters, reason: str
) -> Voucher:
    """Issue a voucher to an approved consumer out of this year's pool, valid from today, and tell the consumer.

    ``parameters`` are those the decision was made under: they give validity and redeem-by, and the voucher keeps them. What is
    granted of a year's pool stays within the yearly amount of the parameters in force, even if more was put in before.
    """
    require(permissions.may_grant(actor), VoucherError(_("您没有发放创新券的权限，请联系系统管理员。")))
    amount = checked(amount)
    require(
        not parameters.whole_yuan_only or amount == amount.to_integral_value(),
        VoucherError(_("按项目参数，创新券金额只取整元，不能带角、分，请修改金额。")),
    )
    with transaction.atomic():
        pool, now = _this_years_pool()
        today = timezone.localdate(now)
        valid_until = parameters.valid_until(today)
        require(
            valid_until >= today,
            VoucherError(
                _("项目参数规定的有效期截止日 %s 已过，不能发放。请先设置新的项目参数。") % valid_until
            ),
        )
        _require_within_the_year(pool, amount)
        consumer = Consumer.objects.select_related("account").get(pk=consumer.pk)
        require(
            consumer.status == SubmissionStatus.APPROVED,
            VoucherError(_("“%s”的机构信息不在“已通过”状态，不能向它发放创新券。") % consumer),
        )
        require(
            consumer.ban is None,
            VoucherError(_("“%s”的用券资格已暂停，不能向它发放创新券。") % consumer),
        )
        voucher = Voucher(
            number=new_number(today.year),
            consumer=consumer,
            pool=pool,
            parameters=parameters,
            amount=amount,
            balance_amount=NOTHING,
            granted_at=now,
            valid_from=today,
            valid_until=valid_until,
            redeem_by=valid_until + datetime.timedelta(days=parameters.redeem_within_days),
        )
        post(LedgerKind.GRANT, pool, voucher, amount, actor, reason)
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
    amount = checked(amount)
    with transaction.atomic():
        pool, voucher = locked(voucher)
        require(permissions.owns(actor, voucher), VoucherError(_("只能使用本机构的创新券。")))
        require(
            voucher.redeem_by >= timezone.localdate(),
            VoucherError(
                _("创新券 %(number)s 的兑付期限已于 %(day)s 截止，不能再使用。")
                % {"number": voucher.number, "day": voucher.redeem_by}
            ),
        )
        post(LedgerKind.RESERVE, pool, voucher, amount, actor, reason, named(order_number))
    return voucher


def release(*, voucher: Voucher, amount: Decimal, actor: User, order_number: str, reason: str) -> Voucher:
    """Give reserved money back to the balance: the claim was withdrawn, returned or reduced."""
    amount = checked(amount)
    with transaction.atomic():
        pool, voucher = locked(voucher)
        require(permissions.may_release(actor, voucher), VoucherError(_("您不能解除这张创新券的预留金额。")))
        post(LedgerKind.RELEASE, pool, voucher, amount, actor, reason, named(order_number))
    return voucher


def redeem(*, voucher: Voucher, amount: Decimal, actor: User, order_number: str, reason: str) -> Voucher:
    """Reserved money has been paid out. Whether it may be is for who calls: here it only leaves the voucher."""
    amount = checked(amount)
    require(permissions.may_redeem(actor), VoucherError(_("您没有兑付创新券的权限，请联系系统管理员。")))
    with transaction.atomic():
        pool, voucher = locked(voucher)
        post(LedgerKind.REDEEM, pool, voucher, amount, actor, reason, named(order_number))
    return voucher


def claw_back(*, voucher: Voucher, amount: Decimal, actor: User, order_number: str, reason: str) -> Voucher:
    """Paid money has been taken back from who had no right to it; it returns to the pool, and the owner is told."""
    amount = checked(amount)
    require(permissions.may_redeem(actor), VoucherError(_("您没有追回资金的权限，请联系系统管理员。")))
    with transaction.atomic():
        pool, voucher = locked(voucher)
        post(LedgerKind.CLAW_BACK, pool, voucher, amount, actor, reason, named(order_number))
        _tell(
            voucher,
            _("创新券资金被追回：%s 元") % format_yuan(amount),
            _("券号 %(number)s，订单 %(order)s。原因：%(reason)s")
            % {"number": voucher.number, "order": order_number, "reason": reason},
        )
    return voucher


def return_voucher(
    *,
    voucher: Voucher,
    actor: User,
    reason: str,
    amount: Decimal | None = None,
    last_entry: int | None = None,
) -> Voucher:
    """退券: the balance, or that much of it, goes back to the pool.

    Not while a claim on the voucher is under way: that might give money back; and not past ``redeem_by``, when it expires by itself
    and counts as not used. ``last_entry`` is the primary key of the voucher's
    last entry when the form was opened: where it is another by now, nothing moves.
    """
    with transaction.atomic():
        pool, voucher = locked(voucher)
        require(permissions.may_return(actor, voucher), VoucherError(_("只能退回本机构的创新券。")))
        require(
            last_entry is None or voucher.entries.latest("pk").pk == last_entry,
            VoucherError(
                _(
                    "您打开表单以后，创新券 %(number)s 的资金有变动，余额现在是 %(balance)s 元；可能是同一笔提交了两次。"
                    "请核对，确需再退回时重新提交。"
                )
                % {"number": voucher.number, "balance": format_yuan(voucher.balance_amount)}
            ),
        )
        require(
            voucher.redeem_by >= timezone.localdate(),
            VoucherError(
                _("创新券 %(number)s 的兑付期限已于 %(day)s 截止，余额会自动收回，不需要退券。")
                % {"number": voucher.number, "day": voucher.redeem_by}
            ),
        )
        require(
            voucher.reserved_amount == 0,
            VoucherError(
                _("创新券 %(number)s 有 %(amount)s 元正在兑付审核中，请等审核结束或撤回兑付申请后再退券。")
                % {"number": voucher.number, "amount": format_yuan(voucher.reserved_amount)}
            ),
        )
        returned = voucher.balance_amount if amount is None else checked(amount)
        require(
            voucher.balance_amount > 0, VoucherError(_("创新券 %s 已没有余额，不需要退券。") % voucher.number)
        )
        post(LedgerKind.RETURN, pool, voucher, returned, actor, reason)
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
        pool, voucher = locked(voucher)
        require(
            voucher.redeem_by < timezone.localdate(),
            VoucherError(_("创新券 %s 还没有过兑付期限，不能收回。") % voucher.number),
        )
        expired = voucher.balance_amount
        require(expired > 0, VoucherError(_("创新券 %s 已没有余额，不需要收回。") % voucher.number))
        post(LedgerKind.EXPIRE, pool, voucher, expired, None, _("兑付期限已过，自动收回。"))
        _tell(
            voucher,
            _("创新券已过期：%s 元退回资金池") % format_yuan(expired),
            _("创新券 %(number)s 的兑付期限已于 %(day)s 截止，未用的 %(amount)s 元已退回资金池。")
            % {"number": voucher.number, "day": voucher.redeem_by, "amount": format_yuan(expired)},
        )
    return voucher


def _this_years_pool() -> tuple[Pool, datetime.datetime]:
    """Locked until the transaction ends, with the moment at which that was: the year may have ended in the queue."""
    pool = _pool_of_year(timezone.localdate().year)
    now = timezone.now()
    year = timezone.localdate(now).year
    return (pool if pool.year == year else _pool_of_year(year)), now


def _pool_of_year(year: int) -> Pool:
    pool = Pool.objects.filter(year=year).first()
    if pool is None:
        raise VoucherError(_("%d 年度的资金池还没有设立，请先注入资金。") % year)
    (pool,) = Pool.objects.locked(pool.pk)
    return cast(Pool, pool)


def _require_within_the_year(pool: Pool, amount: Decimal) -> None:
    most = current_parameters().yearly_pool_amount
    granted = pool.issued_amount
    require(
        granted + amount <= most,
        VoucherError(
            _(
                "%(year)d 年度发放总额不能超过项目参数规定的 %(most)s 元：已发放 %(granted)s 元，"
                "最多还可发放 %(left)s 元。"
            )
            % {
                "year": pool.year,
                "most": format_yuan(most),
                "granted": format_yuan(granted),
                "left": format_yuan(max(most - granted, NOTHING)),
            }
        ),
    )


def _tell(voucher: Voucher, subject: str, body: str) -> None:
    notify(
        recipient=voucher.consumer.account,
        subject=subject,
        body=body,
        link=voucher.get_centre_url(),
        text=_("您的创新券有变化"),
    )
