"""Many approved records at once.

Submitting and approving one record through the services takes some 150 statements, and the
demonstration has more than a thousand of them. This leaves the same rows behind in a fixed number of statements;
tests/home/test_load_demo.py compares the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import ReferenceIndex, Revision, TaskState, WorkflowState

from accounts.models import Message, User
from catalogue.models import Instrument, ServiceRecord
from home.demo.clock import given_timestamps
from workflow.models import AuditEntry, ReviewTaskState, Submission
from workflow.statuses import Action, SubmissionStatus
from workflow.working_days import add_working_days

BATCH = 200
STEPS: tuple[tuple[Action, dict[str, list[str]]], ...] = (
    (Action.CREATE, {}),
    (Action.SUBMIT, {"status": [SubmissionStatus.DRAFT.value, SubmissionStatus.PENDING.value]}),
    (Action.APPROVE, {"status": [SubmissionStatus.PENDING.value, SubmissionStatus.APPROVED.value]}),
)


@dataclass
class Approved:
    """A record not stored yet, its unsaved photos or its instruments, and when and by whom it went through."""

    record: Any
    created_at: datetime
    submitted_at: datetime
    decided_at: datetime
    reviewer: User
    photos: list[Any] = field(default_factory=list)
    instruments: list[Instrument] = field(default_factory=list)


def create_approved(cases: Sequence[Approved]) -> None:
    """Store the records, all of one model, as created, submitted and approved."""
    if not cases:
        return
    _store_rows(cases)
    store_reviews(cases)
    for case in cases:
        ReferenceIndex.create_or_update_for_object(case.record)


def store_reviews(cases: Sequence[Approved]) -> None:
    """What a review leaves behind for records that are stored as approved: revision, task, audit trail, message."""
    content_type = ContentType.objects.get_for_model(type(cases[0].record))
    revisions = _store_revisions(content_type, cases)
    _store_task_states(content_type, cases, revisions)
    _store_trail(content_type, cases)
    _tell_owners(cases)


def set_approved(case: Approved) -> None:
    """Give the record the values of one that was created, submitted and approved."""
    record = case.record
    record.status = SubmissionStatus.APPROVED
    record.version = 3
    record.submitted_at, record.submitted_by = case.submitted_at, record.owner
    record.due_on = add_working_days(timezone.localdate(case.submitted_at), record.review_target_days())
    record.decided_at = record.updated_at = case.decided_at
    record.created_at = case.created_at
    record.live, record.has_unpublished_changes = True, False
    record.first_published_at = record.last_published_at = case.decided_at


def _store_rows(cases: Sequence[Approved]) -> None:
    model = type(cases[0].record)
    for case in cases:
        set_approved(case)
    with given_timestamps(model):
        model._default_manager.bulk_create([case.record for case in cases], batch_size=BATCH)
    photos = [photo for case in cases for photo in case.photos]
    if photos:
        type(photos[0])._default_manager.bulk_create(photos, batch_size=BATCH)
        for case in cases:
            case.record.photos = case.photos
    if issubclass(model, ServiceRecord):
        _store_links(model, cases)


def _store_links(model: Any, cases: Sequence[Approved]) -> None:
    through = model.instruments.through
    link = model._meta.model_name
    through._default_manager.bulk_create(
        [
            through(**{f"{link}_id": case.record.pk, "instrument_id": instrument.pk})
            for case in cases
            for instrument in case.instruments
        ],
        batch_size=BATCH,
    )
    for case in cases:
        case.record.instruments = case.instruments


def _store_revisions(content_type: ContentType, cases: Sequence[Approved]) -> list[Revision]:
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=content_type,
                base_content_type=content_type,
                object_id=str(case.record.pk),
                created_at=case.submitted_at,
                user=case.record.owner,
                object_str=str(case.record),
                content=case.record.serializable_data(),
            )
            for case in cases
        ],
        batch_size=BATCH,
    )
    newest = (
        Revision.objects.filter(content_type=content_type, object_id=Cast(OuterRef("pk"), CharField()))
        .order_by("-pk")
        .values("pk")[:1]
    )
    model: type[Submission] = type(cases[0].record)
    rows = model._default_manager.filter(pk__in=[case.record.pk for case in cases])
    rows.update(
        latest_revision=Subquery(newest), live_revision=Subquery(newest), approved_revision=Subquery(newest)
    )
    for case, revision in zip(cases, revisions, strict=True):
        record = case.record
        record.latest_revision = record.live_revision = record.approved_revision = revision
    return revisions


def _store_task_states(
    content_type: ContentType, cases: Sequence[Approved], revisions: Sequence[Revision]
) -> None:
    workflow = cases[0].record.get_workflow()
    task = workflow.tasks.get().specific
    with given_timestamps(WorkflowState, TaskState):
        states = WorkflowState.objects.bulk_create(
            [
                WorkflowState(
                    content_type=content_type,
                    base_content_type=content_type,
                    object_id=str(case.record.pk),
                    workflow=workflow,
                    status=WorkflowState.STATUS_APPROVED,
                    created_at=case.submitted_at,
                    requested_by=case.record.owner,
                )
                for case in cases
            ],
            batch_size=BATCH,
        )
        task_states = TaskState.objects.bulk_create(
            [
                TaskState(
                    content_type=ContentType.objects.get_for_model(ReviewTaskState),
                    workflow_state=state,
                    revision=revision,
                    task=task,
                    status=TaskState.STATUS_APPROVED,
                    started_at=case.submitted_at,
                    finished_at=case.decided_at,
                    finished_by=case.reviewer,
                )
                for case, state, revision in zip(cases, states, revisions, strict=True)
            ],
            batch_size=BATCH,
        )
    for case, task_state in zip(cases, task_states, strict=True):
        record = case.record
        review = ReviewTaskState(
            taskstate_ptr=task_state,
            record_type=content_type,
            record_id=record.pk,
            record_title=str(record)[:255],
            institution_name=record.institution_name[:255],
            city_name=record.city_name,
            due_on=record.due_on,
        )
        # the child row alone: bulk_create does not take models that inherit from a table
        review.save_base(raw=True, force_insert=True)
    WorkflowState.objects.filter(pk__in=[state.pk for state in states]).update(
        current_task_state=Subquery(TaskState.objects.filter(workflow_state=OuterRef("pk")).values("pk")[:1])
    )


def _store_trail(content_type: ContentType, cases: Sequence[Approved]) -> None:
    entries = []
    for case in cases:
        times = (case.created_at, case.submitted_at, case.decided_at)
        actors = (case.record.owner, case.record.owner, case.reviewer)
        for (action, changes), moment, actor in zip(STEPS, times, actors, strict=True):
            entries.append(
                AuditEntry(
                    at=moment,
                    actor=actor,
                    actor_name=actor.get_full_name(),
                    action=action,
                    record_type=content_type,
                    record_id=case.record.pk,
                    record_title=str(case.record)[:255],
                    changes=changes,
                )
            )
    with given_timestamps(AuditEntry):
        AuditEntry.objects.bulk_create(sorted(entries, key=lambda entry: entry.at), batch_size=BATCH)


def _tell_owners(cases: Sequence[Approved]) -> None:
    """What workflow.services.approve puts in the inbox; all but the newest have been read."""
    recent = timezone.now() - timedelta(days=14)
    with given_timestamps(Message):
        Message.objects.bulk_create(
            [
                Message(
                    recipient=case.record.owner,
                    subject=f"{case.record._meta.verbose_name}“{case.record}”已通过审核"[:120],
                    body="您提交的信息已通过审核。",
                    link=case.record.get_centre_url(),
                    created_at=case.decided_at,
                    read_at=None if case.decided_at > recent else case.decided_at + timedelta(hours=3),
                )
                for case in cases
            ],
            batch_size=BATCH,
        )
