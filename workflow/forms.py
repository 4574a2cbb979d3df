"""Forms of the steps in which an owner fills in a submission (workflow/centre.py shows them).

A step saves whatever is well-formed, complete or not: what is still missing is said when the owner
presses 完成. What is ill-formed is said at once, and nothing typed or uploaded is lost.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.http import QueryDict
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from accounts.fields import LONGEST_INPUT
from accounts.money import FEN, format_yuan
from files.forms import UploadFormMixin

# Django's own sentences are translated word for word; these say what to do.
ERROR_MESSAGES: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (
        forms.CharField,
        {
            "max_length": _("最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请删减。"),
            "null_characters_not_allowed": _("含有看不见的空字符，请删除后重新输入。"),
        },
    ),
    (forms.EmailField, {"invalid": _("邮箱格式不对，应如 name@example.com。")}),
    (forms.URLField, {"invalid": _("网址格式不对，应以 http:// 或 https:// 开头。")}),
    (forms.DateField, {"invalid": _("日期格式不对，应如 2021-06-30。")}),
    (forms.ChoiceField, {"invalid_choice": _("“%(value)s”不在可选范围内，请从列表中选择。")}),
    (forms.ModelChoiceField, {"invalid_choice": _("“%(value)s”不在可选范围内，请从列表中选择。")}),
)
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


def half_width(value: Any) -> Any:
    """Full-width digits, letters and signs as people type them in Chinese, made half-width."""
    if not isinstance(value, str) or len(value) > LONGEST_INPUT:
        return value
    return unicodedata.normalize("NFKC", value).strip()


def ungrouped(text: str) -> str:
    """A number without its thousands separators; separators anywhere else stay, to be refused."""
    return text.replace(",", "") if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", text) else text


class HalfWidthField(forms.CharField):
    """A telephone number, e-mail or number: never meant in full-width characters. Spaces go too."""

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(half_width(value).split()) if isinstance(value, str) else value)


class MoneyField(forms.DecimalField):
    """An amount in yuan. Full-width digits and thousands separators are understood."""

    default_error_messages = {
        "invalid": _("请填写数字金额，单位元，如 120000 或 120,000.00。"),
        "max_digits": _("金额太大，请核对单位是否为元。"),
        "max_whole_digits": _("金额太大，请核对单位是否为元。"),
        "max_decimal_places": _("金额最多保留两位小数（分）。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_yuan(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = ungrouped("".join(half_width(value).split()).removeprefix("¥").removesuffix("元"))
        return super().to_python(value)

    def clean(self, value: Any) -> Decimal | None:
        amount = super().clean(value)
        return amount.quantize(FEN) if amount is not None else None


class WholeNumberField(forms.IntegerField):
    """A count of days, hours or people. Full-width digits and thousands separators are understood."""

    default_error_messages = {"invalid": _("请填写整数，如 5。")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        # a sentence of the field's own for its bounds would take the place of the model's
        super().__init__(**kwargs | {"min_value": None, "max_value": None})
        self.validators.append(MinValueValidator(0, message=_("不能小于 0。")))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = ungrouped("".join(half_width(value).split()))
            if len(value) > 12:  # no count; int() is slow on very long digits and refuses the longest
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class DayField(forms.DateField):
    """A day, from the browser's calendar or typed in any of the usual Chinese ways."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["input_formats"] = DATE_FORMATS
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(half_width(value).split()) if isinstance(value, str) else value)


class ParagraphWidget(forms.Textarea):
    """A text area that counts a line break as one character, as the browser's own limit does."""

    def __init__(self, rows: int = 4) -> None:
        super().__init__(attrs={"rows": rows, "cols": 40})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return normalize_newlines(value) if isinstance(value, str) else value


class StepForm(UploadFormMixin, forms.ModelForm):
    """One step of a submission: every field may stay empty until 完成.

    ``version`` is the record's when the form was opened: a save on an older one is refused once, with
    what was typed still in the form.
    """

    # fields of the form that 完成 needs, besides those that the record's class names
    required_to_submit: ClassVar[Sequence[str]] = ()

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # of none while it is not stored: another tab may store it first
        self.initial["version"] = self.instance.version if self.instance.pk else 0
        for field in self.fields.values():
            field.required = False
            reword(field)
            if isinstance(field, forms.TypedChoiceField):
                known = [choice for choice in cast(Any, field.choices) if choice[0]]
                field.choices = [("", _("请选择")), *known]

    def warnings(self) -> Mapping[str, str]:
        """What looks wrong but is the owner's to judge, by field. Never keeps a record from being saved."""
        return {}

    def show_problems(self, problems: Mapping[str, list[str]]) -> None:
        """Put what still keeps the record from being submitted at the fields of this step."""
        for name in problems.keys() & self.fields.keys():
            self.errors[name] = self.error_class(problems[name], renderer=self.renderer)

    def renew(self, version: int) -> None:
        """Let the next save overwrite ``version``: its owner has been told that it would."""
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(version)
        self.data = data


def reword(field: forms.Field) -> None:
    """Put our sentences in place of Django's, but not of a field's own."""
    for kind, sentences in ERROR_MESSAGES:
        if isinstance(field, kind):
            for code, sentence in sentences.items():
                if field.error_messages.get(code) == kind.default_error_messages.get(code):
                    field.error_messages[code] = sentence
