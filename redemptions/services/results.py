"""导入银行结果: the bank's file is found right as a whole, kept, and then applied line by line, each in its own transaction.

Interrupted anywhere, even killed, what is applied is whole, and applying again goes on with the rest: a line that has its result is
left alone. Lock order: order and redemption of the line, then the pools and vouchers in key order.
"""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import DomainError, require
from accounts.models import User
from accounts.money import NOTHING, format_yuan
from accounts.public_version import public_changed
from accounts.services import notify
from programme.models import Payee
from redemptions.exceptions import RedemptionError
from redemptions.models import BankResult, PayoutBatch, PayoutLine, Redemption
from redemptions.moves import move, tell
from redemptions.result_checks import checked_rows
from redemptions.result_files import read_result_file
from redemptions.services.batches import end_if_empty, require_payer
from redemptions.services.claims import locked
from redemptions.statuses import BatchStatus, LineStatus
from vouchers import services as voucher_services
from vouchers.models import Pool
from workflow.audit import record_step
from workflow.statuses import Action


@dataclass
class Applied:
    """What came of a file: lines paid, failed, and left alone because they had their result; what could not be applied."""

    paid: int = 0
    failed: int = 0
    skipped: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        sentence = _("成功 %(paid)d 笔，失败 %(failed)d 笔。") % {"paid": self.paid, "failed": self.failed}
        if self.skipped:
            sentence += _("另有 %d 笔已有结果，没有重复记账。") % self.skipped
        return sentence + "".join(self.problems)


def import_result(
    *, batch: PayoutBatch, actor: User, name: str, content: bytes
) -> tuple[BankResult, Applied]:
    """Take the bank's file on and apply it. Raises FileProblems with all that is wrong, and then has changed nothing.

    The same file again goes on where it was interrupted; once it is applied, it is refused.
    """
    result = keep_result(batch=batch, actor=actor, name=name, content=content)
    return result, apply_result(result=result, actor=actor)


def keep_result(*, batch: PayoutBatch, actor: User, name: str, content: bytes) -> BankResult:
    """Check the whole file and store what it says; nothing is paid yet."""
    require_payer(actor)
    file = read_result_file(name=name, content=content)
    with transaction.atomic():
        batch = PayoutBatch.objects.locked(batch.pk)
        earlier = batch.results.filter(sha256=file.sha256).first()
        if earlier is not None:
            require(
                earlier.applied_at is None,
                RedemptionError(
                    _("这份文件已于 %s 导入过。每笔结果只记一次，没有重复拨付。")
                    % f"{timezone.localtime(earlier.imported_at):%Y-%m-%d %H:%M}"
                ),
            )
            return earlier
        require(
            not batch.results.filter(applied_at=None).exists(),
            RedemptionError(_("上一份银行结果还没有处理完。请先点“继续处理”，再导入新的文件。")),
        )
        rows = checked_rows(batch, file)
        result = BankResult.objects.create(
            batch=batch, file_name=file.name, sha256=file.sha256, rows=rows, imported_by=actor
        )
        changes = {
            _("文件"): ["", file.name],
            "line_count": ["", str(len(rows))],
            _("校验值"): ["", file.sha256],
        }
        record_step(record=batch, actor=actor, action=Action.IMPORT_RESULT, changes=changes)
    return result


def apply_result(*, result: BankResult, actor: User) -> Applied:
    """Apply what is left of it. Safe to repeat, to interrupt and to run twice at once."""
    require_payer(actor)
    applied = Applied()
    lines = {line.position: line for line in result.batch.payouts.select_related("redemption")}
    for position, _amount, is_paid, day, reference, failure in result.rows:
        line = lines[position]
        try:
            if not _apply_line(line, actor, is_paid, day, reference, failure):
                applied.skipped += 1
            elif is_paid:
                applied.paid += 1
            else:
                applied.failed += 1
        except DomainError as error:
            applied.problems.append(_("%(line)s：%(problem)s") % {"line": line.reference, "problem": error})
    if not applied.problems:
        _finish(result, actor)
    return applied


