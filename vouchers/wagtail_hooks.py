"""Pools, vouchers and the ledger in the Wagtail admin: to read and to export, never to write."""

from typing import Any, ClassVar, cast

from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup, modeladmin_register

from accounts.money import format_yuan
from vouchers.admin_ledgers import LedgerInspectView, signed_yuan
from vouchers.admin_views import FundPoolView
from vouchers.application_hooks import ApplicationAdmin
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.numbers import normalise_number, validate_number
from vouchers.querysets import VoucherQuerySet
from vouchers.statuses import PARTS, VoucherStatus
from workflow.admin_ledgers import LedgerIndexView, ReadOnlyPermissionHelper, minute


@hooks.register("register_admin_urls")
def pool_urls() -> list[URLPattern]:
    return [path("pools/fund/", FundPoolView.as_view(), name="fund_pool")]


class YearFilter(SimpleListFilter):
    title = _("项目年度")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in Pool.objects.values_list("year", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = dict(self.lookup_choices)
        return queryset.filter(pool__year=self.value()) if self.value() in known else queryset


class StatusFilter(SimpleListFilter):
    title = _("状态")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(VoucherStatus.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        status = self.value()
        if status not in VoucherStatus.values:
            return queryset
        return cast(VoucherQuerySet, queryset).in_status(VoucherStatus(status))


class NumberIndexView(LedgerIndexView):
    """A voucher is found by its number however that is typed."""

    export_headings: ClassVar[dict[str, Any]] = {
        "get_kind_display": _("类型"),
        "get_status_display": _("状态"),
    }

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        try:
            validate_number(search_term)
        except ValidationError:
            return super().get_search_results(request, queryset, search_term)
        return super().get_search_results(request, queryset, normalise_number(search_term))


class Ledger(ModelAdmin):
    history_view_enabled = False  # it asks for no permission
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = LedgerIndexView
    inspect_view_class = LedgerInspectView
    inspect_view_enabled = True
    list_per_page = 50


def yuan(column: str, label: Any, *, sorts: bool = True) -> Any:
    """A column of money, as people read it, sorted as numbers where the database has it."""

    def shown(record: Any) -> str:
        return format_yuan(getattr(record, column))

    if sorts:
        shown.admin_order_field = column  # type: ignore[attr-defined]  # as display() sets it
    return shown


def unbroken(text: str) -> str:
    return format_html('<span class="w-whitespace-nowrap">{}</span>', text)


POOL_FIELDS = [
    "year",
    "amount",
    "issued_amount",
    "available_amount",
    "used_percent",
    "entry_count",
    "head_hash",
]
VOUCHER_FIELDS = [
    "number",
    "consumer",
    "amount",
    *(f"{part}_amount" for part in PARTS),
    "status",
    "valid_from",
    "valid_until",
    "redeem_by",
    "granted_at",
    "pool",
    "parameters",
]
ENTRY_FIELDS = [
    "pool",
    "sequence",
    "at",
    "kind",
    "voucher",
    "amount",
    "pool_effect",
    "balance_effect",
    "reserved_effect",
    "pool_after",
    "balance_after",
    "reserved_after",
    "order_number",
    "actor_name",
    "reason",
    "previous_hash",
    "hash",
]


class PoolAdmin(Ledger):
    model = Pool
    menu_label = _("资金池")
    menu_icon = "pick"
    index_template_name = "vouchers/admin/pool_index.html"
    inspect_view_fields = POOL_FIELDS
    list_display = ("year", "funded", "issued", "available", "used", "entry_count")
    list_export = POOL_FIELDS
    export_filename = "pools"

    funded = staticmethod(yuan("amount", _("资金总额（元）")))
    issued = staticmethod(yuan("issued_amount", _("已发放（元）"), sorts=False))
    available = staticmethod(yuan("available_amount", _("可发放金额（元）")))

    @display(description=_("已发放比例"))
    def used(self, pool: Pool) -> str:
        return f"{pool.used_percent}%"


class VoucherAdmin(Ledger):
    model = Voucher
    menu_label = _("创新券")
    menu_icon = "tag"
    index_view_class = NumberIndexView
    inspect_view_fields = VOUCHER_FIELDS
    list_display = ("shown_number", "consumer", "granted", "balance", "standing", "last_day")
    list_filter = (StatusFilter, YearFilter)
    list_select_related = ("consumer", "pool", "parameters")
    list_export = ["get_status_display" if name == "status" else name for name in VOUCHER_FIELDS]
    export_filename = "vouchers"
    search_fields = ("number", "consumer__name", "consumer__code")

    granted = staticmethod(yuan("amount", _("金额（元）")))
    balance = staticmethod(yuan("balance_amount", _("余额（元）")))

    @display(description=_("券号"), ordering="number")
    def shown_number(self, voucher: Voucher) -> str:
        return unbroken(voucher.number)

    @display(description=_("状态"))
    def standing(self, voucher: Voucher) -> str:
        return unbroken(voucher.get_status_display())

    @display(description=_("有效期至"), ordering="valid_until")
    def last_day(self, voucher: Voucher) -> str:
        return unbroken(date_format(voucher.valid_until, "Y-m-d"))


class LedgerEntryAdmin(Ledger):
    model = LedgerEntry
    menu_label = _("资金流水")
    menu_icon = "list-ul"
    index_view_class = NumberIndexView
    inspect_view_fields = ENTRY_FIELDS
    list_display = ("moment", "kind", "number", "moved", "left", "who", "order_number", "reason")
    list_filter = ("kind", YearFilter, "at")
    list_select_related = ("pool", "voucher")
    list_export = ["get_kind_display" if name == "kind" else name for name in ENTRY_FIELDS]
    export_filename = "ledger"
    search_fields = ("voucher__number", "order_number", "actor_name", "reason")

    @display(description=_("时间"), ordering="at")
    def moment(self, entry: LedgerEntry) -> str:
        return unbroken(minute(entry.at))

    @display(description=_("变动（元）"))
    def moved(self, entry: LedgerEntry) -> str:
        """Signed by what it does to the voucher's balance; else to what is reserved of it, else to the pool."""
        return unbroken(signed_yuan(entry.balance_effect or entry.reserved_effect or entry.pool_effect))

    @display(description=_("变动后余额（元）"))
    def left(self, entry: LedgerEntry) -> str:
        """On the voucher; in the pool, where the entry is of no voucher."""
        return format_yuan(entry.balance_after if entry.voucher_id else entry.pool_after)

    @display(description=_("券号"))
    def number(self, entry: LedgerEntry) -> str:
        return unbroken(entry.voucher.number) if entry.voucher else "—"

    @display(description=_("操作人"))
    def who(self, entry: LedgerEntry) -> str:
        return entry.actor_name


@modeladmin_register
class VoucherGroup(ModelAdminGroup):
    menu_label = _("创新券资金")
    menu_icon = "tag"
    menu_order = 40
    items = (ApplicationAdmin, PoolAdmin, VoucherAdmin, LedgerEntryAdmin)
