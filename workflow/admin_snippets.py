"""Read-only listings of moderated records in the Wagtail admin.

Staff decide on records; only owners write them. An edit view here would store revisions beside the
owner's row and bypass the services, so the policy refuses it and titles lead to the review page.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    IndexView,
    RevisionsUnscheduleView,
    SnippetViewSet,
    UnpublishView,
)

from accounts.models import User
from workflow.admin_exports import StreamedExportMixin, export_fields


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Viewing and, for the last approval, publishing; never adding, changing or deleting."""

    REFUSED = frozenset({"add", "change", "delete"})

    def user_has_permission(self, user: User, action: str) -> bool:
        return action not in self.REFUSED and super().user_has_permission(user, action)


class SubmissionIndexView(StreamedExportMixin, IndexView):
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


class ListedViewSet(SnippetViewSet):
    """Reads what the columns of the listing refer to together with the rows: Wagtail asks for each row."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        relations = {field.name for field in self.model._meta.concrete_fields if field.is_relation}
        shown = relations.intersection(name for name in self.list_display if isinstance(name, str))
        records: QuerySet[Any] = self.model._default_manager.all()
        return records.select_related(*shown) if shown else records


class SubmissionViewSet(ListedViewSet):
    """Base of the listings of providers, instruments and whatever else is moderated."""

    index_view_class = SubmissionIndexView
    unpublish_view_class = NoUnpublishView
    revisions_unschedule_view_class = NoUnscheduleView
    copy_view_enabled = False
    inspect_view_enabled = False
    list_filter = ["status", "city"]
    list_per_page = 50
    search_backend_name = None

    @cached_property
    def list_export(self) -> list[str]:
        return list(self.export_headings)

    @cached_property
    def export_headings(self) -> dict[str, str]:
        return export_fields(self.model)
