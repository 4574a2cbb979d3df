"""What the value of an attribute may be, and how it is read and printed.

As stored in JSON: a number is its decimal digits in a string ("0.8"), a range a list of two such strings, a choice and a
text are strings, yes-no is true or false. No value is an absent key, never null.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.models import AttributeDefinition, AttributeKind

LONGEST_TEXT = 200
# What the search index and both databases hold exactly.
MOST_DIGITS, DECIMAL_PLACES = 18, 6
BETWEEN = re.compile(r"\s*(?:~|-{1,2}|–|—|至|到)\s*(?=[+\-.\d])")
YES = frozenset({"是", "有", "true", "1", "yes", "y", "√"})
NO = frozenset({"否", "无", "false", "0", "no", "n", "×"})


def clean_value(definition: AttributeDefinition, raw: Any) -> Any:
    """The value to store for what a person or another system has given; None for nothing.

    Understands full-width characters, thousands separators, “0.5–80”, “0.5至80” and a pair of numbers, 是 and 否. Raises
    ValidationError with a sentence that names the attribute and the cure.
    """
    if isinstance(raw, str):
        raw = raw.replace("\0", "").strip()
    if (
        raw is None
        or raw == ""
        or raw == []
        or (isinstance(raw, Sequence) and not any(_given(one) for one in raw))
    ):
        return None
    match definition.kind:
        case AttributeKind.NUMBER:
            return _number(definition, raw)
        case AttributeKind.RANGE:
            return _range(definition, raw)
        case AttributeKind.CHOICE:
            return _choice(definition, raw)
        case AttributeKind.BOOLEAN:
            return _boolean(definition, raw)
    return _text(definition, raw)


def _given(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _number(definition: AttributeDefinition, raw: Any) -> str:
    wrong = ValidationError(_("“%s”请填写数字，如 0.8。") % definition.label)
    if isinstance(raw, bool | list | tuple | dict):
        raise wrong
    text = unicodedata.normalize("NFKC", str(raw)[:60]).replace(",", "").strip()
    text = (
        text.removesuffix(unicodedata.normalize("NFKC", definition.unit)).strip() if definition.unit else text
    )
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise wrong from None
    if not number.is_finite():
        raise wrong
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > DECIMAL_PLACES:
        raise ValidationError(_("“%s”最多保留 6 位小数。") % definition.label)
    if abs(number) >= Decimal(10) ** (MOST_DIGITS - DECIMAL_PLACES):
        raise ValidationError(_("“%s”的数值太大，请核对单位。") % definition.label)
    return format(number.normalize() + 0, "f")


def _range(definition: AttributeDefinition, raw: Any) -> list[str]:
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw[:120])
        parts: Sequence[Any] = BETWEEN.split(text, maxsplit=1)
        if len(parts) == 2 and not parts[0].strip():  # a minus sign at the beginning
            rest = BETWEEN.split(text.strip()[1:], maxsplit=1)
            parts = [f"-{rest[0].strip()}", *rest[1:]]
    else:
        parts = raw if isinstance(raw, list | tuple) else [raw]
    if len(parts) != 2 or not all(_given(part) for part in parts):
        raise ValidationError(_("“%s”请填写下限和上限两个数字，如 0.5~80。") % definition.label)
    low, high = (_number(definition, part) for part in parts)
    if Decimal(low) > Decimal(high):
        raise ValidationError(_("“%s”的下限大于上限，请核对。") % definition.label)
    return [low, high]


def _choice(definition: AttributeDefinition, raw: Any) -> str:
    text = " ".join(str(raw).split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    for option in definition.options:
        if unicodedata.normalize("NFKC", option).casefold() == folded:
            return option
    raise ValidationError(
        _("“%(label)s”没有“%(value)s”这个选项，可选：%(options)s。")
        % {"label": definition.label, "value": text[:30], "options": "、".join(definition.options)}
    )


def _boolean(definition: AttributeDefinition, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = unicodedata.normalize("NFKC", str(raw)).strip().casefold()
    if text in YES or text in NO:
        return text in YES
    raise ValidationError(_("“%s”请填写“是”或“否”。") % definition.label)


def _text(definition: AttributeDefinition, raw: Any) -> str:
    if isinstance(raw, list | tuple | dict | bool):
        raise ValidationError(_("“%s”请填写文字。") % definition.label)
    text = str(raw)
    if len(text) > LONGEST_TEXT:
        raise ValidationError(
            _("“%(label)s”最多 %(limit)d 个字，现在有 %(count)d 个。")
            % {"label": definition.label, "limit": LONGEST_TEXT, "count": len(text)}
        )
    return text


def plain_value(definition: AttributeDefinition, value: Any) -> str:
    """A stored value as typed into a cell or an input: without its unit; empty for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "~".join(map(str, value))
    return str(value)


def display_value(definition: AttributeDefinition, value: Any) -> str:
    """A stored value as a page prints it, with its unit: 0.8 nm, 5–90 °."""
    text = (
        plain_value(definition, value).replace("~", "–")
        if isinstance(value, list)
        else plain_value(definition, value)
    )
    return f"{text} {definition.unit}" if text and definition.unit else text
