"""The dashboard of a programme year in the Wagtail admin, drawn and in tables, and as a workbook."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from figures import dashboard
from figures.exports import dashboard_sheets
from figures.models import Progress
from figures.public import years
from files.spreadsheets import spreadsheet_response
from workflow import permissions
from workflow.charts import bar_chart


def may_read_dashboard(request: HttpRequest) -> bool:
    """Whoever reads vouchers: reviewers, managers, payers, auditors."""
    return bool(request.user.has_perm("vouchers.view_voucher"))


class ProgrammeView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "figures/admin/programme.html"
    page_title = gettext_lazy("项目总览")
    header_icon = "table"
    # Wagtail folds breadcrumbs up, and the title with them
    breadcrumbs_items: ClassVar[list[dict[str, Any]]] = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_dashboard(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def years(self) -> list[int]:
        return years()

    @cached_property
    def year(self) -> int:
        known = {str(year): year for year in self.years}
        return known.get(self.request.GET.get("year", ""), timezone.localdate().year)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.figures()
        user = self.request.user
        return super().get_context_data(
            years=self.years,
            year=self.year,
            progress=Progress.objects.first(),
            age_labels=dashboard.age_labels(),
            charts=charts(found),
            may_see_orders=user.has_perm("orders.view_order"),
            may_see_queue=permissions.may_review(user),
            perms_held={stage.permission for stage in found["stages"] if user.has_perm(stage.permission)},
            low_percent=dashboard.LOW_PERCENT,
            pace_days=dashboard.PACE_DAYS,
            **found,
            **kwargs,
        )

    def figures(self) -> dict[str, Any]:
        return {
            "stages": dashboard.funnel(self.year),
            "queues": dashboard.queues(),
            "forecasts": dashboard.forecasts(),
            "ways": dashboard.ways(self.year),
            "bands": dashboard.bands(self.year),
            "low": dashboard.low_use(self.year),
        }


class ProgrammeExportView(ProgrammeView):
    def get(  # type: ignore[override]  # a file in place of the page
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        name = _("%d 年项目总览") % self.year
        return spreadsheet_response(name=name, sheets=dashboard_sheets(self.figures()))


def charts(found: dict[str, Any]) -> dict[str, SafeString]:
    stages, bands = found["stages"], found["bands"]
    ages = dashboard.age_labels()
    waiting = [sum(queue.ages[place] for queue in found["queues"]) for place in range(len(ages))]
    return {
        "funnel": bar_chart(
            [stage.label for stage in stages],
            {_("数量"): [stage.count for stage in stages]},
            title=_("从申请到兑付的数量"),
            horizontal=True,
        ),
        "amounts": bar_chart(
            [stage.label for stage in stages],
            {_("万元"): [float(stage.amount) / 10_000 for stage in stages]},
            title=_("从申请到兑付的金额（万元）"),
            horizontal=True,
            decimals=1,
        ),
        "ages": bar_chart(ages, {_("待审核"): waiting}, title=_("待审核事项已等待的工作日"), horizontal=True),
        "uses": bar_chart(
            [band.label for band in bands],
            {_("家"): [band.consumers for band in bands]},
            title=_("各使用率的用券机构数"),
            horizontal=True,
        ),
    }


class ProgrammeMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_dashboard(request)
