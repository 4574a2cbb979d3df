"""Ledgers of suspensions and bans in the Wagtail admin: read, never written."""

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from institutions.models import ConsumerBan, Suspension
from workflow.admin_ledgers import LedgerIndexView, ReadOnlyPermissionHelper, RowView, minute


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
    add_to_admin_menu = False  # among what is supervised
    model = Suspension
    menu_icon = "warning"
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

    term.short_description = _("暂停期限")  # type: ignore[attr-defined]  # as display() sets it
    term.admin_order_field = "until"  # type: ignore[attr-defined]  # as display() sets it
    suspended_by_name.short_description = _("操作人")  # type: ignore[attr-defined]  # as display() sets it
    lifted.short_description = _("恢复")  # type: ignore[attr-defined]  # as display() sets it
    lifted.admin_order_field = "lifted_at"  # type: ignore[attr-defined]  # as display() sets it


@modeladmin_register
class ConsumerBanAdmin(ModelAdmin):
    """Every ban there was; made and lifted on the consumer's review page."""

    history_view_enabled = False  # it asks for no permission
    add_to_admin_menu = False  # among what is supervised
    model = ConsumerBan
    menu_icon = "warning"
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = LedgerIndexView
    inspect_view_enabled = True
    inspect_view_class = RowView
    inspect_view_fields = (
        "consumer",
        "reason",
        "starts_on",
        "until",
        "made_by",
        "made_at",
        "lifted_by",
        "lifted_at",
        "lift_reason",
    )
    list_display = ("consumer", "reason", "term", "begun", "made_by_name", "lifted")
    list_filter = (InForceFilter, "made_at")
    list_select_related = ("consumer", "made_by", "lifted_by")
    list_export = (
        "consumer",
        "reason",
        "starts_on",
        "until",
        "made_at",
        "made_by_name",
        "lifted",
        "lift_reason",
    )
    export_filename = "bans"
    search_fields = ("consumer__name", "reason")
    list_per_page = 50

    @display(description=_("操作时间"), ordering="made_at")
    def begun(self, ban: ConsumerBan) -> str:
        return minute(ban.made_at)

    @display(description=_("暂停期限"), ordering="until")
    def term(self, ban: ConsumerBan) -> str:
        return ban.term

    @display(description=_("操作人"))
    def made_by_name(self, ban: ConsumerBan) -> str:
        return ban.made_by.get_full_name()

    @display(description=_("恢复"), ordering="lifted_at")
    def lifted(self, ban: ConsumerBan) -> str:
        if ban.lifted_at is None:
            return gettext("期限已满") if ban.is_over else gettext("暂停中")
        by = ban.lifted_by.get_full_name() if ban.lifted_by else gettext("到期自动恢复")
        return f"{minute(ban.lifted_at)} {by}"