def resume_results() -> tuple[int, list[str]]:
    """Go on with files whose import was interrupted, as who imported them: how many, and what kept which."""
    done, failures = 0, []
    for result in BankResult.objects.filter(applied_at=None).select_related("batch", "imported_by"):
        try:
            applied = apply_result(result=result, actor=result.imported_by)
        except DomainError as error:
            failures.append(f"{result.batch.number}: {error}")
            continue
        done += not applied.problems
        failures += [f"{result.batch.number}: {problem}" for problem in applied.problems]
    return done, failures


def _apply_line(line: PayoutLine, actor: User, is_paid: bool, day: str, reference: str, failure: str) -> bool:
    """Record one line's result with all its money, or nothing; False where it has its result."""
    with transaction.atomic():
        redemption = locked(line.redemption)
        rows = PayoutLine.objects.select_for_update(
            of=("self",)
        )  # the batch's row is locked before redemptions only
        row = rows.select_related("batch").get(pk=line.pk)
        if row.status != LineStatus.WAITING:
            return False
        if is_paid:
            _pay(row, redemption, actor, datetime.date.fromisoformat(day))
            row.status, row.paid_on = LineStatus.PAID, datetime.date.fromisoformat(day)
        else:
            _fail(row, redemption, actor, failure)
            row.status = LineStatus.FAILED
        row.bank_reference, row.failure = reference, failure
        row.save(update_fields=["status", "paid_on", "bank_reference", "failure"])
    return True


def _pay(line: PayoutLine, redemption: Redemption, actor: User, day: datetime.date) -> None:
    shares = list(redemption.shares.select_related("voucher").order_by("voucher_id"))
    require(
        sum((share.amount for share in shares), NOTHING) == line.amount == redemption.amount,
        RedemptionError(_("核定金额与各张创新券的金额合计不一致，没有记账。请联系系统管理员。")),
    )
    Pool.objects.locked(*{share.voucher.pool_id for share in shares})
    for share in shares:
        voucher_services.redeem(
            voucher=share.voucher,
            amount=share.amount,
            actor=actor,
            order_number=redemption.order.number,
            reason=_("拨付 %s") % line.reference,
        )
    move(redemption, Action.PAY, actor=actor, paid_on=day, note=_("拨付编号 %s") % line.reference)
    if redemption.payee == Payee.PROVIDER:
        notify(
            recipient=redemption.provider.account,
            subject=_("订单 %(order)s 的兑付款已拨付：%(amount)s 元")
            % {"order": redemption.order.number, "amount": format_yuan(line.amount)},
            body=_("%(day)s 拨付到贵机构的账户 %(number)s。") % {"day": day, "number": line.account_number},
            link=redemption.order.get_centre_url(),
            text=_("兑付款已拨付"),
        )
    tell(
        redemption,
        _("已拨付：%s 元") % format_yuan(line.amount),
        _("%(day)s 拨付到%(name)s的账户 %(number)s。")
        % {"day": day, "name": line.payee_name, "number": line.account_number},
    )


def _fail(line: PayoutLine, redemption: Redemption, actor: User, failure: str) -> None:
    """The money stays reserved: it is paid in a later batch, to a corrected account."""
    move(redemption, Action.FAIL_PAYMENT, actor=actor, note=failure)
    if redemption.payee == Payee.PROVIDER:
        notify(
            recipient=redemption.provider.account,
            subject=_("订单 %s 的兑付款没有付成，请更正收款账户") % redemption.order.number,
            body=_("银行说明：%s。请在应用中心“收款账户”中更正，更正后由运营部门重新拨付。")
            % failure.rstrip("。"),
            link=reverse("redemptions:account"),
            text=_("兑付款没有付成，请更正收款账户"),
        )
        tell(redemption, _("拨付失败"), _("银行没有付成，已通知接券机构更正收款账户，金额仍为贵单位保留。"))
        return
    tell(
        redemption,
        _("拨付失败，请更正收款账户"),
        _("银行说明：%s。请在“机构信息”中更正对公账户并提交审核，审核通过后重新拨付。金额仍为您保留。")
        % failure.rstrip("。"),
    )


def _finish(result: BankResult, actor: User) -> None:
    """The file is done with; the batch too, where no line waits any more."""
    with transaction.atomic():
        batch = PayoutBatch.objects.locked(result.batch_id)
        BankResult.objects.filter(pk=result.pk, applied_at=None).update(applied_at=timezone.now())
        if batch.status == BatchStatus.EXPORTED:
            end_if_empty(batch, Action.IMPORT_RESULT, actor)
        public_changed()
