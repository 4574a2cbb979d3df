"""The bands of the running subsidy 运行补助, as staff write them: one a line, the least yearly amount of services and what it gives.

``100000 5%`` gives 5 % of the amount from 100,000 yuan on, ``500000 30000元`` a fixed sum. The highest band reached counts, for the
whole amount.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.money import FEN, format_yuan

MOST_BANDS = 10
LINE = re.compile(
    r"([0-9][0-9,，]*(?:\.[0-9]{1,2})?)\s*元?\s*[\s:：]\s*([0-9][0-9,，]*(?:\.[0-9]{1,2})?)\s*(%|％|元)"
)


@dataclass(frozen=True)
class Band:
    """From ``least`` yuan a year; either ``percent`` of the amount or a ``fixed`` sum in yuan."""

    least: Decimal
    percent: Decimal | None
    fixed: Decimal | None

    def subsidy(self, amount: Decimal) -> Decimal:
        if self.fixed is not None:
            return self.fixed
        return (amount * (self.percent or 0) / 100).quantize(FEN, ROUND_HALF_UP)

    @property
    def gives(self) -> str:
        if self.fixed is not None:
            return _("定额 %s 元") % format_yuan(self.fixed)
        return _("服务金额的 %s%%") % f"{self.percent:f}"


def parse_bands(text: str) -> list[Band]:
    """In the order written. Raises ValidationError with every line that is wrong."""
    bands: list[Band] = []
    problems: list[str] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        found = LINE.fullmatch(line)
        if found is None:
            problems.append(
                _("第 %(number)d 档“%(line)s”看不懂，请写成“100000 5%%”或“100000 30000元”。")
                % {"number": number, "line": line}
            )
            continue
        least, value = (Decimal(re.sub("[,，]", "", part)) for part in found.groups()[:2])
        is_fixed = found.group(3) == "元"
        if not is_fixed and value > 100:
            problems.append(_("第 %d 档的比例不能大于 100%%。") % number)
        if bands and least <= bands[-1].least:
            problems.append(_("第 %d 档的起点应大于上一档，请从低到高填写。") % number)
        bands.append(Band(least, None if is_fixed else value, value if is_fixed else None))
    if len(lines) > MOST_BANDS:
        problems.append(_("最多填写 %d 档。") % MOST_BANDS)
    if problems:
        raise ValidationError(problems)
    return bands


def validate_bands(text: str) -> None:
    parse_bands(text)


def band_of(amount: Decimal, bands: Sequence[Band]) -> Band | None:
    """The highest that the amount reaches."""
    reached = [band for band in bands if band.least <= amount]
    return reached[-1] if reached else None
