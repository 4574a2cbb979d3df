"""The moves of a submission: save, submit, withdraw, approve, return.

Lock order: the record's row first, then Wagtail's workflow rows, which only ever hang on one record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import DomainError, require
from accounts.models import User
from accounts.services import notify
from workflow import permissions
from workflow.audit import record_step
from workflow.differences import changed_values, plain_values
from workflow.exceptions import IncompleteError, StaleFormError, WorkflowError
from workflow.models import ReviewTask, ReviewTaskState, Submission
from workflow.signals import submission_moved
from workflow.statuses import TRANSITIONS, Action, SubmissionStatus
from workflow.working_days import add_working_days

S = TypeVar("S", bound=Submission)


def create_draft(*, record: S, actor: User, reason: str = "") -> S:
    """Store a new record as its owner's draft. It may be incomplete. ``reason`` says where it comes from.

    Raises WorkflowError if the record is not the actor's own.
    """
    with transaction.atomic():
        require(record.owner.pk == actor.pk, WorkflowError(_("只能新增本机构的记录。")))
        record.save()
        record_step(record=record, actor=actor, action=Action.CREATE, reason=reason)
    return record


def save_draft(*, record: S, actor: User, version: int, reason: str = "") -> S:
    """Store what the owner has typed so far. It may be incomplete; nothing is submitted.

    ``record`` carries the new values, children (photos) included; ``version`` is the one the form was
    opened on. Raises StaleFormError if the record was saved meanwhile, WorkflowError if it is not the
    actor's to edit now.
    """
    with transaction.atomic():
        stored = type(record)._default_manager.locked(record.pk)
        require(permissions.may_edit(actor, stored), WorkflowError(_not_editable(stored)))
        require(stored.version == version, StaleFormError())
        changes = changed_values(plain_values(stored), plain_values(record))
        record.take_moderation_of(stored)
        record.version = stored.version + 1
        record.save()
        if changes:
            record_step(record=record, actor=actor, action=Action.SAVE, changes=changes, reason=reason)
    return record


def submit(*, record: S, actor: User, reason: str = "") -> S:
    """Hand the record in for review (完成): checks that it is complete, freezes it as a revision.

    Raises IncompleteError with every problem by field, WorkflowError if it cannot be submitted now.
    """
    with transaction.atomic():
        record = type(record)._default_manager.locked(record.pk)
        require(permissions.may_edit(actor, record), WorkflowError(_not_editable(record)))
        frozen = record.values_to_freeze()
        problems = record.submission_problems()
        require(not problems, IncompleteError(problems))
        workflow = record.get_workflow()
        require(workflow is not None, WorkflowError(_("尚未设置审核流程，请联系平台管理人员。")))
        # A returned record still carries Wagtail's "needs changes" state; a new submission starts afresh.
        if leftover := record.current_workflow_state:
            leftover.cancel(user=actor)
        now = timezone.now()
        _move(
            record,
            Action.SUBMIT,
            actor=actor,
            reason=reason,
            submitted_at=now,
            submitted_by=actor,
            due_on=add_working_days(timezone.localdate(now), record.review_target_days()),
            decided_at=None,
            return_reason="",
            return_notes={},
            **frozen,
        )
        record.save_revision(user=actor, clean=False)
        workflow.start(record, actor)
    return record


def withdraw(*, record: S, actor: User, reason: str = "") -> S:
    """Take a pending or approved record back to draft (撤回并修改信息); it leaves the public at once.

    Raises WorkflowError if it is not the actor's, or not in a state to withdraw from.
    """
    with transaction.atomic():
        record = type(record)._default_manager.locked(record.pk)
        require(
            permissions.may_withdraw(actor, record),
            WorkflowError(record.kept_reason or _("这条记录现在不能撤回，请刷新页面查看最新状态。")),
        )
        if workflow_state := record.current_workflow_state:
            workflow_state.cancel(user=actor)
        _move(
            record, Action.WITHDRAW, actor=actor, reason=reason, live=False, live_revision=None, due_on=None
        )
    return record


def approve(
    *,
    record: S,
    actor: User,
    comment: str = "",
    revision_id: int | None = None,
    task_state_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> S:
    """Approve the record at its current step; after the last step it is public, and what follows from it is done.

    ``revision_id`` is the submission the reviewer has seen and ``task_state_id`` the step; a caller that shows nobody a
    page names neither. ``details`` is what the last step decides besides (``Submission.settle``). Raises WorkflowError
    if it is no longer waiting, was submitted anew or has left that step since, or the actor may not decide it (four
    eyes), and the DomainError of whatever follows: then nothing has changed.
    """
    with transaction.atomic():
        record = type(record)._default_manager.locked(record.pk)
        task_state = _decidable(record, actor, revision_id, task_state_id)
        task_state.approve(user=actor, comment=comment)
        # The last approval publishes: Wagtail rewrites the row from the revision. Read it again.
        record = type(record)._default_manager.get(pk=record.pk)
        if record.current_workflow_state is not None:
            _move(record, Action.APPROVE_STEP, actor=actor, reason=comment)
            return record
        _move(
            record,
            Action.APPROVE,
            actor=actor,
            reason=comment,
            decided_at=timezone.now(),
            approved_revision_id=record.live_revision_id,
        )
        told = record.settle(actor=actor, comment=comment, details=details or {})
        notify(
            recipient=record.owner,
            subject=_("%(type)s“%(title)s”已通过审核") % _names(record),
            body=told or _("您提交的信息已通过审核。"),
            link=record.get_centre_url(),
            text=_("您提交的%s信息已通过审核") % record._meta.verbose_name,
        )
    return record


def return_for_changes(
    *,
    record: S,
    actor: User,
    reason: str,
    notes: dict[str, str] | None = None,
    revision_id: int | None = None,
    task_state_id: int | None = None,
) -> S:
    """Send the record back to its owner with a reason, and notes by field where the reviewer named one.

    Raises WorkflowError as ``approve`` does, and if there is neither a reason nor a note.
    """
    reason = reason.strip()
    notes = {name: note.strip() for name, note in (notes or {}).items() if note.strip()}
    with transaction.atomic():
        record = type(record)._default_manager.locked(record.pk)
        task_state = _decidable(record, actor, revision_id, task_state_id)
        require(bool(reason or notes), WorkflowError(_("退回时请填写原因，或在具体字段旁指出问题。")))
        reason = reason or _("请按各字段旁的说明修改后重新提交。")
        task_state.reject(user=actor, comment=reason)
        _move(
            record,
            Action.RETURN,
            actor=actor,
            reason=reason,
            decided_at=timezone.now(),
            return_reason=reason,
            return_notes=notes,
            due_on=None,
        )
        notify(
            recipient=record.owner,
            subject=_("%(type)s“%(title)s”被退回，请修改") % _names(record),
            body=reason,
            link=record.get_centre_url(),
            text=_("您提交的%s信息被退回，请修改") % record._meta.verbose_name,
        )
    return record


@dataclass
class BulkResult:
    """What came of a decision on many records: how many went through, and why others did not."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


