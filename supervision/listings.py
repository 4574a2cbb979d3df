"""What the lists of supervision share: fast at a million rows, narrowed by filters, exported as they are narrowed."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.coreutils import multigetattr

from accounts.models import User
from workflow.admin_exports import StreamedExportMixin

# A list is counted and turned as far as somebody reads; beyond that it is narrowed.
MOST_COUNTED = 10_000
MOST_EXPORTED = 50_000
# People meant by a name; a name that fits more says nothing.
MOST_PEOPLE = 200


class CappedPaginator(WagtailPaginator):
    """Counts to ``MOST_COUNTED`` and no further: PostgreSQL would read every row to say how many a million are."""

    @cached_property
    def counted(self) -> int:
        keys = self.object_list.order_by().values("pk")
        return int(keys[: MOST_COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)

    @property
    def is_capped(self) -> bool:
        return self.counted > MOST_COUNTED


class PermittedView(View):
    """Opens to whom ``is_allowed`` lets in. Wagtail turns the refusal into its own message."""

    def is_allowed(self) -> bool:
        raise NotImplementedError  # each subclass has its own

    @property
    def actor(self) -> User:
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_allowed():
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))


class LongListView(PermittedView, StreamedExportMixin, BaseListingView):
    """Newest first, in pages of 50."""

    template_name = "supervision/admin/listing.html"
    results_template_name = "supervision/admin/listing_results.html"
    table_classname = "listing review-queue supervision-list"
    paginator_class = CappedPaginator
    paginate_by = 50
    is_searchable = True
    search_backend_name = None
    default_ordering: ClassVar[tuple[str, ...]] = ("-at", "-pk")
    # joined for the rows of a page only
    row_relations: ClassVar[tuple[str, ...]] = ()
    # what of an export is no attribute
    exported: ClassVar[dict[str, Callable[[Any], Any]]] = {}
    empty_message: ClassVar[Any]

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(self.found_by(self.search_query)) if self.is_searching else queryset

    def found_by(self, text: str) -> Q:
        raise NotImplementedError  # each subclass has its own

    def paginate_queryset(self, queryset: QuerySet[Any], page_size: int) -> Any:
        """Of what fills one page at most the rows tell how many they are: words that are rare are looked for once."""
        joined = queryset.select_related(*self.row_relations)
        paginator = self.get_paginator(queryset, page_size)
        asked = self.request.GET.get(self.page_kwarg, "1")
        rows = list(joined[: page_size + 1]) if asked == "1" else None
        if rows is not None and len(rows) <= page_size:
            paginator.counted = len(rows)
        page = paginator.get_page(asked)
        first = (page.number - 1) * page_size
        page.object_list = list(joined[first : first + page_size]) if rows is None else rows[:page_size]
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            *args,
            most_counted=MOST_COUNTED,
            most_exported=MOST_EXPORTED,
            empty_message=self.empty_message,
            **kwargs,
        )

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {
            name: self.exported[name](item) if name in self.exported else multigetattr(item, name)
            for name in self.list_export
        }

    def _rows(self, queryset: QuerySet[Any]) -> Iterator[list[Any]]:
        """The newest of them, and a sentence where that is not all."""
        newest = queryset.select_related(*self.row_relations)[: MOST_EXPORTED + 1]
        for number, row in enumerate(super()._rows(newest)):
            if number == MOST_EXPORTED:
                sentence = _("符合条件的记录超过 %d 条，只导出最近的这些。请缩小筛选范围后分次导出。")
                yield [sentence % MOST_EXPORTED]
                return
            yield row


def containing(field: str, text: str) -> Q:
    """The field has the text in it, in upper or lower case or as it is typed.

    Chinese has no case, and comparing without regard to it makes PostgreSQL fold every row first: four times as slow.
    """
    text = text.strip()
    found = Q()
    for variant in sorted({text, text.lower(), text.upper()}):
        found |= Q(**{f"{field}__contains": variant})
    return found


def people_named(text: str) -> list[int]:
    """Accounts by name or login name, for a filter: by their numbers an index leads to what they did."""
    text = text.strip()
    people = User.objects.filter(Q(username__icontains=text) | Q(contact_name__icontains=text))
    return list(people.order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE])
