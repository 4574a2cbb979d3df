"""The dashboard's panel: disputes that wait for a mediation."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Window
from wagtail.admin.ui.components import Component

from orders.models import Order
from orders.statuses import OrderStatus

SHOWN = 5


class DisputesPanel(Component):
    """How many there are, and those that wait longest; one query."""

    name = "disputes"
    template_name = "orders/admin/disputes_panel.html"
    order = 105

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        waiting = Order.objects.filter(status=OrderStatus.DISPUTED).with_sides().order_by("updated_at", "pk")
        orders = list(waiting.annotate(total=Window(Count("pk")))[:SHOWN])
        return {
            "orders": orders,
            "total": orders[0].total if orders else 0,
            "status": OrderStatus.DISPUTED.value,
        }
