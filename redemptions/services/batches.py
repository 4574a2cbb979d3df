"""编制批次, 抽查, 公示 and 导出: from approved redemptions to the file for the treasury. Amounts in yuan.

Lock order: the batch, then order and redemption of each line by the redemption's key, then consumers. Every verb raises
RedemptionError with a sentence and then has changed nothing.
"""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.money import NOTHING, format_yuan
from accounts.public_version import public_changed
from programme.selectors import current_parameters
from redemptions import permissions
from redemptions.draws import draw, new_seed
from redemptions.exceptions import RedemptionError
from redemptions.models import Objection, PayoutBatch, PayoutLine, Redemption
from redemptions.moves import move, required_reason, tell
from redemptions.services.accounts import ACCOUNT_FIELDS
from redemptions.services.claims import locked
from redemptions.statuses import HOLDING_LINES, BatchStatus, LineStatus, RedemptionStatus
from workflow.audit import record_many, record_step
from workflow.statuses import Action

NAMED_AT_ONCE = 5


def ready_for_batch() -> QuerySet[Redemption]:
    """Approved, or payable again after a failure, in no batch and with no open objection; the oldest decision first."""
    held = PayoutLine.objects.filter(redemption=OuterRef("pk"), status__in=HOLDING_LINES)
    objected = Objection.objects.filter(line__redemption=OuterRef("pk"), is_upheld=None)
    rows = Redemption.objects.filter(status__in=[RedemptionStatus.APPROVED, RedemptionStatus.PAYABLE])
    return rows.filter(~Exists(held), ~Exists(objected)).order_by("decided_at", "pk")


def make_batch(
    *,
    actor: User,
    redemptions: Iterable[Redemption] | None = None,
    expected_amount: Decimal | None = None,
) -> PayoutBatch:
    """A batch of these redemptions, or of all that are ready, and its spot check drawn at once.

    ``expected_amount`` is the total that the page said: where it is another by now, nothing is made. Which redemptions were
    public before, and skip publicity, is settled here.
    """
    require_payer(actor)
    with transaction.atomic():
        rows = _locked_for_batch(redemptions)
        total = sum((row.amount for row in rows), NOTHING)
        require(
            expected_amount in {None, total},
            RedemptionError(
                _("可编入批次的兑付申请有变化，现在合计 %s 元。请核对后重新提交。") % format_yuan(total)
            ),
        )
        parameters, year = current_parameters(), timezone.localdate().year
        last = PayoutBatch.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0
        try:
            with transaction.atomic():
                batch = PayoutBatch.objects.create(
                    year=year,
                    serial=last + 1,
                    parameters=parameters,
                    made_by=actor,
                    seed=new_seed(),
                    percent=parameters.spot_check_percent,
                )
        except IntegrityError as error:
            raise RedemptionError(_("刚刚有人编制了另一个批次，请刷新页面后再试一次。")) from error
        drawn = _add_lines(batch, rows)
        changes = {"line_count": ["", str(len(rows))], "total_amount": ["", str(total)]}
        record_step(record=batch, actor=actor, action=Action.MAKE_BATCH, changes=changes)
        record_step(
            record=batch,
            actor=actor,
            action=Action.DRAW,
            changes={"seed": ["", batch.seed], _("抽中"): ["", "、".join(drawn)]},
        )
        steps = ((row, {_("批次"): ["", batch.number]}) for row in rows)
        record_many(steps=steps, actor=actor, action=Action.MAKE_BATCH)
    return batch


def inspect_line(*, line: PayoutLine, actor: User, passed: bool, note: str) -> PayoutLine:
    """抽查 of a drawn line, by a reviewer who has neither checked nor decided the redemption.

    One that fails stays in the batch, and keeps it from going public, until a decider sends it back or refuses it.
    """
    note = required_reason(note, _("请填写抽查说明：看了什么，发现了什么。"))
    with transaction.atomic():
        line, redemption = locked_line(line)
        require(
            permissions.may_check(actor) or permissions.may_decide(actor),
            RedemptionError(_("只有兑付审核人员可以抽查。")),
        )
        require(
            actor.pk not in {redemption.checked_by_id, redemption.decided_by_id},
            RedemptionError(
                _("兑付申请 %s 是您审核过的，须由没有参与初审和复审的人员抽查。") % redemption.number
            ),
        )
        require_status(line.batch, BatchStatus.DRAFT)
        _require_waiting(line)
        require(line.is_drawn, RedemptionError(_("%s 没有被抽中，不需要抽查。") % line.reference))
        require(line.inspected_at is None, RedemptionError(_("%s 已经抽查过了。") % line.reference))
        line.inspected_by, line.inspected_at = actor, timezone.now()
        line.inspection_passed, line.inspection_note = passed, note[:500]
        line.save(update_fields=["inspected_by", "inspected_at", "inspection_passed", "inspection_note"])
        verdict = _("通过") if passed else _("未通过")
        changes = {_("抽查结果"): ["", verdict], _("拨付编号"): ["", line.reference]}
        record_step(record=redemption, actor=actor, action=Action.INSPECT, changes=changes, reason=note)
    return line


