"""The step in which another editor reads what an editor has written."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.locks import WorkflowLock
from wagtail.models import Revision, TaskState

from workflow.models import FourEyesTask


class ModerationLock(WorkflowLock):
    """Nobody edits what is being read: what is approved is what the other editor has seen."""

    def get_message(self, user: Any) -> str:
        return gettext(
            "正在等待另一位编辑审核，审核期间不能修改。提交人可以点击“取消流程”收回，改好后重新提交。"
        )

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        return gettext("审核中，已锁定")

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return gettext("审核期间任何人都不能修改")


class ReasonForm(TaskStateCommentForm):
    """What is to be changed, without which nobody can change it."""

    comment = forms.CharField(
        label=_("要修改什么"),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("请写明要修改什么，提交人会看到。")},
    )


def writers(*records: Any) -> dict[Any, set[int | None]]:
    """Of each page or question the accounts that wrote any revision since the last published one."""
    found: dict[Any, set[int | None]] = {}
    unpublished = Q(pk=None)
    by_key = {}
    for record in records:
        found[record] = set()
        key = (record.get_base_content_type().pk, str(record.pk))
        by_key[key] = record
        # revisions are numbered as they are made
        later = (
            Q(pk__gt=record.live_revision_id) if record.live_revision_id else _made_since_publication(record)
        )
        unpublished |= Q(base_content_type=key[0], object_id=key[1]) & later
    for *key, user in Revision.objects.filter(unpublished).values_list(
        "base_content_type_id", "object_id", "user_id"
    ):
        found[by_key[tuple(key)]].add(user)
    return found


def _made_since_publication(record: Any) -> Q:
    """Of a record that is not public now: after it last was, or all."""
    return Q(created_at__gt=record.last_published_at) if record.last_published_at else Q()


class EditorialTask(FourEyesTask):
    """Another editor approves: neither who submitted nor who wrote any of what is not published yet."""

    lock_class = ModerationLock

    class Meta:
        verbose_name = _("编辑审核步骤")
        verbose_name_plural = _("编辑审核步骤")

    @classmethod
    def get_description(cls) -> str:
        return gettext("所选用户组的另一位成员审核；提交人和上次发布以后修改过的人不能审核")

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        # After changes were requested another editor may correct and resubmit. Wagtail goes on naming the first.
        revision = workflow_state.content_object.get_latest_revision()
        if user is not None and revision.user_id == user.pk:
            workflow_state.requested_by = user
        return super().start(workflow_state, user=user)

    def barred(self, obj: Any, state: Any) -> set[int | None]:
        return {*super().barred(obj, state), *writers(obj)[obj]}

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return True

    def get_form_for_action(self, action: str) -> type[TaskStateCommentForm]:
        return ReasonForm if action == "reject" else TaskStateCommentForm

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return False
