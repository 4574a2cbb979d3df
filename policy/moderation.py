"""The workflow 编辑审核: what editors write is read and approved by another one before the public sees it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    Collection,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from accounts.models import User
from accounts.tasks import send_mail_task
from policy.models import EditorialTask, Faq
from workflow.setup import CHIEF_EDITORS, EDITORS

WORKFLOW_NAME = "编辑审核"
TASK_NAME = "另一位编辑审核"
# What Wagtail sets up: approval by 责任编辑, who with the permission to publish need none.
WAGTAIL_WORKFLOW = "Moderators approval"


def ensure_editorial_setup(**_kwargs: Any) -> None:
    """Put the workflow in place once, after ``migrate``; what staff change about it later stays."""
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW_NAME)
    if created:
        groups = Group.objects.filter(name__in=[EDITORS, CHIEF_EDITORS])
        task, _new = EditorialTask.objects.get_or_create(name=TASK_NAME)
        task.groups.set(groups)
        WorkflowTask.objects.create(workflow=workflow, task=task)
        _retire_wagtails_workflow()
        root = Page.get_first_root_node()
        if root is not None:
            Page.objects.filter(pk=root.pk, title="Root").update(title="全部页面", draft_title="全部页面")
            Collection.objects.filter(depth=1, name="Root").update(name="全部")
            WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
        # Who may publish may do so past the workflow.
        GroupPagePermission.objects.filter(group__in=groups, permission__codename="publish_page").delete()
        redirects = Permission.objects.filter(content_type=ContentType.objects.get_for_model(Redirect))
        for group in groups:
            group.permissions.add(*redirects)
    WorkflowContentType.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(Faq), defaults={"workflow": workflow}
    )


def _retire_wagtails_workflow() -> None:
    for workflow in Workflow.objects.filter(name=WAGTAIL_WORKFLOW):
        tasks = [link.task for link in workflow.workflow_tasks.all()]
        if workflow.workflow_states.exists():
            workflow.deactivate()
            continue
        workflow.delete()
        for task in tasks:
            if not task.workflows.exists():
                task.delete()


def tell_editors(*, instance: Any, user: User | None, **_kwargs: Any) -> None:
    """One mail to those who may approve what has just been submitted. ``instance`` is Wagtail's task state."""
    task = instance.task.specific
    if not isinstance(task, EditorialTask):
        return
    record = instance.workflow_state.content_object
    barred = task.barred(record, instance.workflow_state)
    others = User.objects.filter(is_active=True, groups__in=task.groups.all()).exclude(
        pk__in=[pk for pk in barred if pk]
    )
    _mail(
        _("有内容等待您审核：%s") % instance.revision.object_str,
        _("%(name)s提交了“%(title)s”。请登录管理后台，在首页的“等待审核”中查看。")
        % {"name": user.get_full_name() if user else _("另一位编辑"), "title": instance.revision.object_str},
        others.distinct(),
    )


def tell_submitter(*, instance: Any, user: User | None, **_kwargs: Any) -> None:
    """One mail to who submitted, with what was decided. ``instance`` is Wagtail's task state."""
    submitter = instance.workflow_state.requested_by
    if submitter is None or not isinstance(instance.task.specific, EditorialTask):
        return
    approved = instance.status == instance.STATUS_APPROVED
    title = _("“%s”已通过审核") if approved else _("“%s”需要修改")
    body = instance.comment or (_("到发布时间后公开；没有设置发布时间的已经公开。") if approved else "")
    _mail(title % instance.revision.object_str, body, User.objects.filter(pk=submitter.pk))


def _mail(subject: str, body: str, recipients: Any) -> None:
    addresses = list(recipients.exclude(email="").values_list("email", flat=True))
    text = f"{body}\n\n{settings.WAGTAILADMIN_BASE_URL}{reverse('wagtailadmin_home')}".lstrip()
    if addresses:
        transaction.on_commit(
            lambda: send_mail_task.enqueue(
                subject=f"【{settings.SITE_NAME}】{subject}", body=text, recipients=addresses
            )
        )
