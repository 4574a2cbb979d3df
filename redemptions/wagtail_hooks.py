"""Redemptions and payout batches in the Wagtail admin: addresses, the menu group 兑付, the dashboard."""

from collections.abc import MutableSequence
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from redemptions import admin_batch_views as batch_views
from redemptions import admin_line_views as line_views
from redemptions.admin_batches import PayoutBatchAdmin
from redemptions.admin_ledger import RedemptionAdmin
from redemptions.admin_panel import RedemptionPanel
from redemptions.admin_queue import queue_url
from redemptions.admin_views import RecheckView
from redemptions.permissions import may_check, may_decide, may_pay

# The ledgers of the group, in the order of the menu.
ITEMS: list[type[Any]] = [RedemptionAdmin, PayoutBatchAdmin]


@hooks.register("register_admin_urls")
def redemption_urls() -> list[URLPattern]:
    return [path("redemptions/<int:pk>/recheck/", RecheckView.as_view(), name="recheck_claim")]


@hooks.register("register_admin_urls")
def payout_urls() -> list[URLPattern]:
    return [
        path("batches/make/", batch_views.MakeBatchView.as_view(), name="make_batch"),
        path("batches/<int:pk>/<slug:step>/step/", batch_views.StepView.as_view(), name="batch_step"),
        path("batches/<int:pk>/<slug:kind>/file/", batch_views.DownloadView.as_view(), name="batch_file"),
        path("batches/<int:pk>/result/", batch_views.ImportResultView.as_view(), name="import_result"),
        path(
            "batches/results/<int:pk>/resume/", batch_views.ResumeResultView.as_view(), name="resume_result"
        ),
        path("batches/lines/<int:pk>/inspect/", line_views.InspectView.as_view(), name="inspect_line"),
        path("batches/lines/<int:pk>/leave/", line_views.LeaveView.as_view(), name="leave_batch"),
        path(
            "batches/objections/<int:pk>/", line_views.AnswerObjectionView.as_view(), name="answer_objection"
        ),
        path("redemptions/<int:pk>/claw-back/", line_views.ClawBackView.as_view(), name="claw_back"),
        path(
            "claw-backs/<int:pk>/confirm/", line_views.ConfirmClawBackView.as_view(), name="confirm_claw_back"
        ),
    ]


@hooks.register("construct_homepage_panels")
def add_redemption_panel(request: HttpRequest, panels: MutableSequence[Any]) -> None:
    if may_check(request.user) or may_decide(request.user) or may_pay(request.user):
        panels.append(RedemptionPanel())


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
