"""A provider's own list of one kind of record."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.centre import ProviderRequiredMixin
from accounts.models import User
from accounts.paging import clamped_page
from catalogue.centre.kinds import RecordKind
from catalogue.forms import RecordFilterForm
from institutions.models import Provider
from workflow.statuses import SubmissionStatus

PAGE_SIZE = 20


def own_records(kind: RecordKind, account: User, query: QueryDict) -> QuerySet[Any]:
    """The account's records of a kind that the query leaves, filters and state, the latest first.

    What the list shows on its pages and what its export holds.
    """
    found = kind.filter_form(query).narrow(kind.model._default_manager.visible_to(account))
    status = query.get("status", "")
    if status in SubmissionStatus.values:
        found = found.filter(status=status)
    return found.order_by("-updated_at", "-pk")


class RecordListView(ProviderRequiredMixin, TemplateView):
    kind: RecordKind = None  # type: ignore[assignment]  # given by the address

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.menu_key = self.kind.key

    def get_template_names(self) -> list[str]:
        return [f"catalogue/centre/{self.kind.key}_list.html"]

    @cached_property
    def filters(self) -> RecordFilterForm:
        return self.kind.filter_form(self.request.GET)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        status = query.get("status", "")
        everything = query.copy()
        everything["status"] = ""
        counts = dict(
            own_records(self.kind, self.actor, everything)
            .order_by()
            .values_list("status")
            .annotate(Count("pk"))
        )
        page = clamped_page(
            own_records(self.kind, self.actor, query)
            .select_related(*self.kind.related)
            .prefetch_related(*self.kind.prefetched),
            self.request.GET.get("page"),
            PAGE_SIZE,
        )
        return super().get_context_data(
            kind=self.kind,
            subject=self.kind.key,
            form=self.filters,
            page_obj=page,
            tabs=list(self.tabs(counts, status)),
            is_filtered=bool(self.filters.understood),
            status=status if status in SubmissionStatus.values else "",
            provider=Provider.objects.visible_to(self.actor).first(),
            **kwargs,
        )

    def tabs(self, counts: dict[str, int], status: str) -> Iterator[dict[str, Any]]:
        for value, label in (("", _("全部")), *SubmissionStatus.choices):
            query = self.request.GET.copy()
            query.pop("page", None)
            query["status"] = value
            yield {
                "label": label,
                "url": f"?{query.urlencode()}",
                "active": value == status,
                "count": counts.get(value, 0) if value else sum(counts.values()),
            }
