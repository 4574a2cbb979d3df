"""Form fields of bookings and orders."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.obstacles import declaration_problems
from workflow.forms import MoneyField, half_width, reword


class QuantityField(MoneyField):
    """How many of a unit, with two decimals at most. Typed as an amount is."""

    default_error_messages = {
        "invalid": gettext_lazy("请填写数字，如 3 或 2.5。"),
        "max_digits": gettext_lazy("数量太大，请核对单位。"),
        "max_whole_digits": gettext_lazy("数量太大，请核对单位。"),
        "max_decimal_places": gettext_lazy("数量最多保留两位小数。"),
    }


class ClockField(forms.TimeField):
    """A time of the day to the minute, from the browser's clock or typed."""

    default_error_messages = {"invalid": gettext_lazy("时间格式不对，应如 09:30。")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(**kwargs | {"input_formats": ("%H:%M", "%H:%M:%S")})

    def to_python(self, value: Any) -> datetime.time | None:
        time = super().to_python(half_width(value))
        return time.replace(second=0, microsecond=0) if time else None


class DeclarationField(forms.TypedChoiceField):
    """是 or 否, to be answered either way; cleans to a bool."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))],
            coerce=lambda value: value == "yes",
            error_messages={"required": gettext_lazy("请选择“是”或“否”。")},
            **kwargs,
        )


class DeclarationsForm(forms.Form):
    """What a consumer declares of a booking or an order put on record. 是 is answered with why it cannot be, at the field."""

    is_compulsory = DeclarationField(label=gettext_lazy("是否属于强制检测或法定检测"))
    is_related = DeclarationField(label=gettext_lazy("本单位与接券机构是否有隶属、共建、产权等关系"))

    def clean_is_compulsory(self) -> bool:
        return self._declared("is_compulsory")

    def clean_is_related(self) -> bool:
        return self._declared("is_related")

    def _declared(self, name: str) -> bool:
        declared = {"is_compulsory": False, "is_related": False, name: self.cleaned_data[name]}
        if problems := declaration_problems(**declared):
            raise forms.ValidationError(problems)
        return bool(declared[name])


def in_our_words(form: forms.BaseForm) -> None:
    """Sentences that name the field in place of Django's."""
    for field in form.fields.values():
        reword(field)
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            verb = _("请选择“%s”。") if isinstance(field, forms.ChoiceField) else _("请填写“%s”。")
            field.error_messages["required"] = verb % field.label
