"""Pages of one order."""

from django.views.generic import TemplateView

from orders.views.base import OneOrder


class OrderView(OneOrder, TemplateView):
    template_name = "orders/order.html"
