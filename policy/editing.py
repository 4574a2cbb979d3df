"""What editors have in hand: what waits for another one, what came back, drafts, what appears and disappears by itself."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, WorkflowState
from wagtail.permissions import page_permission_policy

from accounts.models import User
from policy.models import EditorialTask, Faq
from policy.models.moderation import writers

EXPIRING_DAYS = 60
SHOWN = 8


@dataclass(frozen=True)
class Item:
    """A page or a question, as a row of the dashboard."""

    title: str
    kind: str
    url: str
    at: datetime.datetime | None
    who: str = ""
    note: str = ""
    may_decide: bool = False

    @classmethod
    def of_revision(cls, revision: Revision, **fields: Any) -> Self:
        kind = revision.content_type
        return cls(
            title=revision.object_str, kind=kind.name, url=_edit_url(kind, revision.object_id), **fields
        )

    @classmethod
    def of_record(cls, record: Page | Faq, **fields: Any) -> Self:
        kind = record.content_type if isinstance(record, Page) else ContentType.objects.get_for_model(record)
        title = record.draft_title if isinstance(record, Page) else str(record)
        return cls(title=title, kind=kind.name, url=_edit_url(kind, record.pk), **fields)


def is_editor(user: User) -> bool:
    return bool(page_permission_policy.user_has_any_permission(user, {"add", "change"}))


def waiting() -> QuerySet[TaskState]:
    """Everything submitted that an editor has to decide on, the oldest first."""
    tasks = EditorialTask.objects.filter(active=True).values("task_ptr")
    return (
        TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__in=tasks)
        .select_related("revision__content_type", "workflow_state__requested_by")
        .prefetch_related("workflow_state__content_object")
        .defer("revision__content")
        .order_by("started_at", "pk")
    )


def waiting_items(states: Iterable[TaskState], reader: User) -> list[Item]:
    """What waits, as rows, each with whether the reader may decide on it (``EditorialTask.barred``)."""
    states = list(states)
    written = writers(*(state.workflow_state.content_object for state in states))
    items = []
    for state in states:
        workflow = state.workflow_state
        barred = {workflow.requested_by_id, *written[workflow.content_object]}
        who = workflow.requested_by.get_full_name() if workflow.requested_by else ""
        items.append(
            Item.of_revision(state.revision, at=state.started_at, who=who, may_decide=reader.pk not in barred)
        )
    return items


def returned_to(user: User) -> list[Item]:
    """What the user submitted and another editor sent back."""
    states = (
        WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=user)
        .filter(current_task_state__task__in=EditorialTask.objects.values("task_ptr"))
        .select_related("current_task_state__revision__content_type")
        .defer("current_task_state__revision__content")
        .order_by("-current_task_state__finished_at")[:SHOWN]
    )
    return [
        Item.of_revision(state.revision, at=state.finished_at, note=state.comment)
        for state in (workflow.current_task_state for workflow in states)
    ]


def drafts_of(user: User) -> list[Item]:
    """What the user wrote last and has not handed in; the newest first."""
    found: list[Any] = []
    models: tuple[Any, ...] = (Page, Faq)
    for model in models:
        handed_in = WorkflowState.objects.active().filter(
            base_content_type=ContentType.objects.get_for_model(model),
            object_id=Cast(OuterRef("pk"), CharField()),
        )
        found += (
            model.objects.filter(latest_revision__user=user, has_unpublished_changes=True, expired=False)
            .filter(latest_revision__approved_go_live_at=None)
            .exclude(Exists(handed_in))
            .select_related("latest_revision", *(["content_type"] if model is Page else []))
            .defer("latest_revision__content")
            .order_by("-latest_revision__created_at")[:SHOWN]
        )
    found.sort(key=lambda record: record.latest_revision.created_at, reverse=True)
    return [Item.of_record(record, at=record.latest_revision.created_at) for record in found[:SHOWN]]


def scheduled() -> list[Item]:
    """What has been approved and appears by itself; the next first."""
    revisions = (
        Revision.objects.filter(approved_go_live_at__isnull=False)
        .select_related("content_type")
        .defer("content")
        .order_by("approved_go_live_at")[:SHOWN]
    )
    return [Item.of_revision(revision, at=revision.approved_go_live_at) for revision in revisions]


def expiring() -> list[Item]:
    """Public pages that disappear by themselves within EXPIRING_DAYS days; the next first."""
    until = timezone.now() + datetime.timedelta(days=EXPIRING_DAYS)
    pages = Page.objects.live().filter(expire_at__lte=until).select_related("content_type")
    return [Item.of_record(page, at=page.expire_at) for page in pages.order_by("expire_at")[:SHOWN]]


def _edit_url(kind: ContentType, pk: Any) -> str:
    if issubclass(kind.model_class() or object, Page):
        return reverse("wagtailadmin_pages:edit", args=[pk])
    return reverse(f"wagtailsnippets_{kind.app_label}_{kind.model}:edit", args=[pk])