def decide_many(
    *, task_states: Iterable[ReviewTaskState], actor: User, approving: bool, reason: str = ""
) -> BulkResult:
    """Approve or return many records, each in its own transaction: one that fails stops no other."""
    result = BulkResult()
    for state in task_states:
        model = state.record_type.model_class()
        try:
            record = model._default_manager.get(pk=state.record_id)
            seen = {"revision_id": state.revision_id, "task_state_id": state.pk}
            if approving:
                approve(record=record, actor=actor, comment=reason, **seen)
            else:
                return_for_changes(record=record, actor=actor, reason=reason, **seen)
        except model.DoesNotExist:
            result.refused.append(_("“%s”：记录已被删除。") % state.record_title)
        except DomainError as error:
            result.refused.append(f"“{state.record_title}”：{error}")
        else:
            result.done += 1
    return result


def _move(record: Submission, action: Action, *, actor: User, reason: str = "", **values: Any) -> None:
    """The only place that changes a status: table, conditional write, audit, signal."""
    old = SubmissionStatus(record.status)
    new = TRANSITIONS.get((old, action))
    if new is None:
        raise WorkflowError(_("这条记录已是“%s”状态，请刷新页面查看。") % old.label)
    values |= {"status": new, "version": record.version + 1}
    moved = (
        type(record)
        ._default_manager.filter(pk=record.pk, status=old, version=record.version)
        .update(**values, updated_at=timezone.now())
    )
    require(moved == 1, WorkflowError(_("这条记录刚被其他人处理过，请刷新页面查看。")))
    for name, value in values.items():
        setattr(record, name, value)
    record_step(
        record=record, actor=actor, action=action, reason=reason, changes={"status": [old.value, new.value]}
    )
    submission_moved.send(sender=type(record), record=record, action=action, actor=actor)


def step_problem(record: Submission) -> str:
    """Why nobody can decide the step at hand, in a sentence for staff; empty where somebody can."""
    task = record.current_workflow_task
    if task is None or isinstance(task, ReviewTask):
        return ""
    return (
        _("审核流程的步骤“%s”不是“审核步骤”，不能用来审核这类记录，请联系平台管理人员修改审核流程。")
        % task.name
    )


def _decidable(
    record: Submission, actor: User, revision_id: int | None, task_state_id: int | None
) -> ReviewTaskState:
    task_state = record.current_workflow_task_state
    if record.status != SubmissionStatus.PENDING or task_state is None:
        raise WorkflowError(_("这条记录已不在待审核状态，可能已被处理或撤回。"))
    if revision_id is not None and record.latest_revision_id != revision_id:
        raise WorkflowError(_("这条记录在您打开之后重新提交过，请查看新内容后再决定。"))
    if task_state_id is not None and task_state.pk != task_state_id:
        raise WorkflowError(_("本步已由他人处理，请刷新页面查看。"))
    if problem := step_problem(record):
        raise WorkflowError(problem)
    if not permissions.may_decide(actor, record):
        raise WorkflowError(_("您不能审核这条记录：不在本步审核组内，是您本人提交的，或您通过了它的前一步。"))
    return task_state


def _not_editable(record: Submission) -> str:
    if record.kept_reason:
        return record.kept_reason
    if record.is_withdrawable:
        return _("这条记录已提交或已通过审核，请先点击“撤回并修改信息”。")
    return _("您不能修改这条记录。")


def _names(record: Submission) -> dict[str, str]:
    return {"type": str(record._meta.verbose_name), "title": str(record)}
