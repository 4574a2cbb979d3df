"""Figures as workbooks. What a public page hides is hidden there too."""

from typing import Any

from django.utils.translation import gettext as _

from figures.public import Number, Statistics
from files.spreadsheets import Sheet


def statistics_sheets(found: Statistics) -> list[Sheet]:
    totals = [
        [str(measure.label), *_values(number)] for measure, number in found.totals.items() if number.count or number.is_hidden
    ]
    sheets = [Sheet(_("合计"), ["", _("数量"), _("金额（元）")], totals)]
    for table in found.tables:
        headings = [str(table.heading)]
        for measure in table.measures:
            headings += [_("%s（数量）") % measure.label, _("%s（元）") % measure.label]
        rows = [[row.label, *[value for number in row.numbers for value in _values(number)]] for row in table.rows]
        sheets.append(Sheet(str(table.title), headings, rows, widths=[36]))
    return sheets


def _values(number: Number) -> list[Any]:
    return [number.text, number.text] if number.is_hidden else [number.count, number.amount]
