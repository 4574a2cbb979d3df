"""Redemptions in the Wagtail admin: addresses, the menu group 兑付, the dashboard."""

from collections.abc import MutableSequence
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from redemptions.admin_ledger import RedemptionAdmin
from redemptions.admin_queue import ClaimsPanel, queue_url
from redemptions.admin_views import RecheckView
from redemptions.permissions import may_check, may_decide

# The ledgers of the group, in the order of the menu.
ITEMS: list[type[Any]] = [RedemptionAdmin]


@hooks.register("register_admin_urls")
def redemption_urls() -> list[URLPattern]:
    return [path("redemptions/<int:pk>/recheck/", RecheckView.as_view(), name="recheck_claim")]


@hooks.register("construct_homepage_panels")
def add_claims_panel(request: HttpRequest, panels: MutableSequence[Any]) -> None:
    if may_check(request.user) or may_decide(request.user):
        panels.append(ClaimsPanel())


class QueueMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_check(request.user) or may_decide(request.user)


@modeladmin_register
class RedemptionGroup(ModelAdminGroup):
    menu_label = gettext_lazy("兑付")
    menu_icon = "pick"
    menu_order = 42
    items = tuple(ITEMS)

    def get_submenu_items(self) -> list[MenuItem]:
        queue = QueueMenuItem(
            gettext_lazy("待我办理"), queue_url(), name="claims-queue", icon_name="clipboard-list", order=0
        )
        return [queue, *super().get_submenu_items()]
