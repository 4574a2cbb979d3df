"""Institutions in the Wagtail admin."""

from typing import Any

import django_filters
from django.contrib.admin import SimpleListFilter, display
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from institutions import permissions
from institutions.admin_views import BankAccountView, LiftView, SuspendView
from institutions.models import Consumer, Provider, Suspension
from institutions.querysets import ProviderQuerySet
from workflow.admin_exports import export_fields
from workflow.admin_ledgers import LedgerIndexView, ReadOnlyPermissionHelper, RowView, minute
from workflow.admin_snippets import ReadOnlyPolicy, SubmissionIndexView, SubmissionViewSet
from workflow.differences import field_label
from workflow.permissions import may_review

register_permission_policy(Provider, ReadOnlyPolicy(Provider))
register_permission_policy(Consumer, ReadOnlyPolicy(Consumer))


@hooks.register("register_admin_urls")
def institution_urls() -> list[URLPattern]:
    return [
        path("providers/<int:pk>/suspend/", SuspendView.as_view(), name="suspend_provider"),
        path("providers/<int:pk>/lift/", LiftView.as_view(), name="lift_suspension"),
        path("consumers/<int:pk>/bank-account/", BankAccountView.as_view(), name="bank_account"),
    ]


class ProviderFilterSet(WagtailFilterSet):
    suspended = django_filters.ChoiceFilter(
        label=_("暂停"), method="filter_suspended", choices=[("yes", _("已暂停")), ("no", _("未暂停"))]
    )

    class Meta:
        model = Provider
        fields = ["status", "city", "host_type"]

    def filter_suspended(self, queryset: ProviderQuerySet, name: str, value: str) -> ProviderQuerySet:
        return queryset.filter(is_suspended=value == "yes")


class StandingColumn(Column):
    """The state, or that the provider is suspended whatever its state."""

    def get_value(self, instance: Any) -> str:
        state: str = instance.get_status_display()
        return gettext("%s，已暂停") % state if instance.is_suspended else state


class ProviderViewSet(SubmissionViewSet):
    model = Provider
    icon = "home"
    menu_label = _("接券机构")
    menu_name = "providers"
    menu_order = 20
    add_to_admin_menu = True
    list_display = [
        "__str__",
        "host_name",
        "city",
        StandingColumn("standing", label=gettext_lazy("状态"), sort_key="status"),
        "submitted_at",
    ]
    filterset_class = ProviderFilterSet
    search_fields = ["name", "host_name", "host_code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        in_force = Suspension.objects.in_force().filter(provider=OuterRef("pk"))
        return Provider.objects.annotate(is_suspended=Exists(in_force))


register_snippet(ProviderViewSet)


class ConsumerIndexView(SubmissionIndexView):
    """Titles lead to the review, or for those who only pay to the bank account."""

    def _get_title_column(self, field_name: str, column_class: Any = None, **kwargs: Any) -> Any:
        column = super()._get_title_column(field_name, column_class, **kwargs)
        if not may_review(self.request.user) and permissions.may_view_bank_account(self.request.user):
            column._get_url_func = lambda consumer: reverse("bank_account", args=[consumer.pk])
        return column


class ConsumerViewSet(SubmissionViewSet):
    model = Consumer
    icon = "group"
    menu_label = _("用券机构")
    menu_name = "consumers"
    menu_order = 21
    add_to_admin_menu = True
    index_view_class = ConsumerIndexView
    list_display = [
        "name",
        "consumer_type",
        "city",
        Column("size_label", label=gettext_lazy("企业规模")),
        "status",
        "submitted_at",
    ]
    list_filter = ["status", "city", "consumer_type", "industry"]
    search_fields = ["name", "code"]

    @cached_property
    def export_headings(self) -> dict[str, str]:
        """In yuan, as the cells have them; the class by size beside the figures."""
        amounts = {
            name: gettext("%s（元）") % field_label(Consumer, name)
            for name in ("revenue_amount", "assets_amount")
        }
        return export_fields(Consumer) | amounts | {"size_label": gettext("企业规模")}


register_snippet(ConsumerViewSet)


class InForceFilter(SimpleListFilter):
    title = _("状态")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("暂停中")), ("no", _("已恢复"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(lifted_at__isnull=self.value() == "yes")


@modeladmin_register
class SuspensionAdmin(ModelAdmin):
    """Every suspension there was; made and lifted on the provider's review page."""

    history_view_enabled = False  # it asks for no permission
    model = Suspension
    menu_label = _("暂停记录")
    menu_icon = "warning"
    menu_order = 890
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = LedgerIndexView
    inspect_view_enabled = True
    inspect_view_class = RowView
    inspect_view_fields = (
        "provider",
        "reason",
        "until",
        "suspended_by",
        "suspended_at",
        "lifted_by",
        "lifted_at",
        "lift_reason",
    )
    list_display = ("provider", "reason", "term", "begun", "suspended_by_name", "lifted")
    list_filter = (InForceFilter, "suspended_at")
    list_select_related = ("provider", "suspended_by", "lifted_by")
    list_export = (
        "provider",
        "reason",
        "until",
        "suspended_at",
        "suspended_by_name",
        "lifted",
        "lift_reason",
    )
    export_filename = "suspensions"
    search_fields = ("provider__name", "provider__host_name", "reason")
    list_per_page = 50

    @display(description=_("暂停时间"), ordering="suspended_at")
    def begun(self, suspension: Suspension) -> str:
        return minute(suspension.suspended_at)

    def term(self, suspension: Suspension) -> str:
        return suspension.term

    def suspended_by_name(self, suspension: Suspension) -> str:
        return suspension.suspended_by.get_full_name()

    def lifted(self, suspension: Suspension) -> str:
        if suspension.lifted_at is None:
            return gettext("暂停中")
        by = suspension.lifted_by.get_full_name() if suspension.lifted_by else gettext("到期自动恢复")
        return f"{minute(suspension.lifted_at)} {by}"

    term.short_description = _("暂停期限")  # type: ignore[attr-defined]
    term.admin_order_field = "until"  # type: ignore[attr-defined]
    suspended_by_name.short_description = _("操作人")  # type: ignore[attr-defined]
    lifted.short_description = _("恢复")  # type: ignore[attr-defined]
    lifted.admin_order_field = "lifted_at"  # type: ignore[attr-defined]
