"""The class of an enterprise by size: large, medium, small or micro.

Source: 工信部联企业〔2011〕300号, as in the edition of 2017 for statistics. The table is data: for each industry the lower
bounds of the classes above micro. An enterprise has the highest class all of whose bounds it meets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.differences import field_label

WAN = Decimal(10_000)  # 1 万元, the unit of the table, in yuan


class Industry(models.TextChoices):
    AGRICULTURE = "agriculture", _("农、林、牧、渔业")
    INDUSTRY = "industry", _("工业（采矿、制造、电热燃水）")
    CONSTRUCTION = "construction", _("建筑业")
    WHOLESALE = "wholesale", _("批发业")
    RETAIL = "retail", _("零售业")
    TRANSPORT = "transport", _("交通运输业")
    STORAGE = "storage", _("仓储业")
    POST = "post", _("邮政业")
    LODGING = "lodging", _("住宿业")
    CATERING = "catering", _("餐饮业")
    TRANSMISSION = "transmission", _("信息传输业")
    SOFTWARE = "software", _("软件和信息技术服务业")
    REAL_ESTATE = "real_estate", _("房地产开发经营")
    PROPERTY = "property", _("物业管理")
    LEASING = "leasing", _("租赁和商务服务业")
    OTHER = "other", _("其他（科研技术服务、水利环境、居民服务、文体娱乐、社会工作等）")
    NOT_COVERED = "not_covered", _("划型标准未列（金融、教育、卫生、铁路运输、公共管理等）")


class SizeClass(models.TextChoices):
    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class Figure(StrEnum):
    """What the bounds are about; each is the name of the consumer's field."""

    STAFF = "staff_count"
    REVENUE = "revenue_amount"
    ASSETS = "assets_amount"


FIGURE_LABELS = {Figure.STAFF: _("从业人员"), Figure.REVENUE: _("营业收入"), Figure.ASSETS: _("资产总额")}

X, Y, Z = Figure.STAFF, Figure.REVENUE, Figure.ASSETS
Bounds = Mapping[Figure, int]

# large, medium, small; staff in persons, revenue and assets in 万元
TABLE: Mapping[Industry, tuple[Bounds, Bounds, Bounds]] = {
    Industry.AGRICULTURE: ({Y: 20_000}, {Y: 500}, {Y: 50}),
    Industry.INDUSTRY: ({X: 1000, Y: 40_000}, {X: 300, Y: 2000}, {X: 20, Y: 300}),
    Industry.CONSTRUCTION: ({Y: 80_000, Z: 80_000}, {Y: 6000, Z: 5000}, {Y: 300, Z: 300}),
    Industry.WHOLESALE: ({X: 200, Y: 40_000}, {X: 20, Y: 5000}, {X: 5, Y: 1000}),
    Industry.RETAIL: ({X: 300, Y: 20_000}, {X: 50, Y: 500}, {X: 10, Y: 100}),
    Industry.TRANSPORT: ({X: 1000, Y: 30_000}, {X: 300, Y: 3000}, {X: 20, Y: 200}),
    Industry.STORAGE: ({X: 200, Y: 30_000}, {X: 100, Y: 1000}, {X: 20, Y: 100}),
    Industry.POST: ({X: 1000, Y: 30_000}, {X: 300, Y: 2000}, {X: 20, Y: 100}),
    Industry.LODGING: ({X: 300, Y: 10_000}, {X: 100, Y: 2000}, {X: 10, Y: 100}),
    Industry.CATERING: ({X: 300, Y: 10_000}, {X: 100, Y: 2000}, {X: 10, Y: 100}),
    Industry.TRANSMISSION: ({X: 2000, Y: 100_000}, {X: 100, Y: 1000}, {X: 10, Y: 100}),
    Industry.SOFTWARE: ({X: 300, Y: 10_000}, {X: 100, Y: 1000}, {X: 10, Y: 50}),
    Industry.REAL_ESTATE: ({Y: 200_000, Z: 10_000}, {Y: 1000, Z: 5000}, {Y: 100, Z: 2000}),
    Industry.PROPERTY: ({X: 1000, Y: 5000}, {X: 300, Y: 1000}, {X: 100, Y: 500}),
    Industry.LEASING: ({X: 300, Z: 120_000}, {X: 100, Z: 8000}, {X: 10, Z: 100}),
    Industry.OTHER: ({X: 300}, {X: 100}, {X: 10}),
}


