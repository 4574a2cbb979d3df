"""The figures of a year's orders in the Wagtail admin, drawn and in tables."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import statistics
from orders.statistics import Figures, Row
from workflow.charts import bar_chart


def may_read_figures(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("orders.view_order"))


class FiguresView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "orders/admin/figures.html"
    page_title = gettext_lazy("订单统计")
    header_icon = "table"
    # Wagtail folds breadcrumbs up, and the title with them
    breadcrumbs_items: ClassVar[list[dict[str, Any]]] = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_figures(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def years(self) -> list[int]:
        return statistics.years()

    @cached_property
    def year(self) -> int:
        asked = {str(year): year for year in self.years}
        return asked.get(self.request.GET.get("year", ""), self.years[0])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = statistics.figures(self.year)
        return super().get_context_data(
            years=self.years,
            year=self.year,
            figures=found,
            answers=statistics.first_answers(self.year),
            completions=statistics.completions(self.year),
            charts=charts(found),
            **kwargs,
        )


def charts(found: Figures) -> dict[str, SafeString]:
    months = [_("%s 月") % row.label for row in found.months]
    kinds = [row.label for row in found.kinds]
    return {
        "month_counts": bar_chart(months, counts(found.months), title=_("各月的订单数")),
        "month_amounts": bar_chart(
            months, amounts(found.months), title=_("各月的订单金额（万元）"), decimals=1
        ),
        "kind_counts": bar_chart(kinds, counts(found.kinds), title=_("各类服务的订单数"), horizontal=True),
        "kind_amounts": bar_chart(
            kinds, amounts(found.kinds), title=_("各类服务的订单金额（万元）"), horizontal=True, decimals=1
        ),
        "statuses": bar_chart(
            [row.label for row in found.statuses],
            {_("订单数"): [row.count for row in found.statuses]},
            title=_("各状态的订单数"),
            horizontal=True,
        ),
    }


def counts(rows: Sequence[Row]) -> dict[str, list[float]]:
    """All orders, and what of them is 补录."""
    return {_("全部"): [row.count for row in rows], _("其中补录"): [row.direct_count for row in rows]}


def amounts(rows: Sequence[Row]) -> dict[str, list[float]]:
    """The same in 万元."""
    return {
        _("全部"): [float(row.amount) / 10_000 for row in rows],
        _("其中补录"): [float(row.direct_amount) / 10_000 for row in rows],
    }


class FiguresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_figures(request)
