"""The ledgers of bookings and of orders in the Wagtail admin: to read and to export, never to write."""

from typing import Any, ClassVar

from django.contrib.admin import display
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import format_yuan
from orders import permissions
from orders.admin_inspect import BookingRowView, OrderRowView
from orders.admin_ledgers import (
    DealButtons,
    DealLedger,
    DirectFilter,
    KindFilter,
    MadeYearFilter,
    PathFilter,
    marked,
    unbroken,
)
from orders.models import Booking, Deal, Order
from orders.statuses import BookingStatus, OrderStatus
from orders.templatetags.orders import deal_kind
from workflow.admin_ledgers import minute


class BookingStatusFilter(PathFilter):
    title = gettext_lazy("状态")
    parameter_name = column = "status"
    choices_on_offer = BookingStatus.choices


class OrderStatusFilter(BookingStatusFilter):
    choices_on_offer = OrderStatus.choices


class OrderButtons(DealButtons):
    def action_for(self, obj: Order) -> tuple[str, str] | None:
        waits = obj.status == OrderStatus.DISPUTED and permissions.may_mediate(self.request.user)
        return ("mediate_order", _("调解")) if waits else None


class DealAdmin(DealLedger):
    """The columns that bookings and orders share."""

    list_select_related: ClassVar[tuple[str, ...]] = ("consumer", "provider")

    @display(description=gettext_lazy("编号"), ordering="pk")
    def shown_number(self, deal: Deal) -> str:
        return unbroken(deal.number)

    @display(description=gettext_lazy("服务名称"))
    def title(self, deal: Deal) -> str:
        return deal.offer_name

    @display(description=gettext_lazy("类型"))
    def shown_kind(self, deal: Any) -> str:
        return unbroken(deal_kind(deal))

    @display(description=gettext_lazy("状态"))
    def standing(self, deal: Any) -> str:
        return unbroken(deal.statuses(deal.status).label)

    @display(description=gettext_lazy("创建时间"), ordering="pk")
    def made(self, deal: Deal) -> str:
        return unbroken(minute(deal.created_at))


class BookingAdmin(DealAdmin):
    model = Booking
    menu_label = gettext_lazy("预约")
    menu_icon = "date"
    inspect_view_class = BookingRowView
    inspect_template_name = "orders/admin/booking_inspect.html"
    inspect_view_fields = (
        "number",
        "status",
        "consumer",
        "provider",
        "kind",
        "offer_name",
        "sample",
        "requirements",
        "quantity",
        "unit",
        "wished_on",
        "budget_amount",
        "starts_at",
        "ends_at",
        "accepted_quantity",
        "accepted_price_amount",
        "accepted_delivery_on",
        "accepted_note",
        "accepted_at",
        "created_at",
        "updated_at",
        "expires_on",
        "closing_reason",
    )
    list_display = ("shown_number", "title", "consumer", "provider", "shown_kind", "standing", "made")
    list_filter = (BookingStatusFilter, KindFilter, MadeYearFilter)
    list_export = (
        "number",
        "get_status_display",
        "consumer",
        "provider",
        "get_kind_display",
        "offer_name",
        "quantity",
        "get_unit_display",
        "wished_on",
        "budget_amount",
        "accepted_quantity",
        "accepted_price_amount",
        "accepted_delivery_on",
        "created_at",
        "accepted_at",
        "closing_reason",
    )


class OrderAdmin(DealAdmin):
    model = Order
    menu_label = gettext_lazy("订单")
    menu_icon = "list-ul"
    button_helper_class = OrderButtons
    inspect_view_class = OrderRowView
    inspect_template_name = "orders/admin/order_inspect.html"
    inspect_view_fields = (
        "number",
        "status",
        "is_direct",
        "booking",
        "consumer",
        "provider",
        "kind",
        "offer_name",
        "requirements",
        "delivery_on",
        "terms",
        "total_amount",
        "created_at",
        "accepted_at",
        "delivered_at",
        "completed_at",
        "dispute_reason",
        "closing_reason",
    )
    list_display = (
        "shown_number",
        "title",
        "consumer",
        "provider",
        "shown_kind",
        "total",
        "standing",
    )
    list_filter = (OrderStatusFilter, KindFilter, DirectFilter, MadeYearFilter)
    list_export = (
        "number",
        "get_status_display",
        "is_direct",
        "booking",
        "consumer",
        "provider",
        "get_kind_display",
        "offer_name",
        "total_amount",
        "delivery_on",
        "created_at",
        "accepted_at",
        "delivered_at",
        "completed_at",
        "dispute_reason",
        "closing_reason",
    )
    list_select_related = ("consumer", "provider", "booking")

    @display(description=gettext_lazy("类型"))
    def shown_kind(self, deal: Any) -> str:
        return marked(deal_kind(deal), deal.is_direct)

    @display(description=gettext_lazy("总金额（元）"), ordering="total_amount")
    def total(self, order: Order) -> str:
        return format_yuan(order.total_amount)
