"""Buttons of the moderation of editors: deciding on what is locked, taking down without the permission to publish."""

from collections.abc import MutableSequence
from typing import Any

from django.contrib.admin.utils import quote
from django.forms.widgets import Media, Script
from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.snippets.action_menu import UnpublishMenuItem
from wagtail.snippets.views.snippets import RevisionsUnscheduleView, UnpublishView

from policy.models import EditorialTask, Faq

ICONS = {"approve": "success", "reject": "edit"}


class DecisionMenuItem(Component):
    """A decision on the submitted revision. Wagtail's own button saves the form first, which is locked here."""

    template_name = "policy/admin/decision_button.html"

    def __init__(self, name: str, label: str, *, asks: bool, url: str) -> None:
        self.context = {"label": label, "asks": asks, "url": url, "icon_name": ICONS.get(name, "edit")}

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return self.context

    @property
    def media(self) -> Media:
        script = versioned_static("wagtailadmin/js/workflow-action.js")
        return Media(js=[Script(script, **{"data-activate": "dashboard"})])  # type: ignore[list-item]  # str only, it says


def decision_items(record: Any, user: Any, url_name: str) -> list[DecisionMenuItem]:
    task_state = record.current_workflow_task_state
    task = task_state and task_state.task.specific
    if not isinstance(task, EditorialTask):
        return []
    return [
        DecisionMenuItem(
            name, label, asks=asks, url=reverse(url_name, args=[quote(record.pk), name, task_state.pk])
        )
        for name, label, asks in sorted(task.get_actions(record, user), key=lambda action: action[::2])
    ]


@hooks.register("construct_page_action_menu")
def decide_on_page(menu_items: MutableSequence[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    if context["view"] == "edit" and context.get("locked_for_user"):
        menu_items[:0] = decision_items(context["page"], request.user, "wagtailadmin_pages:workflow_action")


@hooks.register("construct_snippet_action_menu")
def decide_on_snippet(
    menu_items: MutableSequence[Any], request: HttpRequest, context: dict[str, Any]
) -> None:
    if context["view"] != "edit" or context["model"] is not Faq:
        return
    record = context["instance"]
    if context.get("locked_for_user"):
        url_name = record.snippet_viewset.get_url_name("workflow_action")
        menu_items[:0] = decision_items(record, request.user, url_name)
    elif record.live and not any(isinstance(item, UnpublishMenuItem) for item in menu_items):
        menu_items.append(UnpublishMenuItem(order=20))


class EditorsUnpublishView(UnpublishView):
    """Taking down is safe, and needs no permission to publish."""

    permission_required = "change"


class EditorsUnscheduleView(RevisionsUnscheduleView):
    permission_required = "change"
