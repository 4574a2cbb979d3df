"""The review queue in the Wagtail admin: addresses, menu, dashboard. The audit trail is searched in supervision."""

from collections.abc import MutableSequence
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import (
    LockedPagesPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from workflow import permissions
from workflow.admin_panels import ReviewPanel
from workflow.admin_queue import ReviewQueueView
from workflow.admin_views import BulkDecideView, ReviewDecideView, ReviewRecordView


@hooks.register("register_admin_urls")
def review_urls() -> list[URLPattern]:
    return [
        path("review/", ReviewQueueView.as_view(), name="review_queue"),
        path("review/results/", ReviewQueueView.as_view(results_only=True), name="review_queue_results"),
        path("review/bulk/", BulkDecideView.as_view(), name="review_bulk"),
        path("review/<int:content_type_id>/<int:pk>/", ReviewRecordView.as_view(), name="review_record"),
        path(
            "review/<int:content_type_id>/<int:pk>/decide/", ReviewDecideView.as_view(), name="review_decide"
        ),
    ]


class ReviewMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.may_review(request.user)


@hooks.register("register_admin_menu_item")
def review_menu_item() -> MenuItem:
    return ReviewMenuItem(_("审核队列"), reverse("review_queue"), icon_name="clipboard-list", order=10)


@hooks.register("construct_homepage_panels")
def replace_moderation_panels(request: HttpRequest, panels: MutableSequence[Any]) -> None:
    """Two of Wagtail's panels list all pending items: with 1,000 of them /admin/ is a 500 on SQLite. The third lists locked
    pages, and no group may lock any.
    """
    dropped = (UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel, LockedPagesPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, dropped)]
    if permissions.may_review(request.user):
        panels.append(ReviewPanel())
