"""Form fields of institutions."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import LONGEST_INPUT
from accounts.masking import Masked
from accounts.money import FEN
from institutions import sme
from institutions.bank import normalise_account_number
from institutions.codes import is_registered_in_province, normalise_code, validate_identity_code
from institutions.phones import validate_phone
from institutions.regions import district_choices
from workflow.forms import HalfWidthField, half_width, reword, ungrouped


class DistrictField(forms.ChoiceField):
    """A district, grouped by city so that it works without JavaScript; with it, only the city's are offered.

    The model checks that the district lies in the city.
    """

    def __init__(self, *, city_field: str = "city", **kwargs: Any) -> None:
        for model_only in ("max_length", "empty_value"):
            kwargs.pop(model_only, None)
        super().__init__(choices=lambda: [("", gettext_lazy("请选择")), *district_choices()], **kwargs)
        self.widget.attrs |= {"data-district-of": f"id_{city_field}", "autocomplete": "off"}


class PhoneField(HalfWidthField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        self.validators.append(validate_phone)


class IdentityCodeField(HalfWidthField):
    """A code as printed on the licence; lower case, spaces and full-width characters are put right."""

    def __init__(self, **kwargs: Any) -> None:
        # room for spaces and the hyphen; the length proper is the validator's to explain
        super().__init__(**{**kwargs, "max_length": 40})
        self.validators.append(validate_identity_code)
        self.widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}

    def to_python(self, value: Any) -> Any:
        return normalise_code(super().to_python(value))


class WebsiteField(forms.URLField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


def province_warning(code: forms.BoundField) -> Mapping[str, str]:
    """What to say at an identity code that was registered elsewhere: never a reason to refuse it."""
    if is_registered_in_province(code.value() or "", settings.PROVINCE_PREFIX) is not False:
        return {}
    return {
        code.name: _(
            "这个代码的第 3–8 位显示登记地不在%s，请核对。如确实无误可继续填写，审核人员会进一步核实。"
        )
        % settings.PROVINCE_NAME
    }


class WanField(forms.DecimalField):
    """An amount typed in 万元; cleans to yuan. Full-width digits and thousands separators are understood."""

    default_error_messages = {
        "invalid": gettext_lazy("请填写数字金额，单位万元，如 350 或 1,200.5。"),
        "max_digits": gettext_lazy("金额太大，请核对单位是否为万元。"),
        "max_whole_digits": gettext_lazy("金额太大，请核对单位是否为万元。"),
        "max_decimal_places": gettext_lazy("以万元为单位最多保留六位小数（分）。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {
            "max_digits": 16,
            "decimal_places": 6,
            "widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        }
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{(value / sme.WAN).normalize():,f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # narrower
        if isinstance(value, str):
            text = "".join(half_width(value).split()).removeprefix("¥")
            value = ungrouped(re.sub("万元?$", "", text))
        return super().to_python(value)

    def clean(self, value: Any) -> Decimal | None:
        amount = super().clean(value)
        return (amount * sme.WAN).quantize(FEN) if amount is not None else None


class AccountNumberField(forms.CharField):
    """A number that is never shown again: the box is empty, and left empty it changes nothing.

    Full-width digits are understood; spaces and hyphens go.
    """

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(**kwargs | {"widget": forms.TextInput(attrs=attrs)})

    def prepare_value(self, value: Any) -> Any:
        return "" if isinstance(value, Masked) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text and len(text) <= LONGEST_INPUT:
            text = normalise_account_number(text)
        return Masked(text) if text else ""


class RowsWidget(forms.Widget):
    """Rows of a few inputs each, with an empty one at the end. The columns' names are those of their inputs.

    ``problems`` are the sentences to show at single inputs, by the row's number, counted from 1, and column.
    """

    template_name = "institutions/widgets/rows.html"
    use_fieldset = True

    def __init__(self, columns: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.columns = columns
        self.problems: dict[tuple[int, str], str] = {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        typed = [data.getlist(f"{name}-{column}") for column in self.columns]
        removed = set(data.getlist(f"{name}-removed"))
        return [
            dict(zip(self.columns, row, strict=True))
            for number, row in enumerate(zip_longest(*typed, fillvalue=""))
            if str(number) not in removed and any(part.strip() for part in row)
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [*(value or []), {}]
        context["widget"]["rows"] = [
            {
                "number": number,
                "is_filled": bool(row),
                "cells": [
                    {
                        "label": field.label,
                        "name": f"{name}-{column}",
                        "id": f"id_{name}-{column}-{number}",
                        "type": getattr(field.widget, "input_type", "text"),
                        "choices": getattr(field, "choices", None),
                        "value": field.prepare_value(row.get(column)),
                        "max_length": getattr(field, "max_length", None),
                        "problem": self.problems.get((number + 1, column)),
                    }
                    for column, field in self.columns.items()
                ],
            }
            for number, row in enumerate(rows)
        ]
        return context


class RowsField(forms.Field):
    """Rows of text, each column cleaned by a field of its own; cleans to a list of dictionaries.

    Empty rows are nothing. No two rows may say the same in one of the ``unique`` columns, the first of which every
    row needs. Raises ValidationError that names the row, counted from 1 as the page shows it.
    """

    MOST_ROWS = 200

    def __init__(self, *, columns: Mapping[str, forms.Field], unique: Sequence[str], **kwargs: Any) -> None:
        self.columns = columns
        self.unique = unique
        for field in columns.values():
            field.required = False
            reword(field)
        super().__init__(widget=RowsWidget(columns), **kwargs)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows = value or []
        self.widget.problems = {}
        if len(rows) > self.MOST_ROWS:
            raise ValidationError(
                _("最多 %(most)d 行，现在有 %(count)d 行，请分批申请。")
                % {"most": self.MOST_ROWS, "count": len(rows)}
            )
        problems: list[ValidationError] = []
        cleaned: list[dict[str, Any]] = []
        for number, row in enumerate(rows, start=1):
            cleaned.append(self._clean_row(number, row, problems))
        for column in self.unique:
            said: dict[str, int] = {}
            for number, row in enumerate(cleaned, start=1):
                if row.get(column) and (first := said.setdefault(row[column], number)) != number:
                    problems.append(
                        self._problem(number, column, [_("与第 %d 行相同，请移除一行。") % first])
                    )
        if problems:
            raise ValidationError(problems)
        return cleaned

    def _clean_row(self, number: int, row: dict[str, Any], problems: list[ValidationError]) -> dict[str, Any]:
        cleaned = {}
        for column, field in self.columns.items():
            try:
                cleaned[column] = field.clean(row[column])
            except ValidationError as error:
                problems.append(self._problem(number, column, error.messages))
        key = self.unique[0]
        if cleaned.get(key) == "":
            problems.append(self._problem(number, key, [_("请填写；不需要这一行的，请移除。")]))
        return cleaned

    def _problem(self, number: int, column: str, sentences: list[str]) -> ValidationError:
        sentence = "".join(sentences)
        self.widget.problems.setdefault((number, column), sentence)
        words = {"number": number, "label": self.columns[column].label, "sentence": sentence}
        return ValidationError(_("第 %(number)d 行%(label)s：%(sentence)s") % words)
