"""Figures in the Wagtail admin: the dashboard."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from figures.admin_views import ProgrammeExportView, ProgrammeMenuItem, ProgrammeView


@hooks.register("register_admin_urls")
def figures_urls() -> list[URLPattern]:
    return [
        path("reports/programme/", ProgrammeView.as_view(), name="programme_figures"),
        path("reports/programme/export/", ProgrammeExportView.as_view(), name="programme_export"),
    ]


@hooks.register("register_reports_menu_item")
def programme_menu_item() -> MenuItem:
    return ProgrammeMenuItem(
        gettext_lazy("项目总览"), reverse("programme_figures"), icon_name="table", order=40
    )
