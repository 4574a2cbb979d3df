"""Groups and the default review workflow, put in place after every ``migrate``.

Whatever staff have changed since stays: a group or a workflow assignment is made only where it is
missing, and permissions are given once, when a moderated model first appears. Running it after
``migrate`` rather than in a data migration also restores it after a test database is flushed.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import translation
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from workflow.models import (
    AuditEntry,
    ReviewPlan,
    ReviewStep,
    ReviewTask,
    ReviewTaskState,
    Submission,
)
from workflow.signals import staff_groups_ready

REVIEWERS = "审核人员"
EDITORS = "编辑"
CHIEF_EDITORS = "责任编辑"
AUDITORS = "监督"
DATA_MANAGERS = "数据管理"
PAYERS = "兑付管理"
MANAGERS = "项目管理"

WORKFLOW_NAME = "机构与资源审核"
DEFAULT_REVIEW = ReviewPlan(WORKFLOW_NAME, (ReviewStep("内容审核", REVIEWERS),))

ACTIONS = {
    "add": "新增",
    "change": "修改",
    "delete": "删除",
    "view": "查看",
    "publish": "发布",
    "lock": "锁定",
    "unlock": "解锁",
}

PAGE_PERMISSIONS = {
    "publish_page": "不经审核直接发布页面",
    "bulk_delete_page": "删除带下级的页面",
    "lock_page": "锁定页面",
    "unlock_page": "解锁页面",
}

# Wagtail brings two groups with permissions on the page tree; they get the names our staff use.
WAGTAIL_GROUPS = {"Editors": EDITORS, "Moderators": CHIEF_EDITORS}


def submission_models() -> list[type[Submission]]:
    """Every moderated model of the project."""
    return [model for model in apps.get_models() if issubclass(model, Submission)]


def ensure_review_setup(**_kwargs: Any) -> None:
    """Create what is missing of groups, permissions, workflow and assignments. Safe to repeat."""
    for old_name, name in WAGTAIL_GROUPS.items():
        if not Group.objects.filter(name=name).exists():
            Group.objects.filter(name=old_name).update(name=name)
    for name in (REVIEWERS, EDITORS, CHIEF_EDITORS, AUDITORS, DATA_MANAGERS, PAYERS, MANAGERS):
        _ensure_group(name, reads_reviews=name in {REVIEWERS, AUDITORS})
    _grant_declared()

    reviewers, auditors = (Group.objects.get(name=name) for name in (REVIEWERS, AUDITORS))
    for model in submission_models():
        content_type = ContentType.objects.get_for_model(model)
        if not WorkflowContentType.objects.filter(content_type=content_type).exists():
            workflow = _ensure_workflow(model.default_review or DEFAULT_REVIEW)
            WorkflowContentType.objects.create(content_type=content_type, workflow=workflow)
            _grant(reviewers, [*_codenames("view", [model]), *_codenames("publish", [model])])
            _grant(auditors, _codenames("view", [model]))
            for name, codenames in model.group_permissions.items():
                _grant(Group.objects.get(name=name), codenames)
    _name_permissions()
    staff_groups_ready.send(sender=Workflow)


def _grant_declared() -> None:
    """What models declare as ``staff_permissions``, {group name: actions}: given once, while no group has any."""
    for model in apps.get_models():
        declared: dict[str, tuple[str, ...]] = getattr(model, "staff_permissions", {})
        if not declared:
            continue
        # a proxy's permissions are its own
        content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
        known = Permission.objects.filter(content_type=content_type)
        if not known.filter(group__isnull=False).exists():
            for name, actions in declared.items():
                codenames = [_codenames(action, [model])[0] for action in actions]
                # one that is missing is of a review whose workflow is put in place after this
                group = _ensure_group(name, reads_reviews=True)
                group.permissions.add(*known.filter(codename__in=codenames))


def _name_permissions() -> None:
    """In Chinese, where groups are put together. Django names them once, in English, whatever the language."""
    named = []
    with translation.override(settings.LANGUAGE_CODE):
        for permission in Permission.objects.select_related("content_type").filter(name__startswith="Can "):
            action = ACTIONS.get(permission.codename.partition("_")[0])
            if action and permission.content_type.model_class():
                permission.name = f"{action}{permission.content_type.name}"[:255]
                named.append(permission)
    Permission.objects.bulk_update(named, ["name"], batch_size=500)
    for codename, name in PAGE_PERMISSIONS.items():
        Permission.objects.filter(codename=codename).update(name=name)


def _ensure_group(name: str, *, reads_reviews: bool) -> Group:
    group, created = Group.objects.get_or_create(name=name)
    if created:
        _grant(group, ["access_admin"])
        if reads_reviews:
            _grant(group, ["view_privatefile", *_codenames("view", [ReviewTaskState, AuditEntry])])
    return group


def _ensure_workflow(plan: ReviewPlan) -> Workflow:
    workflow, created = Workflow.objects.get_or_create(name=plan.name)
    if created:
        for position, step in enumerate(plan.steps):
            task, _new = ReviewTask.objects.get_or_create(name=step.name)
            task.groups.add(_ensure_group(step.group, reads_reviews=True))
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=position)
    return workflow


def _codenames(action: str, model_classes: Iterable[type[models.Model]]) -> list[str]:
    return [f"{action}_{model._meta.model_name}" for model in model_classes]


def _grant(group: Group, codenames: Iterable[str]) -> None:
    group.permissions.add(*Permission.objects.filter(codename__in=list(codenames)))
