"""What the value of an attribute may be, and how it is read and printed.

As stored in JSON: a number is its decimal digits in a string ("0.8"), a range a list of two such strings, a choice and a
text are strings, yes-no is true or false. No value is an absent key, never null.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.models import AttributeDefinition, AttributeKind

LONGEST_TEXT = 200
# What spreadsheets hold, and both databases.
MOST_DIGITS, DECIMAL_PLACES = 18, 6
LONGEST_FIGURES = 60
# Digits, with thousands separators only where they belong: 0,5 is a mistake, not 5.
DIGITS = r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
NUMBER = re.compile(DIGITS)
RANGE = re.compile(rf"({DIGITS})(?:~|--??|至|到)({DIGITS})")
# What people put before a figure that the attribute's name implies already: ≤0.5, 优于 0.1.
QUALIFIER = re.compile(r"(?:[≤≥<>≈=]|<=|>=|约|优于|不大于|不小于|不低于|不高于)+")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
TILDES = str.maketrans(dict.fromkeys("〜∼∽", "~"))
YES = frozenset({"是", "有", "true", "1", "yes", "y", "√"})
NO = frozenset({"否", "无", "false", "0", "no", "n", "×"})


def clean_value(definition: AttributeDefinition, raw: Any, stored: Any = None) -> Any:
    """The value to store for what a person or another system has given; None for nothing.

    Understands full-width characters, thousands separators, the attribute's unit, “0.5–80”, “0.5至80” and a pair of
    numbers, 是 and 否. What the record has stored is accepted again, whatever the definition says by now. Raises
    ValidationError with a sentence that names the attribute and the cure.
    """
    if isinstance(raw, str):
        raw = raw.replace("\0", "").strip()
    if raw is None or raw == "" or (isinstance(raw, list | tuple) and not any(map(_given, raw))):
        return None
    if stored is not None and type(raw) is type(stored) and raw == stored:
        return stored
    match definition.kind:
        case AttributeKind.NUMBER:
            return clean_number(definition, raw)
        case AttributeKind.RANGE:
            return _range(definition, raw)
        case AttributeKind.CHOICE:
            return _choice(definition, raw)
        case AttributeKind.BOOLEAN:
            return _boolean(definition, raw)
    return _text(definition, raw)


def _given(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _figures(definition: AttributeDefinition, raw: str) -> str:
    """What was typed as far as it is figures: half-width, without spaces and without the unit."""
    text = "".join(unicodedata.normalize("NFKC", raw.translate(TILDES)).translate(DASHES).split())
    if unit := "".join(unicodedata.normalize("NFKC", definition.unit).translate(DASHES).split()):
        # after each figure of a range: 0.5nm~80nm
        text = re.sub(rf"(?<=[\d.]){re.escape(unit)}(?=$|[~\-至到])", "", text)
    return text


def clean_number(definition: AttributeDefinition, raw: Any) -> str:
    wrong = ValidationError(_("“%s”请填写数字，如 0.8。") % definition.label)
    if isinstance(raw, float):
        raw = format(raw, ".15g")  # what a spreadsheet shows of 0.30000000000000004
    if not isinstance(raw, str | int | Decimal) or isinstance(raw, bool):
        raise wrong
    text = str(raw)
    if len(text) > LONGEST_FIGURES:
        raise wrong
    text = _figures(definition, text)
    if qualifier := QUALIFIER.match(text):
        text = text[qualifier.end() :]
    if not NUMBER.fullmatch(text):
        raise wrong
    return _stored_number(definition, text)


def _stored_number(definition: AttributeDefinition, text: str) -> str:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:  # an exponent beyond what a Decimal can have
        raise ValidationError(_("“%s”的数值太大，请核对单位。") % definition.label) from None
    if number and number.adjusted() >= MOST_DIGITS - DECIMAL_PLACES:
        raise ValidationError(_("“%s”的数值太大，请核对单位。") % definition.label)
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > DECIMAL_PLACES:
        raise ValidationError(_("“%s”最多保留 6 位小数。") % definition.label)
    return format(number.normalize() + 0, "f")


def _range(definition: AttributeDefinition, raw: Any) -> list[str]:
    both = ValidationError(_("“%s”请填写下限和上限两个数字，如 0.5~80。") % definition.label)
    if isinstance(raw, str) and len(raw) <= 2 * LONGEST_FIGURES:
        text = _figures(definition, raw)
        if text.startswith("±") and NUMBER.fullmatch(text[1:]):
            parts = [f"-{text[1:].lstrip('+-')}", text[1:].lstrip("+-")]
        elif found := RANGE.fullmatch(text):
            parts = [found[1], found[2]]
        else:
            raise both
    elif isinstance(raw, list | tuple) and len(raw) == 2 and all(map(_given, raw)):
        parts = list(raw)
    else:
        raise both
    low, high = (clean_number(definition, part) for part in parts)
    if isinstance(raw, str) and Decimal(low) > Decimal(high) and re.search(r"\d--\d", text):
        high = high.removeprefix("-")  # 5--80, with a dash of two hyphens
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
