"""The base of every moderated record.

Read docs/adr/0003-submissions.md before changing how a submission is stored: publishing a revision
writes the whole row back from JSON, so what the workflow maintains is carried over explicitly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    Revision,
    RevisionMixin,
    TaskState,
    WorkflowMixin,
    WorkflowState,
    WorkflowTask,
)

from accounts.models import User
from workflow.querysets import SubmissionQuerySet
from workflow.statuses import EDITABLE, WITHDRAWABLE, SubmissionStatus

if TYPE_CHECKING:
    from workflow.differences import SectionRows
    from workflow.forms_admin import DecisionForm
    from workflow.models.tasks import ReviewTaskState


@dataclass(frozen=True)
class ReviewSection:
    """A titled group of fields, in the order a reviewer reads them."""

    title: str | Promise
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """A condition of the programme beside what the data says. ``holds`` is None where it cannot tell."""

    condition: str
    finding: str
    holds: bool | None


@dataclass(frozen=True)
class ReviewStep:
    """A step of a workflow that is put in place: its name, and the group that decides it."""

    name: str
    group: str


@dataclass(frozen=True)
class StepAtHand:
    """Where a submission stands in its review: at which step of how many."""

    number: int
    count: int
    name: str

    @property
    def is_last(self) -> bool:
        """Whether its approval approves the record."""
        return self.number == self.count

    def __str__(self) -> str:
        return gettext("第 %(number)d 步，共 %(count)d 步：%(name)s") % vars(self)


@dataclass(frozen=True)
class ReviewPlan:
    """The workflow a kind of record begins with. Staff change it in the admin; this is never looked at again."""

    name: str
    steps: tuple[ReviewStep, ...]


class Submission(WorkflowMixin, DraftStateMixin, RevisionMixin, models.Model):
    """A record its owner drafts and submits, and staff approve or return.

    The row is the owner's draft and, while ``live``, what the public sees: an approved record must be
    withdrawn (and so leaves the public) before it can be edited. Every submission is a revision;
    ``approved_revision`` is the one last approved, which the reviewer compares with.

    A subclass inherits ``Meta``, sets ``review_sections``, ``required_to_submit`` and ``approved_label`` (what its
    owner reads in place of 已通过), and provides ``owner`` (the account), ``institution_name``, ``city_name``,
    ``review_target_days`` and ``get_centre_url``.
    """

    # What the workflow maintains. Never taken from a revision, always from the row.
    MODERATION_FIELDS: ClassVar[tuple[str, ...]] = (
        "status",
        "version",
        "submitted_at",
        "submitted_by",
        "due_on",
        "decided_at",
        "return_reason",
        "return_notes",
        "approved_revision",
        "created_at",
        "updated_at",
    )
    review_sections: ClassVar[Sequence[ReviewSection]] = ()
    required_to_submit: ClassVar[Sequence[str]] = ()
    # fields without choices of the model that a form chooses from a list all the same
    chosen_fields: ClassVar[frozenset[str]] = frozenset()
    approved_label: ClassVar[str | Promise] = SubmissionStatus.APPROVED.label
    # {group: codenames} beyond what reviewers and auditors have of every moderated model; given once.
    group_permissions: ClassVar[dict[str, tuple[str, ...]]] = {}
    # What its approval does, for those who approve many at once.
    approval_effect: ClassVar[str | Promise] = _("通过后即对公众可见。")
    # The workflow it begins with, where that is not the one for all (workflow/setup.py).
    default_review: ClassVar[ReviewPlan | None] = None
    # A template for the side of the review page, where a kind of record has more to decide than its review.
    review_aside_template: ClassVar[str] = ""

    status = models.CharField(
        _("状态"), max_length=10, choices=SubmissionStatus, default=SubmissionStatus.DRAFT, editable=False
    )
    # Counts every save: a form that was opened on an older version is refused, not merged.
    version = models.PositiveIntegerField(default=1, editable=False)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提交人"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    due_on = models.DateField(_("审核期限"), null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True, editable=False)
    return_reason = models.TextField(_("退回原因"), blank=True, editable=False)
    # {field name: what is wrong with it}, as the reviewer pointed out
    return_notes = models.JSONField(default=dict, blank=True, editable=False)
    approved_revision = models.ForeignKey(
        Revision, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_status_known",
                condition=models.Q(status__in=[status.value for status in SubmissionStatus]),
            )
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # DraftStateMixin.live defaults to True; a submission is public only once approved.
        if not args:
            kwargs.setdefault("live", False)
        super().__init__(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Self:
        record: Self = super().with_content_json(content)
        record.take_moderation_of(self)
        return record

    def take_moderation_of(self, row: Self) -> None:
        """Take over what the workflow maintains, as the stored row has it."""
        for field in self._meta.concrete_fields:
            if field.name in self.MODERATION_FIELDS:
                setattr(self, field.attname, getattr(row, field.attname))

    @classmethod
    def review_target_days(cls) -> int:
        """Within how many working days a submission should be decided: a parameter of the programme."""
        raise NotImplementedError

    @property
    def owner(self) -> User:
        """The external account the record belongs to."""
        raise NotImplementedError

    @property
    def institution_name(self) -> str:
        raise NotImplementedError

    @property
    def city_name(self) -> str:
        """For the queue; empty where none is known yet."""
        raise NotImplementedError

    @property
    def status_label(self) -> str:
        """The state in its owner's words."""
        approved = self.status == SubmissionStatus.APPROVED
        return str(self.approved_label if approved else SubmissionStatus(self.status).label)

    @property
    def shown_status(self) -> str:
        """The state as components/badge.html colours it."""
        return self.status

    @property
    def is_public(self) -> bool:
        return self.live and self.status == SubmissionStatus.APPROVED

    @property
    def hidden_reason(self) -> str:
        """Why an approved record is kept from the public all the same, in a sentence; empty where nothing does."""
        return ""

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def kept_reason(self) -> str:
        """Why it can no longer be withdrawn, in a sentence; empty where nothing keeps it."""
        return ""

    @property
    def is_withdrawable(self) -> bool:
        return self.status in WITHDRAWABLE and not self.kept_reason

    def submission_problems(self) -> dict[str, list[str]]:
        """Everything that still keeps the record from being submitted, by field; empty when complete."""
        from workflow.completeness import missing_fields

        return missing_fields(self)

    def values_to_freeze(self) -> dict[str, Any]:
        """What a submission takes over from other records as they stand now, by field.

        Called inside the transaction, before ``submission_problems``, which may read what is locked here.
        """
        return {}

    def barred(self, state: WorkflowState) -> set[int | None]:
        """The accounts that decide no step of this submission any more: who submitted it, its owner, who approved a step."""
        approved = state.task_states.filter(status=TaskState.STATUS_APPROVED)
        return {
            state.requested_by_id,
            self.submitted_by_id,
            self.owner.pk,
            *approved.values_list("finished_by_id", flat=True),
        }

    @property
    def step_at_hand(self) -> StepAtHand | None:
        """The step that waits; None where none does."""
        state = self.current_workflow_state
        if state is None or state.current_task_state is None:
            return None
        task = state.current_task_state.task
        done = list(state.successful_task_states.values_list("task_id", flat=True))
        steps = WorkflowTask.objects.filter(workflow=state.workflow_id, task__active=True)
        left = steps.exclude(task__in=[*done, task.pk]).count()
        return StepAtHand(len(done) + 1, len(done) + 1 + left, task.name)

    @property
    def is_at_last_step(self) -> bool:
        """Whether the step at hand is the last: its approval approves the record."""
        step = self.step_at_hand
        return step is not None and step.is_last

    @property
    def last_step_form(self) -> "type[DecisionForm]":
        """The form of the decision at the last step; its ``details`` are handed to ``settle``."""
        from workflow.forms_admin import DecisionForm

        return DecisionForm

    def settle(self, *, actor: User, comment: str, details: Mapping[str, Any]) -> str:
        """What follows from the last approval, inside its transaction: a DomainError raised here undoes it.

        ``details`` is empty where one decision is made on many records. Returns what the owner is told with the decision.
        """
        return comment

    @property
    def staff_title(self) -> str:
        """What staff call it where nothing beside it says whose it is."""
        return str(self)

    @property
    def approval_outcome(self) -> str:
        """What its approval brought besides, in words that follow its name; empty where nothing."""
        return ""

    @classmethod
    def bulk_facts(cls, states: "Sequence[ReviewTaskState]", *, approving: bool) -> list[str]:
        """What to know before one decision is made on all these reviews of the kind, in sentences."""
        return []

    @property
    def inapplicable_fields(self) -> frozenset[str]:
        """Fields that ask nothing of the record as it stands: left empty they are no gap, and a review leaves them out."""
        return frozenset()

    def extra_review_sections(self, previous: Self | None) -> "list[SectionRows]":
        """What a reviewer reads after ``review_sections``: rows that are no fields of the model."""
        return []

    @classmethod
    def settled_label(cls, name: str) -> str | None:
        """What the pages call a field of which the programme's parameters settle a part; None for all others."""
        return None

    @classmethod
    def describe_change(cls, name: str, before: Any, after: Any) -> str | None:
        """A change of this field in words, for the audit trail; None where the field's own value says it."""
        return None

    def review_evidence(self) -> list[Evidence]:
        """What the data says about the record's claims, shown to the reviewer. Empty where nothing applies."""
        return []

    def get_centre_url(self) -> str:
        """Where the owner works on the record; messages link there."""
        raise NotImplementedError

    def get_review_url(self) -> str:
        """Where staff review the record, whatever its state."""
        content_type = ContentType.objects.get_for_model(type(self))
        return reverse("review_record", args=[content_type.pk, self.pk])
