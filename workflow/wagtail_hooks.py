"""The review queue in the Wagtail admin: addresses, menu, dashboard, audit ledger."""

from collections.abc import MutableSequence
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
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
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from workflow import permissions
from workflow.admin_ledgers import LedgerIndexView, ReadOnlyPermissionHelper, RowView, minute
from workflow.admin_panels import ReviewPanel
from workflow.admin_queue import ReviewQueueView
from workflow.admin_views import BulkDecideView, ReviewDecideView, ReviewRecordView
from workflow.filters import record_type_choices
from workflow.models import AuditEntry


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


class RecordTypeFilter(SimpleListFilter):
    """By kind of record. Django's own filter for a foreign key needs django.contrib.admin installed."""

    title = _("类型")
    parameter_name = "record_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in record_type_choices()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = dict(self.lookup_choices)
        return queryset.filter(record_type=self.value()) if self.value() in known else queryset


AUDIT_COLUMNS = [
    "at",
    "actor_name",
    "action",
    "record_type",
    "record_id",
    "record_title",
    "changes",
    "reason",
]


@modeladmin_register
class AuditEntryAdmin(ModelAdmin):
    history_view_enabled = False  # it asks for no permission
    model = AuditEntry
    menu_label = _("审计记录")
    menu_icon = "history"
    menu_order = 900
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = LedgerIndexView
    inspect_view_enabled = True
    inspect_view_class = RowView
    inspect_view_fields = AUDIT_COLUMNS
    list_display = ("moment", "actor_name", "action", "record_kind", "record_title", "reason")
    list_filter = ("action", RecordTypeFilter, "at")
    list_select_related = ("record_type",)
    list_export = AUDIT_COLUMNS
    export_filename = "audit"
    search_fields = ("actor_name", "record_title", "reason")
    list_per_page = 50

    @display(description=_("时间"), ordering="at")
    def moment(self, entry: AuditEntry) -> str:
        return minute(entry.at)

    def record_kind(self, entry: AuditEntry) -> str:
        # a content type as text carries its app's name
        return entry.get_record_type_display()

    record_kind.short_description = _("类型")  # type: ignore[attr-defined]
    record_kind.admin_order_field = "record_type"  # type: ignore[attr-defined]
