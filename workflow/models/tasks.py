"""The review step, and what waits at it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from workflow.querysets import ReviewTaskStateQuerySet
from workflow.working_days import working_days_between


class ReviewTaskState(TaskState):
    """One pending or finished review, with what the queue shows and filters by.

    Kept beside Wagtail's task state because the record hangs on a generic key: the queue would
    otherwise have to load every revision's JSON to print a name.
    """

    record_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    record_id = models.PositiveBigIntegerField()
    record_title = models.CharField(_("名称"), max_length=255)
    institution_name = models.CharField(_("机构"), max_length=255)
    city_name = models.CharField(_("城市"), max_length=20, blank=True)
    due_on = models.DateField(_("审核期限"))
    resubmitted = models.BooleanField(_("再次提交"), default=False)

    objects = ReviewTaskStateQuerySet.as_manager()

    def __str__(self) -> str:
        # Wagtail's own __str__ loads task, revision and record: three queries a row in a list
        return self.record_title

    def get_review_url(self) -> str:
        return reverse("review_record", args=[self.record_type_id, self.record_id])

    @property
    def record_type_name(self) -> str:
        return str(self.record_type.name)

    @property
    def is_overdue(self) -> bool:
        return self.status == TaskState.STATUS_IN_PROGRESS and self.due_on < timezone.localdate()

    @property
    def started_display(self) -> str:
        return formats.date_format(timezone.localtime(self.started_at), "Y-m-d H:i")

    @property
    def due_display(self) -> str:
        day = formats.date_format(self.due_on, "Y-m-d")
        return gettext("%s 已逾期") % day if self.is_overdue else day

    @property
    def waited(self) -> str:
        """Working days from submission to the decision, or until today."""
        end = timezone.localdate(self.finished_at) if self.finished_at else timezone.localdate()
        days = working_days_between(timezone.localdate(self.started_at), end)
        return ngettext("%d 个工作日", "%d 个工作日", days) % days if days else gettext("不足 1 个工作日")

    @property
    def outcome(self) -> str:
        if self.status == TaskState.STATUS_APPROVED:
            return gettext("已通过")
        if self.status == TaskState.STATUS_REJECTED:
            return gettext("已退回")
        return gettext("再次提交") if self.resubmitted else gettext("首次提交")

    class Meta:
        verbose_name = _("审核任务")
        verbose_name_plural = _("审核任务")
        indexes = [models.Index(fields=["due_on"], name="review_due")]


class FourEyesTask(AbstractGroupApprovalTask):
    """A step by the members of chosen groups, never by those who had a hand in what they would decide."""

    class Meta:
        abstract = True

    def barred(self, obj: Any, state: Any) -> set[int | None]:
        """The accounts that may not decide on the object as it was submitted."""
        return {state.requested_by_id}

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        state = obj.current_workflow_state
        if state is None or user.pk in self.barred(obj, state):
            return []
        return super().get_actions(obj, user)


class ReviewTask(FourEyesTask):
    """A review step, by four eyes: neither by who submitted nor by the owner, nor by who approved a step before it.

    Wagtail's own buttons end here too (``on_action``), so there is one way to decide.
    """

    task_state_class = ReviewTaskState

    class Meta:
        verbose_name = _("审核步骤")
        verbose_name_plural = _("审核步骤")

    @classmethod
    def get_description(cls) -> str:
        return gettext("所选用户组的成员审核；提交人不能审核自己的申请")

    def start(self, workflow_state: Any, user: Any = None) -> ReviewTaskState:
        record = workflow_state.content_object
        state = ReviewTaskState(
            workflow_state=workflow_state,
            task=self,
            status=TaskState.STATUS_IN_PROGRESS,
            revision=record.latest_revision,
            record_type=ContentType.objects.get_for_model(type(record)),
            record_id=record.pk,
            record_title=str(record)[:255],
            institution_name=record.institution_name[:255],
            city_name=record.city_name,
            due_on=record.due_on,
            resubmitted=record.approved_revision_id is not None,
        )
        state.save()
        return state

    def barred(self, obj: Any, state: Any) -> set[int | None]:
        barred: set[int | None] = obj.barred(state)
        return barred

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Reviewers decide; they never edit (the base class would open the snippet editor to them)."""
        return False

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        from workflow import services

        record = task_state.workflow_state.content_object
        if action_name == "approve":
            services.approve(
                record=record, actor=user, comment=kwargs.get("comment", ""), task_state_id=task_state.pk
            )
        elif action_name == "reject":
            services.return_for_changes(
                record=record, actor=user, reason=kwargs.get("comment", ""), task_state_id=task_state.pk
            )
