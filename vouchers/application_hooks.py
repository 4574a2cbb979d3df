"""Applications for vouchers in the Wagtail admin: the ledger, and the figures of a year."""

from typing import Any, ClassVar

from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import ModelAdmin

from accounts.money import format_yuan
from vouchers import statistics
from vouchers.admin_ledgers import LedgerInspectView
from vouchers.models import Pool
from vouchers.models.applications import VoucherApplication
from workflow.admin_ledgers import LedgerIndexView, ReadOnlyPermissionHelper, minute
from workflow.admin_snippets import ReadOnlyPolicy, SubmissionViewSet
from workflow.charts import bar_chart

register_permission_policy(VoucherApplication, ReadOnlyPolicy(VoucherApplication))


class ApplicationViewSet(SubmissionViewSet):
    """Wagtail assigns a workflow only to what is registered; people read the ledger below."""

    model = VoucherApplication
    menu_item_is_registered = True
    list_display = ["__str__", "consumer", "status", "submitted_at"]
    list_filter = ["status"]
    search_fields = ["consumer__name", "consumer__code"]


register_snippet(ApplicationViewSet)


class ApplicationIndexView(LedgerIndexView):
    export_headings: ClassVar[dict[str, Any]] = {
        "granted_amount": gettext_lazy("批准额度（元）"),
        "get_status_display": gettext_lazy("状态"),
        "get_last_year_revenue_amount_display": gettext_lazy("上一年度营业收入"),
    }


class SubmittedYearFilter(SimpleListFilter):
    title = gettext_lazy("提交年度")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        moments = VoucherApplication.objects.order_by().filter(submitted_at__isnull=False)
        return [(str(day.year), str(day.year)) for day in moments.dates("submitted_at", "year", "DESC")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = dict(self.lookup_choices)
        return queryset.filter(submitted_at__year=self.value()) if self.value() in known else queryset


class ApplicationAdmin(ModelAdmin):
    """Every application there was; decided on its review page."""

    history_view_enabled = False  # it asks for no permission
    model = VoucherApplication
    menu_label = gettext_lazy("创新券申请")
    menu_icon = "form"
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = ApplicationIndexView
    inspect_view_class = LedgerInspectView
    inspect_view_enabled = True
    inspect_template_name = "vouchers/admin/application_inspect.html"
    inspect_view_fields = (
        "consumer",
        "status",
        "applied_amount",
        "last_year_revenue_amount",
        "reason",
        "problem",
        "has_projects",
        "submitted_at",
        "due_on",
        "decided_at",
        "return_reason",
    )
    list_display = ("title", "applied", "granted", "standing", "submitted", "decided", "voucher_number")
    list_filter = ("status", SubmittedYearFilter)
    list_select_related = ("consumer", "grant__voucher")
    list_export = (
        "consumer",
        "code",
        "applied_amount",
        "granted_amount",
        "voucher_number",
        "cut_reason",
        "get_status_display",
        "get_last_year_revenue_amount_display",
        "reason",
        "problem",
        "submitted_at",
        "decided_at",
        "return_reason",
    )
    export_filename = "applications"
    search_fields = ("consumer__name", "consumer__code", "grant__voucher__number")
    list_per_page = 50

    @display(description=gettext_lazy("用券机构"), ordering="consumer__name")
    def title(self, application: VoucherApplication) -> str:
        return format_html('<a href="{}">{}</a>', application.get_review_url(), application.institution_name)

    @display(description=gettext_lazy("申请额度（元）"), ordering="applied_amount")
    def applied(self, application: VoucherApplication) -> str:
        return format_yuan(application.applied_amount) if application.applied_amount else "—"

    @display(description=gettext_lazy("批准额度（元）"), ordering="grant__voucher__amount")
    def granted(self, application: VoucherApplication) -> str:
        return format_yuan(application.granted_amount) if application.granted_amount else "—"

    @display(description=gettext_lazy("状态"), ordering="status")
    def standing(self, application: VoucherApplication) -> str:
        return application.get_status_display()

    @display(description=gettext_lazy("提交时间"), ordering="submitted_at")
    def submitted(self, application: VoucherApplication) -> str:
        return minute(application.submitted_at) if application.submitted_at else "—"

    @display(description=gettext_lazy("审核时间"), ordering="decided_at")
    def decided(self, application: VoucherApplication) -> str:
        return minute(application.decided_at) if application.decided_at else "—"

    @display(description=gettext_lazy("券号"))
    def voucher_number(self, application: VoucherApplication) -> str:
        return application.grant.voucher.number if hasattr(application, "grant") else "—"

    @display(description=gettext_lazy("统一社会信用代码"))
    def code(self, application: VoucherApplication) -> str:
        return application.consumer.code

    @display(description=gettext_lazy("核减原因"))
    def cut_reason(self, application: VoucherApplication) -> str:
        return application.grant.reason if hasattr(application, "grant") else ""


def may_read_figures(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("vouchers.view_voucher"))


class StatisticsView(WagtailAdminTemplateMixin, TemplateView):
    """A programme year: its pool, and from application to payout, drawn and in tables."""

    template_name = "vouchers/admin/statistics.html"
    page_title = gettext_lazy("创新券统计")
    header_icon = "table"
    # Wagtail folds breadcrumbs up, and the title with them
    breadcrumbs_items: ClassVar[list[dict[str, Any]]] = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_figures(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def years(self) -> list[int]:
        return list(statistics.years())

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        known = {str(year): year for year in self.years}
        this_year = timezone.localdate().year
        return known.get(asked, this_year if this_year in self.years else self.years[0])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stages = statistics.funnel(self.year)
        by_month = statistics.months(self.year)
        names = [stage.label for stage in stages]
        return super().get_context_data(
            years=self.years,
            year=self.year,
            pool=Pool.objects.filter(year=self.year).first(),
            stages=stages,
            waiting=statistics.waiting(),
            months=by_month,
            funnel_chart=bar_chart(
                names,
                {_("家次"): [stage.count for stage in stages]},
                title=_("申领、获批、使用、兑付的数量"),
                horizontal=True,
            ),
            amount_chart=bar_chart(
                names,
                {_("万元"): [float(stage.amount) / 10_000 for stage in stages]},
                title=_("申领、获批、使用、兑付的金额"),
                horizontal=True,
                decimals=1,
            ),
            month_chart=bar_chart(
                [_("%d 月") % month.number for month in by_month],
                {
                    _("提交申请"): [month.applied_count for month in by_month],
                    _("发放创新券"): [month.granted_count for month in by_month],
                },
                title=_("各月提交的申请和发放的创新券"),
            ),
            **kwargs,
        )


@hooks.register("register_admin_urls")
def statistics_urls() -> list[URLPattern]:
    return [path("reports/vouchers/", StatisticsView.as_view(), name="voucher_statistics")]


class StatisticsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_figures(request)


@hooks.register("register_reports_menu_item")
def statistics_menu_item() -> MenuItem:
    return StatisticsMenuItem(
        gettext_lazy("创新券统计"), reverse("voucher_statistics"), icon_name="table", order=50
    )
