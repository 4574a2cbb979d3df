"""Read-only listings of moderated records in the Wagtail admin.

Staff decide on records; only owners write them. An edit view here would store revisions beside the
owner's row and bypass the services, so the policy refuses it and titles lead to the review page.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    CollectWorkflowActionDataView,
    EditView,
    IndexView,
    RevisionsUnscheduleView,
    SnippetViewSet,
    UnpublishView,
    WorkflowActionView,
)

from accounts.models import User
from workflow.admin_exports import StreamedExportMixin, export_fields
from workflow.admin_ledgers import minute


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Viewing and, for the last approval, publishing; never adding, changing or deleting."""

    REFUSED = frozenset({"add", "change", "delete"})

    def user_has_permission(self, user: User, action: str) -> bool:
        return action not in self.REFUSED and super().user_has_permission(user, action)


class MinuteColumn(Column):
    """A moment, as the ledgers have it."""

    def get_value(self, instance: Any) -> str:
        return minute(super().get_value(instance))


class SubmissionIndexView(StreamedExportMixin, IndexView):
    def _get_custom_column(self, field_name: str, column_class: Any = Column, **kwargs: Any) -> Any:
        if field_name.endswith("_at"):
            column_class = MinuteColumn
        return super()._get_custom_column(field_name, column_class, **kwargs)

    def _get_title_column(self, field_name: str, column_class: Any = None, **kwargs: Any) -> Any:
        column = super()._get_title_column(field_name, **kwargs)
        column._get_url_func = lambda record: record.get_review_url()
        return column


class NoUnpublishView(UnpublishView):
    """Refused by the policy. Who may publish may unpublish, Wagtail says, past status, index and audit trail."""

    permission_required = "change"


class NoUnscheduleView(RevisionsUnscheduleView):
    """Refused likewise: nothing is ever scheduled here."""

    permission_required = "change"


class NoEditView(EditView):
    """Refused to all. Wagtail opens the editor to the group of a step that is none of ours, whatever the policy says."""

    def user_has_permission(self, permission: str) -> bool:
        return False


class DecidedOnReviewPage:
    """Wagtail's address for a decision leads to the review page: it alone shows, and asks for, what belongs to a step."""

    object: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.object.get_review_url())


class NoWorkflowActionView(DecidedOnReviewPage, WorkflowActionView):
    pass


class NoWorkflowActionDataView(DecidedOnReviewPage, CollectWorkflowActionDataView):
    pass


class WithoutChooser:
    """No chooser: nothing refers to these records from a form of the admin, and Wagtail's ask for no permission."""

    def register_chooser_viewset(self) -> None:
        pass


class ListedViewSet(SnippetViewSet):
    """Reads what the columns of the listing refer to together with the rows: Wagtail asks for each row.

    No copying: what is posted to Wagtail's copy view is written over the original, past the view that edits it.
    """

    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        relations = {field.name for field in self.model._meta.concrete_fields if field.is_relation}
        shown = relations.intersection(name for name in self.list_display if isinstance(name, str))
        records: QuerySet[Any] = self.model._default_manager.all()
        return records.select_related(*shown) if shown else records


class SubmissionViewSet(WithoutChooser, ListedViewSet):
    """Base of the listings of providers, instruments and whatever else is moderated."""

    index_view_class = SubmissionIndexView
    edit_view_class = NoEditView
    workflow_action_view_class = NoWorkflowActionView
    collect_workflow_action_data_view_class = NoWorkflowActionDataView
    unpublish_view_class = NoUnpublishView
    revisions_unschedule_view_class = NoUnscheduleView
    inspect_view_enabled = False
    list_filter = ["status", "city"]
    list_per_page = 50
    search_backend_name = None

    @cached_property
    def list_export(self) -> list[str]:
        return list(self.export_headings)

    @cached_property
    def export_headings(self) -> dict[str, Any]:
        return export_fields(self.model)