@dataclass(frozen=True)
class Finding:
    """The class and the rule that decided it, in words. ``size`` is None where the table does not tell."""

    size: SizeClass | None
    reason: str

    @property
    def sentence(self) -> str:
        if self.size is None:
            return self.reason
        return gettext("%(size)s：%(reason)s") % {"size": self.size.label, "reason": self.reason}

    @property
    def is_sme(self) -> bool | None:
        return None if self.size is None else self.size != SizeClass.LARGE


def figures_of(industry: str) -> tuple[Figure, ...]:
    """The figures that count in the industry, in the order of the form; none where the table does not cover it."""
    rows = TABLE.get(Industry(industry)) if industry else None
    return tuple(figure for figure in Figure if rows and figure in rows[0])


def classify(
    *,
    industry: str,
    staff_count: int | None,
    revenue_amount: Decimal | None,
    assets_amount: Decimal | None,
) -> Finding:
    """The class of an enterprise by its industry, staff, revenue and assets (yuan). Bounds are inclusive."""
    if not industry:
        return Finding(None, gettext("请先选择所属行业。"))
    if industry == Industry.NOT_COVERED:
        return Finding(None, gettext("划型标准未列这个行业，由审核人员人工核定。"))
    values = {X: staff_count, Y: revenue_amount, Z: assets_amount}
    missing = [figure for figure in figures_of(industry) if values[figure] is None]
    if missing:
        names = gettext("、").join(str(FIGURE_LABELS[figure]) for figure in missing)
        return Finding(None, gettext("请填写%s，即可算出企业规模。") % names)
    *above, micro = SizeClass
    missed: Bounds = {}
    for size, bounds in zip(above, TABLE[Industry(industry)], strict=True):
        below = {figure: bound for figure, bound in bounds.items() if _measure(figure, values) < bound}
        if not below:
            return Finding(size, _reason(industry, size, bounds, missed, values))
        missed = below
    return Finding(micro, _reason(industry, micro, {}, missed, values))


def _reason(
    industry: str,
    size: SizeClass,
    bounds: Bounds,
    missed: Bounds,
    values: Mapping[Figure, int | Decimal | None],
) -> str:
    """Which bounds were met, and which of the next higher class were not."""
    above = SizeClass.values[SizeClass.values.index(size) - 1]
    words = {
        "industry": Industry(industry).label,
        "size": size.label,
        "above": SizeClass(above).label,
        "bounds": _bounds_text(bounds),
        "missed": _bounds_text(missed),
        "figures": gettext("、").join(
            f"{FIGURE_LABELS[figure]} {_written(figure, _measure(figure, values))}"
            for figure in figures_of(industry)
        ),
    }
    if not missed:
        return gettext("%(figures)s，全部达到%(industry)s的%(size)s标准（%(bounds)s）。") % words
    if not bounds:
        return gettext("%(figures)s，未达到%(industry)s的%(above)s标准中的%(missed)s。") % words
    return (
        gettext(
            "%(figures)s，全部达到%(industry)s的%(size)s标准（%(bounds)s），"
            "未达到%(above)s标准中的%(missed)s。"
        )
        % words
    )


def _bounds_text(bounds: Bounds) -> str:
    return gettext("、").join(
        gettext("%(figure)s %(bound)s及以上")
        % {"figure": FIGURE_LABELS[figure], "bound": _written(figure, Decimal(bound))}
        for figure, bound in bounds.items()
    )


def _measure(figure: Figure, values: Mapping[Figure, int | Decimal | None]) -> Decimal:
    """In the table's unit: persons, or 万元."""
    value = Decimal(values[figure] or 0)
    return value if figure is X else value / WAN


def _written(figure: Figure, measure: Decimal) -> str:
    """Exactly, so that a figure just below a bound does not read like the bound."""
    unit = gettext("人") if figure is X else gettext("万元")
    return f"{measure.normalize():,f} {unit}"


def in_wan(amount: Decimal | None) -> str:
    """An amount of yuan as the pages say it: 1,234.5 万元; nothing for nothing."""
    return "" if amount is None else _written(Figure.REVENUE, amount / WAN)


def change_in_wan(model: type[models.Model], name: str, before: Any, after: Any) -> str:
    """A change of an amount of yuan, as the audit trail stores it, in words: 营业收入：（空） → 820 万元."""
    said = [in_wan(Decimal(value)) if value else gettext("（空）") for value in (before, after)]
    return f"{field_label(model, name)}：{said[0]} → {said[1]}"
