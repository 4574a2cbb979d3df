"""Providers' years in the Wagtail admin: the ledger, one of them, and opening a year for checking."""

from typing import Any, ClassVar, cast

from django.contrib import messages
from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail_modeladmin.options import ModelAdmin

from accounts.exceptions import DomainError
from accounts.models import User
from accounts.money import format_yuan
from figures import permissions, services
from figures.forms import AnswerForm, OpenYearForm, ReopenForm
from figures.models import ProviderYear
from figures.statuses import YearStatus
from figures.tasks import open_years_task
from orders.admin_inspect import trail
from orders.admin_views import StaffActView
from workflow.admin_ledgers import LedgerIndexView, ReadOnlyPermissionHelper, RowView, minute

LEDGER = "figures_provideryear_modeladmin"


class YearIndexView(LedgerIndexView):
    """With the way to open a year, for those who may, and one workbook of what every provider's year says."""

    FORMATS = (LedgerIndexView.FORMAT_XLSX,)
    export_buttons_template_name = "orders/admin/export_button.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_open = permissions.may_settle(cast(User, self.request.user))
        return super().get_context_data(may_open=may_open, **kwargs)


class YearRowView(RowView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.instance
        may = permissions.may_settle(cast(User, self.request.user))
        return super().get_context_data(
            figures=one.content,
            events=trail(one),
            may_answer=may and one.status == YearStatus.DISPUTED,
            may_recompute=may and one.status == YearStatus.OPEN,
            may_reopen=may and one.status == YearStatus.CONFIRMED,
            **kwargs,
        )


class YearFilter(SimpleListFilter):
    title = gettext_lazy("年度")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = ProviderYear.objects.order_by("-year").values_list("year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = dict(self.lookup_choices)
        return queryset.filter(year=self.value()) if self.value() in known else queryset


class ProviderYearAdmin(ModelAdmin):
    history_view_enabled = False  # it asks for no permission
    model = ProviderYear
    menu_label = gettext_lazy("年度服务情况")
    menu_icon = "calendar-check"
    menu_order = 42
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = YearIndexView
    index_template_name = "figures/admin/years.html"
    inspect_view_class = YearRowView
    inspect_view_enabled = True
    inspect_template_name = "figures/admin/year.html"
    inspect_view_fields = (
        "provider",
        "year",
        "status",
        "computed_at",
        "opened_at",
        "confirmed_at",
        "dispute",
        "answer",
        "parameters",
    )
    list_display = ("provider", "shown_year", "status", "served", "subsidy", "computed")
    list_filter = (YearFilter, "status")
    list_select_related = ("provider",)
    list_export = (
        "provider",
        "year",
        "get_status_display",
        "order_count",
        "served_amount",
        "voucher_count",
        "voucher_amount",
        "consumers",
        "evaluations",
        "mean_stars",
        "on_time_percent",
        "answer_days",
        "subsidy_amount",
        "how",
        "computed_at",
        "confirmed_at",
        "dispute",
        "answer",
    )
    export_filename = "provider-years"
    search_fields = ("provider__name", "provider__host_name")
    list_per_page = 50

    @display(description=gettext_lazy("年度"), ordering="year")
    def shown_year(self, one: ProviderYear) -> str:
        return str(one.year)

    @display(description=gettext_lazy("服务金额（元）"), ordering="served_amount")
    def served(self, one: ProviderYear) -> str:
        return format_yuan(one.served_amount)

    @display(description=gettext_lazy("运行补助（元）"), ordering="subsidy_amount")
    def subsidy(self, one: ProviderYear) -> str:
        return format_yuan(one.subsidy_amount)

    @display(description=gettext_lazy("统计时间"), ordering="computed_at")
    def computed(self, one: ProviderYear) -> str:
        return minute(one.computed_at)

    @display(description=gettext_lazy("完成订单"))
    def order_count(self, one: ProviderYear) -> int:
        return one.content.total.count

    @display(description=gettext_lazy("其中用券订单"))
    def voucher_count(self, one: ProviderYear) -> int:
        return one.content.total.voucher_count

    @display(description=gettext_lazy("用券订单金额（元）"))
    def voucher_amount(self, one: ProviderYear) -> Any:
        return one.content.total.voucher_amount

    @display(description=gettext_lazy("服务机构数"))
    def consumers(self, one: ProviderYear) -> int:
        return one.content.consumers

    @display(description=gettext_lazy("评价数"))
    def evaluations(self, one: ProviderYear) -> int:
        return one.content.evaluations

    @display(description=gettext_lazy("平均评分"))
    def mean_stars(self, one: ProviderYear) -> Any:
        return one.content.mean_stars

    @display(description=gettext_lazy("按期交付（%）"))
    def on_time_percent(self, one: ProviderYear) -> Any:
        return one.content.on_time_percent

    @display(description=gettext_lazy("平均答复天数"))
    def answer_days(self, one: ProviderYear) -> Any:
        return one.content.answer_days

    @display(description=gettext_lazy("补助计算"))
    def how(self, one: ProviderYear) -> str:
        return "\n".join(one.content.subsidy_lines)


class OneYearView(StaffActView):
    """A text about one year, with which its figures are computed anew."""

    template_name = "figures/admin/answer.html"
    header_icon = "calendar-check"
    ledger = LEDGER
    ledger_label = gettext_lazy("年度服务情况")
    verb: ClassVar[Any]

    @cached_property
    def record(self) -> ProviderYear:
        return get_object_or_404(ProviderYear.objects.select_related("provider"), pk=self.kwargs["pk"])

    def is_allowed(self) -> bool:
        return permissions.may_settle(self.actor)


class AnswerYearView(OneYearView):
    """The answer to a dispute; the figures are computed anew with it."""

    form_class = AnswerForm
    page_title = gettext_lazy("答复异议")
    verb = gettext_lazy("答复并重新统计")

    def problem(self) -> str:
        return "" if self.record.status == YearStatus.DISPUTED else _("现在没有等待答复的异议。")

    def act(self, form: AnswerForm) -> str:
        services.answer_year(provider_year=self.record, actor=self.actor, text=form.cleaned_data["text"])
        return _("已答复并重新统计，等待机构确认。")


class ReopenYearView(OneYearView):
    """A confirmed year opened again, and why."""

    form_class = ReopenForm
    page_title = gettext_lazy("重新开放核对")
    verb = gettext_lazy("重新开放并统计")

    def problem(self) -> str:
        return "" if self.record.status == YearStatus.CONFIRMED else _("机构还没有确认，不需要重新开放。")

    def act(self, form: ReopenForm) -> str:
        services.reopen_year(provider_year=self.record, actor=self.actor, text=form.cleaned_data["text"])
        return _("已重新开放核对并重新统计，等待机构确认。")


class SettlerRequiredMixin(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_settle(cast(User, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class RecomputeYearView(SettlerRequiredMixin):
    """By post alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        one = get_object_or_404(ProviderYear, pk=pk)
        try:
            services.recompute_year(provider_year=one, actor=cast(User, request.user))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已按现在的数据重新统计。"))
        return redirect(f"{LEDGER}_inspect", pk)


class OpenYearView(SettlerRequiredMixin, WagtailAdminTemplateMixin, FormView):
    """开放核对, asked once more with how many providers will be told."""

    template_name = "figures/admin/open_year.html"
    form_class = OpenYearForm
    page_title = gettext_lazy("开放年度核对")
    header_icon = "calendar-check"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{LEDGER}_index"), "label": _("年度服务情况")},
            {"url": "", "label": self.page_title},
        ]

    def form_valid(self, form: OpenYearForm) -> HttpResponse:
        year, actor = form.cleaned_data["year"], cast(User, self.request.user)
        services.require_openable(year, actor)
        if "confirmed" not in self.request.POST:
            number = len(services.providers_of(year))
            return self.render_to_response(self.get_context_data(form=form, asked=year, number=number))
        transaction.on_commit(lambda: open_years_task.enqueue(year, actor.pk))
        messages.success(self.request, _("正在统计 %d 年度的服务情况，机构会陆续收到通知。") % year)
        return redirect(f"{LEDGER}_index")
