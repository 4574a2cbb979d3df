"""Institutions in the Wagtail admin."""

from functools import partial
from typing import Any

import django_filters
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

from institutions import admin_ledgers, permissions  # noqa: F401 - registers the ledgers
from institutions.admin_views import BankAccountView, BanView, LiftBanView, LiftView, SuspendView
from institutions.models import Consumer, ConsumerBan, Provider, Suspension
from institutions.querysets import ProviderQuerySet
from supervision.menu import MENU_HOOK, PermittedItem
from workflow.admin_exports import export_fields
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
        path("consumers/<int:pk>/ban/", BanView.as_view(), name="ban_consumer"),
        path("consumers/<int:pk>/lift-ban/", LiftBanView.as_view(), name="lift_ban"),
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


class ConsumerFilterSet(WagtailFilterSet):
    banned = django_filters.ChoiceFilter(
        label=_("用券资格"), method="filter_banned", choices=[("yes", _("已暂停")), ("no", _("未暂停"))]
    )

    class Meta:
        model = Consumer
        fields = ["status", "city", "consumer_type", "industry"]

    def filter_banned(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(is_banned=value == "yes")


class UsingColumn(Column):
    """The state, and that the right to use vouchers is suspended whatever the state."""

    def get_value(self, instance: Any) -> str:
        state: str = instance.get_status_display()
        return gettext("%s，用券资格已暂停") % state if instance.is_banned else state


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
        UsingColumn("standing", label=gettext_lazy("状态"), sort_key="status"),
        "submitted_at",
    ]
    filterset_class = ConsumerFilterSet
    search_fields = ["name", "code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consumer]:
        """With whether a ban counts against the institution, whichever of its accounts it was laid on."""
        in_force = ConsumerBan.objects.in_force()
        same_code = in_force.exclude(consumer__code="").filter(consumer__code=OuterRef("code"))
        is_banned = Exists(in_force.filter(consumer=OuterRef("pk"))) | Exists(same_code)
        return Consumer.objects.annotate(is_banned=is_banned)

    @cached_property
    def export_headings(self) -> dict[str, str]:
        """In yuan, as the cells have them; the class by size beside the figures."""
        amounts = {
            name: gettext("%s（元）") % field_label(Consumer, name)
            for name in ("revenue_amount", "assets_amount")
        }
        return (
            export_fields(Consumer)
            | amounts
            | {
                "size_label": gettext("企业规模"),
                "is_banned": gettext("用券资格已暂停"),
            }
        )


register_snippet(ConsumerViewSet)


MENU_ITEMS = (("suspension", _("暂停记录"), 50), ("consumerban", _("用券资格暂停记录"), 20))


def _ledger_item(model: str, label: Any, order: int) -> PermittedItem:
    return PermittedItem(
        label,
        reverse(f"institutions_{model}_modeladmin_index"),
        shown_to=lambda user: user.has_perm(f"institutions.view_{model}"),
        icon_name="warning",
        name=f"{model}s",
        order=order,
    )


for _model, _label, _order in MENU_ITEMS:
    hooks.register(MENU_HOOK, partial(_ledger_item, _model, _label, _order))
