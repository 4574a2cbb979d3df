"""Public statistics: the page, and the same as a workbook."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from figures.exports import statistics_sheets
from figures.measures import Dimension, Measure
from figures.public import MONEY, Statistics, statistics, years
from files.spreadsheets import spreadsheet_response
from workflow.charts import bar_chart


class StatisticsView(TemplateView):
    """Of the year asked for, or this one."""

    template_name = "figures/statistics.html"

    @cached_property
    def years(self) -> list[int]:
        return years()

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        if not asked:
            return self.years[0]
        known = {str(year): year for year in self.years}
        if asked not in known:
            raise Http404
        return known[asked]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = statistics(self.year)
        drawn = charts(found)
        shown = (Measure.GRANTED, Measure.CLAIMED, Measure.REDEEMED, Measure.ORDERED, Measure.COMPLETED)
        return super().get_context_data(
            years=self.years,
            year=self.year,
            statistics=found,
            totals=[(measure, found.totals[measure]) for measure in shown],
            parts=[(table, drawn.get(table.key)) for table in found.tables if table.rows],
            **kwargs,
        )


class StatisticsExportView(View):
    def get(self, request: HttpRequest, year: int) -> HttpResponseBase:
        if year not in years():
            raise Http404
        name = _("%d 年科技创新券统计") % year
        return spreadsheet_response(name=name, sheets=statistics_sheets(statistics(year)))


def charts(found: Statistics) -> dict[str, SafeString]:
    """Of months, cities, sizes and kinds. What is hidden is drawn as nothing, which the page says."""
    months, cities, sizes, kinds = (
        found.table(key).rows for key in (Dimension.MONTH, Dimension.CITY, Dimension.SIZE, Dimension.KIND)
    )
    in_wan = _("万元")
    drawn = {}
    if any(number.amount for row in months for number in row.numbers):
        # two series: the figures of a third would lie over each other
        series = {
            str(Measure.GRANTED.label): _amounts(months, MONEY.index(Measure.GRANTED)),
            str(Measure.REDEEMED.label): _amounts(months, MONEY.index(Measure.REDEEMED)),
        }
        drawn[Dimension.MONTH.value] = _bars(months, series, _("各月发放和兑付的金额（万元）"))
    for key, rows, title in (
        (Dimension.CITY, cities, _("各市发放的金额（万元）")),
        (Dimension.SIZE, sizes, _("各类企业获发的金额（万元）")),
        (Dimension.KIND, kinds, _("各类服务的订单金额（万元）")),
    ):
        if any(row.numbers[0].amount for row in rows):
            drawn[key.value] = _bars(rows, {in_wan: _amounts(rows, 0)}, title, horizontal=True, decimals=1)
    return drawn


def _bars(rows: Any, series: dict[str, list[float]], title: str, **options: Any) -> SafeString:
    return bar_chart([row.label for row in rows], series, title=title, styled=False, **options)


def _amounts(rows: Any, column: int) -> list[float]:
    return [float(row.numbers[column].amount) / 10_000 for row in rows]
