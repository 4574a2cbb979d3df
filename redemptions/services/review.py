"""初审 and 复审: two people, documents beside data. The decider may grant less, send back, or refuse.

Lock order: the batch it waits in, order and redemption, consumer, pools, vouchers. Every verb raises RedemptionError with a sentence
and then has changed nothing.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.money import FEN, format_yuan
from accounts.public_version import public_changed
from redemptions.exceptions import RedemptionError
from redemptions.models import PayoutBatch, PayoutLine, Redemption
from redemptions.moves import acting, move, required_reason, tell
from redemptions.permissions import may_check, may_decide
from redemptions.services.accounts import account_digest, account_of, account_text, same_account
from redemptions.services.batches import end_if_empty
from redemptions.services.checking import answered, run_checks
from redemptions.services.claims import end_claim, last_day_of, locked, reduce_to, told_returned
from redemptions.statuses import LineStatus, RedemptionStatus
from workflow.statuses import Action


def check_claim(
    *, redemption: Redemption, actor: User, comment: str = "", answers: Mapping[str, str] | None = None
) -> Redemption:
    """初审通过: on to somebody else for the decision.

    The checks are run once more; ``answers`` says of each that did not pass, by its key, why it is all right.
    """
    _check_again(redemption, actor)
    with transaction.atomic():
        redemption = _as_seen(redemption)
        acting(redemption, actor, Action.CHECK_CLAIM)
        evidence = answered(redemption, answers or {})
        values = {"checked_by": actor, "checked_at": timezone.now()}
        move(
            redemption,
            Action.CHECK_CLAIM,
            actor=actor,
            note=comment.strip(),
            evidence=evidence,
            **values,
        )
    return redemption


def approve_claim(
    *,
    redemption: Redemption,
    actor: User,
    amount: Decimal | None = None,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    seen_account: str | None = None,
) -> Redemption:
    """复审通过, for the amount claimed or, with a reason, for less: the rest goes back to the vouchers at once.

    Checks and ``answers`` as for 初审通过. Freezes the payee's account as it is now: the money goes nowhere else.
    ``seen_account`` is the digest of the one that the decider looked at; another by now, and nothing is decided.
    """
    _check_again(redemption, actor)
    with transaction.atomic():
        redemption = _as_seen(redemption)
        acting(redemption, actor, Action.APPROVE_CLAIM)
        _require_second_person(redemption, actor)
        evidence = answered(redemption, answers or {})
        granted = redemption.amount if amount is None else _checked_amount(redemption, amount)
        if granted < redemption.amount:
            reason = required_reason(reason, _("核减金额须说明原因，用券机构会看到。"))
        reduced = redemption.amount - granted
        values = {"decided_by": actor, "decided_at": timezone.now(), "amount": granted, "reason": reason}
        account = account_of(redemption)
        _require_seen(account, seen_account)
        values |= account | {"account_at": timezone.now()}
        evidence |= {"account": ["", account_text(account)]}
        move(redemption, Action.APPROVE_CLAIM, actor=actor, **values, note=reason, evidence=evidence)
        if reduced:
            reduce_to(redemption, granted, actor=actor, reason=_("核减：%s") % reason)
        tell(
            redemption,
            _("兑付申请审核通过：%s 元") % format_yuan(granted),
            _("核减 %(reduced)s 元，原因：%(reason)s 公示后拨付到%(name)s的对公账户。")
            % {"reduced": format_yuan(reduced), "reason": reason, "name": redemption.payee_name}
            if reduced
            else _("公示后拨付到%s的对公账户。") % redemption.payee_name,
        )
    return redemption


def return_claim(
    *, redemption: Redemption, actor: User, reason: str, document_reasons: Mapping[str, str] | None = None
) -> Redemption:
    """退回, with what is wrong with each paper: the consumer puts it right and submits anew. The money is free meanwhile."""
    reasons = {key: text.strip() for key, text in (document_reasons or {}).items() if text.strip()}
    reason = reason.strip() or "；".join(reasons.values())
    reason = required_reason(reason)
    with transaction.atomic():
        redemption = _as_seen_in_batch(redemption)
        if redemption.status != RedemptionStatus.SUBMITTED:
            _require_second_person(redemption, actor)
        _require_not_with_the_bank(redemption)
        values: dict[str, Any] = {"document_reasons": reasons, "reason": reason[:500]}
        move(redemption, Action.RETURN_CLAIM, actor=actor, note=reason, **values)
        _leave_batch(redemption, actor, reason)
        last_day = last_day_of(redemption)
        end_claim(redemption, actor=actor, reason=_("兑付申请 %s 被退回") % redemption.number)
        told_returned(redemption, reason, last_day)
    return redemption


def refuse_claim(*, redemption: Redemption, actor: User, reason: str) -> Redemption:
    """不予兑付, for good: the order cannot be claimed again. Its papers stay as they were judged."""
    reason = required_reason(reason)
    with transaction.atomic():
        redemption = _as_seen_in_batch(redemption)
        _require_second_person(redemption, actor)
        _require_not_with_the_bank(redemption)
        values: dict[str, Any] = {"decided_by": actor, "decided_at": timezone.now(), "reason": reason}
        move(redemption, Action.REFUSE_CLAIM, actor=actor, note=reason, **values)
        _leave_batch(redemption, actor, reason)
        reduce_to(redemption, Decimal(0), actor=actor, reason=_("兑付申请 %s 不予兑付") % redemption.number)
        tell(
            redemption,
            _("兑付申请不予兑付"),
            _("原因：%s 占用的创新券金额已退还余额。对决定有疑问的，请联系运营部门。") % reason,
        )
    return redemption


def renew_account(*, redemption: Redemption, actor: User, seen_account: str | None = None) -> Redemption:
    """更正收款账户: take the account the institution has now, reviewed anew, in place of the one that was approved.

    By somebody else than who checked the claim. After a payment that failed the account may be the same: the bank was at fault.
    ``seen_account`` as in ``approve_claim``.
    """
    with transaction.atomic():
        redemption = _as_seen_in_batch(redemption)
        _require_second_person(redemption, actor)
        account = account_of(redemption)
        _require_seen(account, seen_account)
        require(
            redemption.status == RedemptionStatus.FAILED or not same_account(redemption, account),
            RedemptionError(
                _("“%s”的收款账户没有变化。请该机构先在应用中心更正对公账户（用券机构须重新通过审核）。")
                % account["payee_name"]
            ),
        )
        _require_not_with_the_bank(redemption)
        was_failed = redemption.status == RedemptionStatus.FAILED
        note = account_text(account)
        move(redemption, Action.RENEW_ACCOUNT, actor=actor, note=note, account_at=timezone.now(), **account)
        _waiting_lines(redemption).update(**account)
        if was_failed:
            tell(redemption, _("收款账户已更正"), _("将在下一批次重新拨付。"))
    return redemption


def _as_seen(redemption: Redemption) -> Redemption:
    """Locked; where it was taken back and submitted anew meanwhile, its papers are others than those that were judged."""
    row = locked(redemption)
    require(
        row.submitted_at == redemption.submitted_at,
        RedemptionError(_("兑付申请 %s 刚刚重新提交过，请刷新页面，核对新的材料。") % row.number),
    )
    return row


def _as_seen_in_batch(redemption: Redemption) -> Redemption:
    """As _as_seen, the batch it waits in locked before it: those who make a batch public or export it lock that first."""
    held = _waiting_lines(redemption).values_list("batch", flat=True).first()
    if held is not None:
        PayoutBatch.objects.locked(held)
    row = _as_seen(redemption)
    require(
        _waiting_lines(row).values_list("batch", flat=True).first() in {None, held},
        RedemptionError(_("兑付申请 %s 刚刚编入了批次，请刷新页面后再试一次。") % row.number),
    )
    return row


def _require_seen(account: Mapping[str, Any], seen: str | None) -> None:
    require(
        seen in {None, account_digest(account)},
        RedemptionError(_("您打开页面以后，收款账户有了变化。请刷新页面，核对新的账户后再作决定。")),
    )


def _check_again(redemption: Redemption, actor: User) -> None:
    """Before the rows are locked: a scan that is new takes half a second."""
    if may_check(actor) or may_decide(actor):
        run_checks(redemption=redemption)


def _require_second_person(redemption: Redemption, actor: User) -> None:
    require(
        redemption.checked_by_id != actor.pk,
        RedemptionError(_("兑付申请 %s 是您初审的，须由另一位审核人员复审。") % redemption.number),
    )


def _checked_amount(redemption: Redemption, amount: Decimal) -> Decimal:
    require(
        amount.is_finite() and 0 < amount <= redemption.amount and amount == amount.quantize(FEN),
        RedemptionError(
            _("核定金额应大于 0，不超过申请的 %s 元，最多两位小数。") % format_yuan(redemption.amount)
        ),
    )
    return amount.quantize(FEN)


def _leave_batch(redemption: Redemption, actor: User, reason: str) -> None:
    """What came to light while it was in a batch takes it out of it."""
    line = _waiting_lines(redemption).select_related("batch").first()
    if line is not None:
        line.status, line.failure = LineStatus.LEFT, reason[:200]
        line.save(update_fields=["status", "failure"])
        end_if_empty(line.batch, Action.LEAVE_BATCH, actor)
        public_changed()


def _require_not_with_the_bank(redemption: Redemption) -> None:
    line = _waiting_lines(redemption).filter(batch__exported_at__isnull=False).select_related("batch").first()
    if line is not None:
        raise RedemptionError(
            _("兑付申请 %(number)s 在已导出的%(batch)s中，清单已交银行，须等银行结果导入后再办理。")
            % {"number": redemption.number, "batch": line.batch}
        )


def _waiting_lines(redemption: Redemption) -> QuerySet[PayoutLine]:
    return PayoutLine.objects.filter(redemption=redemption, status=LineStatus.WAITING)