def leave_batch(*, line: PayoutLine, actor: User, reason: str) -> PayoutLine:
    """移出: the redemption stays as far as it has come and may go into a later batch; one that was public is made public anew.

    Not a drawn line that has not passed its inspection: leaving would be a way around the draw. Not after the export.
    """
    require_payer(actor)
    reason = required_reason(reason, _("请填写移出批次的原因。"))
    with transaction.atomic():
        line, redemption = locked_line(line)
        batch = line.batch
        require_status(batch, BatchStatus.DRAFT, BatchStatus.PUBLISHED, BatchStatus.READY)
        _require_waiting(line)
        require(
            not line.is_drawn or line.inspection_passed is True,
            RedemptionError(
                _("%s 被抽中，抽查通过前不能移出批次；抽查未通过的，由复审人员退回或不予兑付。")
                % line.reference
            ),
        )
        line.status, line.failure = LineStatus.LEFT, reason[:200]
        line.save(update_fields=["status", "failure"])
        if redemption.status == RedemptionStatus.PUBLISHED:
            move(redemption, Action.LEAVE_BATCH, actor=actor, note=reason)
            public_changed()
        else:
            changes = {_("批次"): [batch.number, ""]}
            record_step(
                record=redemption, actor=actor, action=Action.LEAVE_BATCH, changes=changes, reason=reason
            )
        changes = {_("拨付编号"): [line.reference, ""]}
        record_step(record=batch, actor=actor, action=Action.LEAVE_BATCH, changes=changes, reason=reason)
        end_if_empty(batch, Action.LEAVE_BATCH, actor)
    return line


def publish_batch(*, batch: PayoutBatch, actor: User) -> PayoutBatch:
    """公示, for the days of the batch's parameters, today being the first. With 0 days, or nothing new in it, it is ready at once."""
    require_payer(actor)
    with transaction.atomic():
        batch = PayoutBatch.objects.locked(batch.pk)
        require_status(batch, BatchStatus.DRAFT)
        lines = locked_waiting_lines(batch)
        require(bool(lines), RedemptionError(_("%s里没有待拨付的明细。") % batch))
        _require_inspected(lines)
        days = batch.parameters.publicity_days
        new = [line for line in lines if line.is_public]
        if days and new:
            batch.published_on = timezone.localdate()
            batch.publicity_until = batch.published_on + datetime.timedelta(days=days - 1)
        status = BatchStatus.PUBLISHED if batch.published_on else BatchStatus.READY
        for line in new:
            if batch.published_on:
                move(line.redemption, Action.PUBLISH_BATCH, actor=actor)
                _tell_public(line.redemption, batch)
            else:
                move(line.redemption, Action.CLOSE_BATCH, actor=actor)
        batch_to(batch, status, Action.PUBLISH_BATCH, actor, "published_on", "publicity_until")
        public_changed()
    return batch


def close_publicity(*, batch: PayoutBatch, actor: User | None) -> PayoutBatch:
    """公示结束, once its last day is over and every objection answered. ``actor`` is None for the scheduled command."""
    if actor is not None:
        require_payer(actor)
    with transaction.atomic():
        batch = PayoutBatch.objects.locked(batch.pk)
        require_status(batch, BatchStatus.PUBLISHED)
        lines = locked_waiting_lines(batch)
        require(not (problem := obstacle_to_close(batch)), RedemptionError(problem))
        for line in lines:
            if line.is_public:
                move(line.redemption, Action.CLOSE_BATCH, actor=actor)
        batch_to(batch, BatchStatus.READY if lines else BatchStatus.DONE, Action.CLOSE_BATCH, actor)
        public_changed()
    return batch


def obstacle_to_close(batch: PayoutBatch) -> str:
    """Why its publicity cannot end yet, in a sentence; empty where it can."""
    if batch.publicity_until and timezone.localdate() <= batch.publicity_until:
        return _("%(batch)s公示到 %(day)s（含当天），次日起才能结束公示。") % {
            "batch": batch,
            "day": batch.publicity_until,
        }
    waiting = {"line__batch": batch, "line__status": LineStatus.WAITING, "is_upheld": None}
    objected = Objection.objects.filter(**waiting).select_related("line__batch")
    if references := sorted({one.line.reference for one in objected}):
        return _("还有未处理的公示异议：%s。请由复审人员处理后再结束公示，或先移出这些明细。") % named(
            references
        )
    return ""


def require_payer(actor: User) -> None:
    require(
        permissions.may_pay(actor),
        RedemptionError(_("您没有编制批次和拨付的权限，请联系系统管理员。")),
    )


