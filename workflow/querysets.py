"""The vocabulary for reading submissions, the review queue and the audit trail."""

from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Task, TaskState, WorkflowTask

from workflow.statuses import SubmissionStatus


class SubmissionQuerySet(models.QuerySet[Any]):
    def locked(self, pk: int) -> Any:
        """The row, locked until the transaction ends. SQLite locks the whole database instead.

        Not against those who only refer to it: PostgreSQL checks the foreign key of a row that changes twice, and a
        decision on an instrument that waited for its provider's would hold what that one waits for (the search index).
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def pending(self) -> Self:
        return self.filter(status=SubmissionStatus.PENDING)

    def approved(self) -> Self:
        """What has been let before the public: approved and live."""
        return self.filter(status=SubmissionStatus.APPROVED, live=True)


class ReviewTaskStateQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(status=TaskState.STATUS_IN_PROGRESS)

    def decided(self) -> Self:
        return self.filter(status__in=[TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED])

    def at_last_step(self) -> Self:
        """Those whose approval approves the record (``Submission.step_at_hand``), told for many."""
        done = TaskState.objects.filter(
            workflow_state=models.OuterRef(models.OuterRef("workflow_state")),
            status__in=[TaskState.STATUS_APPROVED, TaskState.STATUS_SKIPPED],
        )
        steps = WorkflowTask.objects.filter(
            workflow=models.OuterRef("workflow_state__workflow"), task__active=True
        )
        left = steps.exclude(task=models.OuterRef("task")).exclude(task__in=done.values("task"))
        return self.exclude(models.Exists(left))

    def for_reviewer(self, user: Any) -> Self:
        """The reviews at a step whose groups the user belongs to; a superuser sees all."""
        if user.is_superuser:
            return self
        tasks = Task.objects.filter(active=True, pk__in=models.Subquery(_task_ids_of(user))).values("pk")
        return self.filter(task__in=tasks)


def _task_ids_of(user: Any) -> models.QuerySet[Any]:
    from workflow.models import ReviewTask

    return ReviewTask.objects.filter(groups__in=user.groups.all()).values("task_ptr_id")


class AuditEntryQuerySet(models.QuerySet[Any]):
    def of(self, record: models.Model) -> Self:
        """The record's own trail, newest first."""
        return self.filter(record_type=ContentType.objects.get_for_model(type(record)), record_id=record.pk)
