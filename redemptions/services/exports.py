"""导出拨付清单: what the treasury pays, frozen when it is first exported, with a control line and a hash. Amounts in yuan.

The hash is SHA-256, in UTF-8, over one line of text for each payment in order, each ended by a line feed: reference, account
name, bank, branch, account number and amount with two places, separated by tabs. Whoever has the list can compute it again.
"""

import hashlib
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.money import NOTHING
from institutions.permissions import may_view_bank_account
from redemptions.exceptions import FileProblems, RedemptionError
from redemptions.models import PayoutBatch, PayoutLine
from redemptions.services.accounts import ACCOUNT_FIELDS, account_of, plain, same_account
from redemptions.services.batches import batch_to, locked_waiting_lines, require_payer, require_status
from redemptions.statuses import BatchStatus, LineStatus
from workflow.audit import record_step
from workflow.statuses import Action


def export_batch(*, batch: PayoutBatch, actor: User) -> PayoutBatch:
    """Freeze what is to be paid. Raises FileProblems naming every line whose account is no longer the institution's own."""
    require_payer(actor)
    _require_bank(actor)
    with transaction.atomic():
        batch = PayoutBatch.objects.locked(batch.pk)
        require_status(batch, BatchStatus.READY)
        lines = locked_waiting_lines(batch)
        require(bool(lines), RedemptionError(_("%s里没有待拨付的明细。") % batch))
        problems = [problem for line in lines if (problem := _account_problem(line))]
        require(not problems, FileProblems(problems))
        batch.line_count, batch.total_amount = len(lines), total_of(lines)
        batch.export_hash = hash_of(lines)
        batch.exported_at, batch.exported_by = timezone.now(), actor
        names = ("line_count", "total_amount", "export_hash", "exported_at", "exported_by")
        batch_to(batch, BatchStatus.EXPORTED, Action.EXPORT_BATCH, actor, *names)
    return batch


def download_batch(*, batch: PayoutBatch, actor: User, file_name: str) -> Sequence[PayoutLine]:
    """The exported lines with their account numbers, for a file of that name; the audit trail keeps that it was taken."""
    require_payer(actor)
    _require_bank(actor)
    with transaction.atomic():
        batch = PayoutBatch.objects.locked(batch.pk)
        require_status(batch, BatchStatus.EXPORTED, BatchStatus.DONE)
        require(
            batch.exported_at is not None,
            RedemptionError(_("%s没有导出过，没有可以下载的清单。") % batch),
        )
        lines = exported_lines(batch)
        require(
            hash_of(lines) == batch.export_hash,
            RedemptionError(_("%s的明细与导出时的校验值不一致，不能下载。请联系系统管理员。") % batch),
        )
        record_step(record=batch, actor=actor, action=Action.VIEW_BANK, changes={_("文件"): ["", file_name]})
    return lines


def exported_lines(batch: PayoutBatch) -> list[PayoutLine]:
    """What the file had: nothing leaves a batch after its export, whatever has become of it."""
    lines = list(
        batch.payouts.exclude(status=LineStatus.LEFT).select_related("redemption").order_by("position")
    )
    for line in lines:
        line.batch = batch
    return lines


def total_of(lines: Sequence[PayoutLine]) -> Decimal:
    return sum((line.amount for line in lines), NOTHING)


def hash_of(lines: Sequence[PayoutLine]) -> str:
    texts = []
    for line in lines:
        account = [plain(getattr(line, name)) for name in ACCOUNT_FIELDS]
        texts.append("\t".join([line.reference, *account, f"{line.amount:.2f}"]) + "\n")
    return hashlib.sha256("".join(texts).encode()).hexdigest()


def _account_problem(line: PayoutLine) -> str:
    """Why this line cannot be paid now, with the cure; empty where it can."""
    redemption = line.redemption
    try:
        account = account_of(redemption)
    except RedemptionError as error:
        return _("%(line)s：%(problem)s可以先移出本批次。") % {"line": line.reference, "problem": error}
    if same_account(redemption, account) and same_account(line, account):
        return ""
    return _(
        "%(line)s：“%(consumer)s”的收款账户在审核通过后变更过，现在是%(name)s，%(number)s。"
        "请由复审人员在兑付申请 %(redemption)s 上“更正收款账户”，或把这一笔移出批次。"
    ) % {
        "line": line.reference,
        "consumer": redemption.consumer,
        "name": account["payee_name"],
        "number": account["account_number"],
        "redemption": redemption.number,
    }


def _require_bank(actor: User) -> None:
    require(
        may_view_bank_account(actor),
        RedemptionError(_("导出的清单有完整的银行账号，只有办理兑付的人员可以导出和下载。")),
    )