def locked_line(line: PayoutLine) -> tuple[PayoutLine, Redemption]:
    """The batch's row, then the redemption's, then the line as it is now."""
    batch = PayoutBatch.objects.locked(line.batch_id)
    redemption = locked(Redemption.objects.get(pk=line.redemption_id))
    line = PayoutLine.objects.select_for_update().get(pk=line.pk)
    line.batch, line.redemption = batch, redemption
    return line, redemption


def locked_waiting_lines(batch: PayoutBatch) -> Sequence[PayoutLine]:
    """Those still waiting once all of their redemptions are locked, by position; the batch is locked before."""
    waiting = PayoutLine.objects.filter(batch=batch, status=LineStatus.WAITING)
    for line in waiting.select_related("redemption").order_by("redemption_id"):
        locked(line.redemption)
    related = ("redemption__order", "redemption__consumer__account", "redemption__parameters")
    lines = list(waiting.select_related(*related).order_by("position"))
    for line in lines:
        line.batch = batch
    return lines


def _locked_for_batch(redemptions: Iterable[Redemption] | None) -> list[Redemption]:
    keys = None if redemptions is None else {row.pk for row in redemptions}
    found = ready_for_batch() if keys is None else ready_for_batch().filter(pk__in=keys)
    for row in sorted(found, key=lambda row: row.pk):
        locked(row)
    rows = list(found.all())  # asked again: as they are under the locks
    if keys is not None and (gone := keys - {row.pk for row in rows}):
        numbers = Redemption.objects.filter(pk__in=gone).order_by("pk").values_list("number", flat=True)
        raise RedemptionError(
            _("%s 不能编入批次：须是“待公示”或“待拨付”，不在别的批次里，也没有未处理的公示异议。")
            % named(list(numbers))
        )
    require(bool(rows), RedemptionError(_("没有可以编入批次的兑付申请。")))
    return rows


def _add_lines(batch: PayoutBatch, rows: Sequence[Redemption]) -> list[str]:
    """Lines in the order of the rows; the numbers that were drawn."""
    new = [row.number for row in rows if row.status == RedemptionStatus.APPROVED]
    drawn = draw(seed=batch.seed, percent=batch.percent, numbers=new)
    PayoutLine.objects.bulk_create(
        PayoutLine(
            batch=batch,
            redemption=row,
            position=position,
            amount=row.amount,
            is_public=row.status == RedemptionStatus.APPROVED,
            is_drawn=row.number in drawn,
            **{name: getattr(row, name) for name in ACCOUNT_FIELDS},
        )
        for position, row in enumerate(rows, start=1)
    )
    return drawn


def _require_inspected(lines: Sequence[PayoutLine]) -> None:
    drawn = [line for line in lines if line.is_drawn]
    unseen = [line.reference for line in drawn if line.inspection_passed is None]
    require(not unseen, RedemptionError(_("抽中的明细还没有抽查：%s。") % named(unseen)))
    failed = [line.reference for line in drawn if line.inspection_passed is False]
    require(
        not failed,
        RedemptionError(_("抽查未通过：%s。请由复审人员退回或不予兑付后再公示。") % named(failed)),
    )


def require_status(batch: PayoutBatch, *statuses: BatchStatus) -> None:
    require(
        batch.status in statuses,
        RedemptionError(
            _("%(batch)s现在是“%(status)s”，不能这样办理。请刷新页面，查看最新进展。")
            % {"batch": batch, "status": batch.get_status_display()}
        ),
    )


def _require_waiting(line: PayoutLine) -> None:
    require(
        line.status == LineStatus.WAITING,
        RedemptionError(
            _("%(line)s 现在是“%(status)s”，不能再办理。")
            % {"line": line.reference, "status": line.get_status_display()}
        ),
    )


def batch_to(
    batch: PayoutBatch, status: BatchStatus, action: Action, actor: User | None, *names: str
) -> None:
    """The batch, locked, in another state, with what else of it is to be written."""
    before, batch.status = batch.status, status
    batch.save(update_fields=["status", *names])
    record_step(record=batch, actor=actor, action=action, changes={"status": [before, status.value]})


def end_if_empty(batch: PayoutBatch, action: Action, actor: User) -> None:
    """已完成 where no line of the batch, locked, waits any more."""
    if not batch.payouts.filter(status=LineStatus.WAITING).exists():
        batch_to(batch, BatchStatus.DONE, action, actor)


def _tell_public(redemption: Redemption, batch: PayoutBatch) -> None:
    tell(
        redemption,
        _("兑付申请开始公示"),
        _("公示到 %s（含当天），没有异议的，公示结束后拨付。") % batch.publicity_until,
    )


def named(references: Sequence[str]) -> str:
    """The first few; how many there are in all."""
    shown = "、".join(references[:NAMED_AT_ONCE])
    more = len(references) - NAMED_AT_ONCE
    return _("%(shown)s 等 %(count)d 笔") % {"shown": shown, "count": len(references)} if more > 0 else shown
