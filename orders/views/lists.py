"""预约管理 and 订单管理: an institution's own, by state, and their export."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from accounts.centre import CentreMixin
from accounts.paging import clamped_page
from files.spreadsheets import spreadsheet_response
from orders.exports import deal_sheet
from orders.forms.lists import BookingFilterSet, DealFilterSet, OrderFilterSet
from orders.models import Booking, Deal, Order
from orders.selectors import own_deals, side_of
from orders.statuses import BookingStatus, OrderStatus, Party

PAGE_SIZE = 20
FEW = 200
# Rarer states have a tab while there is something in them, or the address asks for it.
ALWAYS: frozenset[BookingStatus | OrderStatus] = frozenset(BookingStatus)
ALWAYS_OF_ORDERS: frozenset[BookingStatus | OrderStatus] = frozenset(
    {
        OrderStatus.PLACED,
        OrderStatus.ACTIVE,
        OrderStatus.DELIVERED,
        OrderStatus.DISPUTED,
        OrderStatus.COMPLETED,
        OrderStatus.CANCELLED,
    }
)


class OwnDeals(CentreMixin):
    """The rows that an address asks for: what the list shows on its pages and what its export holds."""

    model: ClassVar[type[Deal]]
    statuses: ClassVar[Any]
    filter_set: ClassVar[type[DealFilterSet]]
    title: ClassVar[Any]
    always: ClassVar[frozenset[BookingStatus | OrderStatus]]

    @cached_property
    def party(self) -> Party:
        return side_of(self.actor)

    @cached_property
    def filters(self) -> DealFilterSet:
        return self.filter_set(self.request.GET, party=self.party)

    @cached_property
    def status(self) -> str:
        """The one asked for; empty for all."""
        status = self.request.GET.get("status", "")
        return status if status in self.statuses.values else ""

    @cached_property
    def in_all_states(self) -> QuerySet[Any]:
        return self.filters.narrow(own_deals(self.model, self.actor)).order_by("-pk")

    @property
    def rows(self) -> QuerySet[Any]:
        return self.in_all_states.filter(status=self.status) if self.status else self.in_all_states


class OwnBookings(OwnDeals):
    model, statuses, filter_set = Booking, BookingStatus, BookingFilterSet
    always = ALWAYS
    title = gettext_lazy("预约管理")
    menu_key = "bookings"


class OwnOrders(OwnDeals):
    model, statuses, filter_set = Order, OrderStatus, OrderFilterSet
    always = ALWAYS_OF_ORDERS
    title = gettext_lazy("订单管理")
    menu_key = "orders"


class DealListView(OwnDeals, TemplateView):
    """The tabs' counts, one grouped query, say also how many pages there are."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = dict(self.in_all_states.order_by().values_list("status").annotate(Count("pk")))
        count = counts.get(self.status, 0) if self.status else sum(counts.values())
        # keys first: the last of many pages would sort ten thousand whole rows with both institutions
        matching = self.rows.values_list("pk", flat=True)
        # few are read together: for the first twenty of them PostgreSQL would go through everybody's, newest first
        found_keys = list(matching) if 0 < count <= FEW else matching
        page = clamped_page(found_keys, self.request.GET.get("page"), PAGE_SIZE, count)
        keys = list(page.object_list)
        found = self.model._default_manager.filter(pk__in=keys)
        page.object_list = list(found.with_sides().order_by("-pk"))  # type: ignore[attr-defined]  # a DealQuerySet
        return super().get_context_data(
            party=self.party,
            form=self.filters.form,
            page_obj=page,
            tabs=list(self.tabs(counts)),
            is_filtered=bool(self.filters.cleaned),
            status=self.status,
            **kwargs,
        )

    def tabs(self, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
        yield self.tab("", _("全部"), sum(counts.values()))
        for status in self.statuses:
            if status in self.always or status in counts or status == self.status:
                label = self.model.labels.get((status, self.party), status.label)
                yield self.tab(status.value, label, counts.get(status, 0))

    def tab(self, status: str, label: Any, count: int) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        query["status"] = status
        return {
            "label": label,
            "url": f"?{query.urlencode()}",
            "active": status == self.status,
            "count": count,
        }


class BookingListView(OwnBookings, DealListView):
    template_name = "orders/booking_list.html"


class OrderListView(OwnOrders, DealListView):
    template_name = "orders/order_list.html"


class DealExportView(OwnDeals, View):
    http_method_names = ["get", "options"]
    related: ClassVar[tuple[str, ...]] = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        rows = self.rows.select_related(*self.related) if self.related else self.rows
        sheet = deal_sheet(self.model, rows, self.party)
        return spreadsheet_response(name=str(self.title), sheets=[sheet])


class BookingExportView(OwnBookings, DealExportView):
    pass


class OrderExportView(OwnOrders, DealExportView):
    related = ("booking",)
