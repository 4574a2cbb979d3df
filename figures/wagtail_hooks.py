"""Figures in the Wagtail admin: the dashboard, and providers' years."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from figures.admin_views import ProgrammeExportView, ProgrammeMenuItem, ProgrammeView
from figures.admin_years import (
    AnswerYearView,
    OpenYearView,
    ProviderYearAdmin,
    RecomputeYearView,
    ReopenYearView,
)


@hooks.register("register_admin_urls")
def figures_urls() -> list[URLPattern]:
    return [
        path("reports/programme/", ProgrammeView.as_view(), name="programme_figures"),
        path("reports/programme/export/", ProgrammeExportView.as_view(), name="programme_export"),
        path("provider-years/open/", OpenYearView.as_view(), name="open_provider_year"),
        path("provider-years/<int:pk>/answer/", AnswerYearView.as_view(), name="answer_provider_year"),
        path("provider-years/<int:pk>/reopen/", ReopenYearView.as_view(), name="reopen_provider_year"),
        path("provider-years/<int:pk>/compute/", RecomputeYearView.as_view(), name="compute_provider_year"),
    ]


modeladmin_register(ProviderYearAdmin)


@hooks.register("register_reports_menu_item")
def programme_menu_item() -> MenuItem:
    return ProgrammeMenuItem(
        gettext_lazy("项目总览"), reverse("programme_figures"), icon_name="table", order=40
    )
