"""The review queue in the Wagtail admin, and the way back to it."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from accounts.models import User
from workflow import permissions
from workflow.admin_exports import StreamedExportMixin
from workflow.filters import ReviewQueueFilterSet
from workflow.models import ReviewTaskState
from workflow.querysets import ReviewTaskStateQuerySet

# What an address of the queue may say: which records, in which order, which page.
QUEUE_PARAMETERS = (*ReviewQueueFilterSet.base_filters, "q", "ordering", "p")


def queue_address(asked: QueryDict) -> str:
    """The queue as it was asked for; parameters that are none of its own are dropped."""
    kept = {name: asked[name] for name in QUEUE_PARAMETERS if asked.get(name)}
    return f"{reverse('review_queue')}?{urlencode(kept)}" if kept else reverse("review_queue")


def came_from(request: HttpRequest) -> str:
    """Where in the queue the reviewer came from, as ``next`` says; empty where that names any other place."""
    path, _mark, query = (request.POST.get("next") or request.GET.get("next") or "").partition("?")
    return queue_address(QueryDict(query)) if path == reverse("review_queue") else ""


def review_url(state: ReviewTaskState, back: str) -> str:
    """The review page of what waits there, from which one comes back to that address of the queue."""
    return f"{state.get_review_url()}?{urlencode({'next': back})}" if back else state.get_review_url()


class ReviewerRequiredMixin(View):
    """Reviewers, and auditors who only read. Wagtail turns the refusal into its own message."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.may_review(request.user):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @property
    def actor(self) -> User:
        return cast(User, self.request.user)


class SelectColumn(BaseColumn):
    """A checkbox for bulk decisions, labelled with the record's name for screen readers."""

    header_template_name = "workflow/admin/select_header.html"
    cell_template_name = "workflow/admin/select_cell.html"


class DueColumn(Column):
    """The date a decision is due, red once it has passed."""

    cell_template_name = "workflow/admin/due_cell.html"


def queue_columns(*, selectable: bool, address: str) -> list[BaseColumn]:
    columns: list[BaseColumn] = [SelectColumn("pk", label="")] if selectable else []
    return [
        *columns,
        TitleColumn(
            "record_title",
            label=gettext_lazy("名称"),
            get_url=lambda state: review_url(state, address),
            width="28%",
        ),
        Column("record_type_name", label=gettext_lazy("类型"), classname="review-nowrap"),
        Column("institution_name", label=gettext_lazy("机构")),
        Column("city_name", label=gettext_lazy("城市"), classname="review-nowrap"),
        Column(
            "started_display",
            label=gettext_lazy("提交时间"),
            sort_key="started_at",
            classname="review-nowrap",
        ),
        Column("waited", label=gettext_lazy("已等待"), classname="review-nowrap"),
        DueColumn(
            "due_display", label=gettext_lazy("审核期限"), sort_key="due_on", classname="review-nowrap"
        ),
        Column("outcome", label=gettext_lazy("状态"), classname="review-nowrap"),
    ]


class ReviewQueueView(ReviewerRequiredMixin, StreamedExportMixin, BaseListingView):
    """Everything that waits for the reviewer, most urgent first."""

    model = ReviewTaskState
    page_title = gettext_lazy("审核队列")
    header_icon = "clipboard-list"
    index_url_name = "review_queue"
    index_results_url_name = "review_queue_results"
    template_name = "workflow/admin/queue.html"
    results_template_name = "workflow/admin/queue_results.html"
    table_classname = "listing review-queue"
    filterset_class = ReviewQueueFilterSet
    default_ordering = ("due_on", "pk")
    paginate_by = 50
    is_searchable = True
    search_backend_name = None
    search_fields = ["record_title", "institution_name"]
    verbose_name_plural = gettext_lazy("待审核记录")
    export_headings = {
        "record_title": gettext_lazy("名称"),
        "record_type_name": gettext_lazy("类型"),
        "institution_name": gettext_lazy("机构"),
        "city_name": gettext_lazy("城市"),
        "started_at": gettext_lazy("提交时间"),
        "waited": gettext_lazy("已等待"),
        "due_on": gettext_lazy("审核期限"),
        "outcome": gettext_lazy("状态"),
        "finished_at": gettext_lazy("办理时间"),
        "finished_by": gettext_lazy("办理人"),
    }
    list_export = list(export_headings)

    def get_base_queryset(self) -> ReviewTaskStateQuerySet:
        queryset = ReviewTaskState.objects.select_related("record_type", "finished_by")
        if not self.showing_decided:
            queryset = queryset.waiting()
        if permissions.is_reviewer(self.actor):
            queryset = queryset.for_reviewer(self.actor)
        return queryset

    @cached_property
    def showing_decided(self) -> bool:
        return self.request.GET.get("state") == "decided"

    @cached_property
    def selectable(self) -> bool:
        return not self.showing_decided and permissions.is_reviewer(self.actor)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return queue_columns(selectable=self.selectable, address=self.address)

    @property
    def address(self) -> str:
        return queue_address(self.request.GET)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, selectable=self.selectable, address=self.address, **kwargs)
