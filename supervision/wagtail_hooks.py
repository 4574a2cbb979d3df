"""Supervision in the Wagtail admin: addresses, the menu 监督, and the dashboard."""

from collections.abc import MutableSequence
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem, SubmenuMenuItem

from supervision import permissions
from supervision.admin_access import FileAccessListView
from supervision.admin_alerts import AlertListView, AlertView
from supervision.admin_audit import AuditEntryView, AuditListView
from supervision.admin_panels import AlertsPanel
from supervision.menu import MENU_HOOK, PermittedItem, menu


@hooks.register("register_admin_urls")
def supervision_urls() -> list[URLPattern]:
    lists = {"audit": ("audit", AuditListView), "alerts": ("alerts", AlertListView)}
    lists["file-access"] = ("file_access", FileAccessListView)
    found = []
    for address, (name, view) in lists.items():
        found.append(path(f"{address}/", view.as_view(), name=f"supervision_{name}"))
        results = view.as_view(results_only=True)
        found.append(path(f"{address}/results/", results, name=f"supervision_{name}_results"))
    return [
        *found,
        path("audit/<int:pk>/", AuditEntryView.as_view(), name="supervision_audit_entry"),
        path("alerts/<int:pk>/", AlertView.as_view(), name="supervision_alert"),
    ]


@hooks.register("register_permissions")
def permissions_to_give() -> QuerySet[Permission]:
    """Where groups are put together."""
    return Permission.objects.filter(content_type__app_label="supervision")


@hooks.register("register_admin_menu_item")
def supervision_menu_item() -> MenuItem:
    return SubmenuMenuItem(_("监督"), menu, name="supervision", icon_name="view", order=60)


@hooks.register(MENU_HOOK)
def alerts_item() -> MenuItem:
    url = reverse("supervision_alerts")
    return PermittedItem(
        _("预警"), url, shown_to=permissions.may_view_alerts, icon_name="warning", name="alerts", order=10
    )


@hooks.register(MENU_HOOK)
def audit_item() -> MenuItem:
    url = reverse("supervision_audit")
    return PermittedItem(
        _("审计记录"), url, shown_to=permissions.may_search_audit, icon_name="history", name="audit", order=30
    )


@hooks.register(MENU_HOOK)
def file_access_item() -> MenuItem:
    return PermittedItem(
        _("文件查看记录"),
        reverse("supervision_file_access"),
        shown_to=permissions.may_view_file_access,
        icon_name="view",
        name="file_access",
        order=40,
    )


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: MutableSequence[Any]) -> None:
    if permissions.may_follow_up(request.user):
        panels.append(AlertsPanel())
