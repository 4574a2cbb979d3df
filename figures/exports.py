"""Figures as workbooks. What a public page hides is hidden there too."""

from typing import Any

from django.utils.translation import gettext as _

from figures import dashboard
from figures.public import Number, Statistics
from files.spreadsheets import Sheet


def statistics_sheets(found: Statistics) -> list[Sheet]:
    totals = [
        [str(measure.label), *_values(number)]
        for measure, number in found.totals.items()
        if number.count or number.is_hidden
    ]
    sheets = [Sheet(_("合计"), ["", _("数量"), _("金额（元）")], totals)]
    for table in found.tables:
        headings = [str(table.heading)]
        for measure in table.measures:
            headings += [_("%s（数量）") % measure.label, _("%s（元）") % measure.label]
        rows = [
            [row.label, *[value for number in row.numbers for value in _values(number)]] for row in table.rows
        ]
        sheets.append(Sheet(str(table.title), headings, rows, widths=[36]))
    return sheets


def dashboard_sheets(found: dict[str, Any]) -> list[Sheet]:
    """One sheet for each part of the dashboard."""
    count, yuan, percent = _("数量"), _("金额（元）"), _("占比（%）")
    stages = [[one.label, one.count, one.percent, one.amount] for one in found["stages"]]
    queues = [[one.label, one.count, *one.ages, one.overdue, one.longest] for one in found["queues"]]
    pools = [[one.year, one.available, one.granted, one.months, one.ends_on] for one in found["forecasts"]]
    ways = [
        [one.label, one.count, one.count_percent, one.amount, one.amount_percent] for one in found["ways"]
    ]
    bands = [[one.label, one.consumers, one.granted, one.used] for one in found["bands"]]
    low = [[one.consumer, one.granted, one.used, one.percent] for one in found["low"]]
    kept, used = _("获批（元）"), _("已使用（元）")
    waited = [_("已等待 %s") % label for label in dashboard.age_labels()]
    return [
        Sheet(_("申请到兑付"), [_("环节"), count, _("占上一环节（%）"), yuan], stages),
        Sheet(_("审核时效"), [_("类型"), _("待审核"), *waited, _("已逾期"), _("最长等待（工作日）")], queues),
        Sheet(
            _("资金预测"),
            [_("年度"), _("可发放（元）"), _("近 90 天发放（元）"), _("还可用（月）"), _("预计用完")],
            pools,
        ),
        Sheet(_("下单方式"), [_("下单方式"), count, percent, yuan, percent], ways),
        Sheet(_("使用率"), [_("使用率"), _("用券机构"), kept, used], bands),
        Sheet(_("使用率低的机构"), [_("用券机构"), kept, used, _("使用率（%）")], low, widths=[36]),
    ]


def _values(number: Number) -> list[Any]:
    return [number.text, number.text] if number.is_hidden else [number.count, number.amount]
