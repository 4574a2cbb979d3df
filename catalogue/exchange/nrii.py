"""国家平台导出: instruments in the fields of the national network platform (NRII), to be reported without retyping.

The platform takes 万元 with two decimals, a class of the third level and its own words for enumerations, and has
limits of its own, some below ours. Nothing is cut off: what is missing or too long is coloured, and listed on a second
sheet with what to do.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import format_yuan
from catalogue.models import Instrument
from catalogue.querysets import InstrumentQuerySet
from files.spreadsheets import Marked, Sheet
from institutions.regions import city_name

CHUNK = 500
TEN_THOUSAND = Decimal(10_000)
PROBLEM_HEADINGS = (
    gettext_lazy("内部编号"),
    gettext_lazy("仪器名称"),
    gettext_lazy("状态"),
    gettext_lazy("字段"),
    gettext_lazy("问题"),
    gettext_lazy("填写页面"),
)
PROBLEM_WIDTHS = (18, 30, 10, 18, 60, 50)


@dataclass(frozen=True)
class Item:
    """One column of the platform. ``limit`` is its longest text; ``needs`` are our fields without which it is empty."""

    heading: str | Promise
    value: Callable[[Instrument], Any]
    needs: tuple[str, ...] = ()
    limit: int | None = None
    width: int = 16

    def problem(self, instrument: Instrument, value: Any) -> str:
        """What the platform would refuse, in a sentence; empty where nothing is wrong."""
        if any(getattr(instrument, name) in (None, "") for name in self.needs):
            return _("国家平台必填，请填写“%s”。") % self.heading
        if self.limit and isinstance(value, str) and len(value) > self.limit:
            return _("“%(name)s”有 %(count)d 个字，国家平台最多 %(limit)d 个，请删减 %(over)d 个字。") % {
                "name": self.heading,
                "count": len(value),
                "limit": self.limit,
                "over": len(value) - self.limit,
            }
        return ""


class ClassItem(Item):
    """The class must be one of the third level; 其他 (…99) is not divided further."""

    def problem(self, instrument: Instrument, value: Any) -> str:
        if value and value[4:] == "00" and "99" not in (value[:2], value[2:4]):
            return _("分类“%s”不是第三级，国家平台要求第三级分类代码，请重新选择仪器分类。") % (
                instrument.instrument_class
            )
        return super().problem(instrument, value)


def _field(
    name: str, limit: int | None = None, *, heading: str | Promise | None = None, width: int = 16
) -> Item:
    """A column that is one of our fields as it stands; a choice by its word."""
    field: Any = Instrument._meta.get_field(name)
    read: Callable[[Instrument], Any] = lambda instrument: getattr(instrument, field.attname)  # noqa: E731
    if field.choices:
        words = dict(field.flatchoices)
        read = lambda instrument: str(words.get(getattr(instrument, name), ""))  # noqa: E731
    return Item(heading or field.verbose_name, read, (name,), limit, width)


def _ten_thousands(instrument: Instrument) -> Decimal | None:
    """The original value in 万元."""
    amount = instrument.original_value_amount
    return None if amount is None else (amount / TEN_THOUSAND).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _class_name(instrument: Instrument) -> str:
    return "/".join(instrument.instrument_class.lineage) if instrument.instrument_class else ""


def _rules(instrument: Instrument) -> str:
    """User notice and opening rules."""
    hours = _("服务时间：%s") % instrument.service_hours if instrument.service_hours else ""
    return "\n".join(filter(None, (instrument.user_notice, hours)))


def _prices(instrument: Instrument) -> str:
    """The reference price, and the price list under it."""
    amount, unit = instrument.price_amount, instrument.get_price_unit_display()
    price = ""
    if amount is not None:
        price = _("参考价 %(amount)s 元/%(unit)s") if unit else _("参考价 %(amount)s 元")
        price %= {"amount": format_yuan(amount), "unit": unit}
    return "\n".join(filter(None, (price, instrument.price_list)))


def nrii_items() -> tuple[Item, ...]:
    """The columns of the platform, in its order."""
    return (
        _field("name", 100, heading=_("仪器设备名称"), width=30),
        _field("name_en", 100, width=30),
        _field("internal_number"),
        ClassItem(_("仪器分类编码"), lambda one: one.instrument_class_id or "", ("instrument_class_id",)),
        Item(_("仪器分类名称"), _class_name, width=30),
        _field("model", 100),
        _field("manufacturer", 50),
        _field("origin", heading=_("产地国别")),
        _field("source", heading=_("仪器设备来源")),
        Item(_("原值（万元）"), _ten_thousands, ("original_value_amount",)),
        _field("purchased_on"),
        _field("equipment_kind"),
        _field("condition"),
        _field("sharing"),
        Item(_("安放地址（省）"), lambda one: settings.PROVINCE_NAME),
        Item(_("安放地址（市）"), lambda one: city_name(one.city), ("city",)),
        Item(_("安放地址（区县）"), lambda one: one.district, ("district",)),
        _field("location", 100, heading=_("安放地址（详细）"), width=30),
        _field("specifications", 500, width=40),
        _field("functions", 300, width=40),
        _field("service_content", 200, width=40),
        Item(_("用户须知及开放制度"), _rules, ("user_notice",), 500, 40),
        Item(_("参考收费标准"), _prices, ("price_amount",), 500, 40),
        _field("run_hours"),
        _field("served_hours"),
        _field("disciplines"),
        _field("funding_source"),
        _field("contact_name", 20, heading=_("联系人")),
        _field("contact_phone", 20, heading=_("联系电话")),
        _field("contact_email", 50, heading=_("电子邮箱"), width=24),
    )


def nrii_sheets(instruments: InstrumentQuerySet) -> Sequence[Sheet]:
    """The two sheets: the instruments, and what the platform would not take of them.

    The second is known once the first has been written; both are read row by row.
    """
    items = nrii_items()
    problems: list[tuple[str, ...]] = []
    return (
        Sheet(
            _("仪器"),
            [str(item.heading) for item in items],
            _rows(items, instruments, problems),
            [item.width for item in items],
        ),
        Sheet(_("需要补充或修改"), list(map(str, PROBLEM_HEADINGS)), problems, PROBLEM_WIDTHS),
    )


def _rows(
    items: Sequence[Item], instruments: InstrumentQuerySet, problems: list[tuple[str, ...]]
) -> Iterator[list[Any]]:
    reading = (
        instruments.select_related("instrument_class__parent__parent")
        .order_by("internal_number", "pk")
        .iterator(CHUNK)
    )
    for instrument in reading:
        row = []
        for item in items:
            value = item.value(instrument)
            if sentence := item.problem(instrument, value):
                value = Marked(value)
                problems.append(
                    (
                        instrument.internal_number,
                        instrument.name,
                        instrument.status_label,
                        str(item.heading),
                        sentence,
                        f"{settings.WAGTAILADMIN_BASE_URL}{instrument.get_centre_url()}",
                    )
                )
            row.append(value)
        yield row
