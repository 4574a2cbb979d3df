"""Cells as Excel hands them over, read the way people meant them."""

import datetime
import math
import re
import unicodedata
from decimal import Decimal
from typing import TypeAlias

from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

# What a reader of workbooks finds in a cell; "" for none.
Raw: TypeAlias = (
    str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta
)
# Excel keeps 15 digits of a number; what is longer has lost its end.
EXACT_NUMBER = 10**15
# Days since 1899-12-30: what Excel makes of 1950-01-01 and 2100-01-01 in a cell that is not formatted as a date.
FIRST_SERIAL, LAST_SERIAL = 18264, 73051
SERIAL_ORIGIN = datetime.date(1899, 12, 30)
BREAKS = re.compile(r"[\r\n]+")


def is_blank(raw: Raw | None) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def plain_number(raw: int | float) -> str:
    """A number as typed: 13800001234 for 13800001234.0, without an exponent."""
    if isinstance(raw, float):
        if not math.isfinite(raw):
            raise ValidationError(_("这个数字太大，请核对。"))
        return str(int(raw)) if raw.is_integer() else format(Decimal(repr(raw)), "f")
    return str(raw)


def text_of(raw: Raw, *, several_lines: bool = False) -> str:
    """The text in a cell, also where Excel has made a number of it.

    Raises ValidationError where what was typed is lost: Excel made a date or a rounded number of it.
    """
    if isinstance(raw, str):
        text = raw.strip()
        if "\n" in text or "\r" in text:
            if several_lines:
                return normalize_newlines(text)
            return " ".join(filter(None, map(str.strip, BREAKS.split(text))))
        return text
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        if abs(raw) >= EXACT_NUMBER:
            raise ValidationError(
                _("Excel 把这串数字存成了数值，只保留前 15 位。请把单元格格式改为“文本”，再重新填写。")
            )
        return plain_number(raw)
    raise ValidationError(
        _("Excel 把这个单元格变成了日期或时间。请把单元格格式改为“文本”，再重新填写原来的内容。")
    )


def folded(text: str) -> str:
    """Text compared as people compare it: without regard to width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", text[:1000]).split()).casefold()


def day_of(raw: Raw) -> datetime.date | str:
    """The day in a cell: a date, a date that lost its format (43605), or the text for a form field to read."""
    if isinstance(raw, datetime.datetime):
        return raw.date()
    if isinstance(raw, datetime.date):
        return raw
    if isinstance(raw, datetime.time | datetime.timedelta):
        raise ValidationError(_("这里只有时间，没有日期。请填写日期，如 2021-06-30。"))
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if FIRST_SERIAL <= raw < LAST_SERIAL:
            return SERIAL_ORIGIN + datetime.timedelta(days=int(raw))
        if raw < FIRST_SERIAL:
            raise ValidationError(
                _("这里是数字 %s，Excel 会把它当作 1900 年起的天数。请填写完整日期，如 2021-06-30。")
                % plain_number(raw)
            )
    return text_of(raw)
