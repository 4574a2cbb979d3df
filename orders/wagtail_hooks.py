"""Bookings, orders, invoices and evaluations in the Wagtail admin: addresses, menus, the dashboard."""

from collections.abc import MutableSequence
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from orders import permissions
from orders.admin_deals import BookingAdmin, OrderAdmin
from orders.admin_figures import FiguresMenuItem, FiguresView
from orders.admin_panels import DisputesPanel
from orders.admin_papers import EvaluationAdmin, InvoiceAdmin
from orders.admin_views import HideEvaluationView, MediateView, ShowEvaluationView


@hooks.register("register_admin_urls")
def order_urls() -> list[URLPattern]:
    return [
        path("orders/<int:pk>/mediate/", MediateView.as_view(), name="mediate_order"),
        path("evaluations/<int:pk>/hide/", HideEvaluationView.as_view(), name="hide_evaluation"),
        path("evaluations/<int:pk>/show/", ShowEvaluationView.as_view(), name="show_evaluation"),
        path("reports/orders/", FiguresView.as_view(), name="order_figures"),
    ]


@hooks.register("register_reports_menu_item")
def figures_menu_item() -> MenuItem:
    return FiguresMenuItem(gettext_lazy("订单统计"), reverse("order_figures"), icon_name="table", order=45)


@hooks.register("construct_homepage_panels")
def add_disputes_panel(request: HttpRequest, panels: MutableSequence[Any]) -> None:
    if permissions.may_mediate(request.user):
        panels.append(DisputesPanel())


@modeladmin_register
class OrderGroup(ModelAdminGroup):
    menu_label = gettext_lazy("预约与订单")
    menu_icon = "list-ul"
    menu_order = 38
    items = (BookingAdmin, OrderAdmin, InvoiceAdmin, EvaluationAdmin)
