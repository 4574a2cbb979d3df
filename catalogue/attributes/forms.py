"""The form of a record's attributes: one field for each definition in force at its node."""

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.attributes.values import LONGEST_TEXT, clean_value, plain_value
from catalogue.models import AttributeDefinition, AttributeKind, ProviderRecord
from workflow.forms import StepForm

NUMERIC = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 40}


class RangeWidget(forms.MultiWidget):
    """Two inputs, 下限 and 上限; the field's name is their legend."""

    template_name = "catalogue/widgets/range.html"

    def __init__(self) -> None:
        labels = {"low": gettext_lazy("下限"), "high": gettext_lazy("上限")}
        super().__init__(
            {
                part: forms.TextInput({**NUMERIC, "aria-label": label, "placeholder": label})
                for part, label in labels.items()
            }
        )

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if isinstance(value, list | tuple) else [None, None]


class AttributeField(forms.Field):
    """The value of one attribute, with the widget of its kind.

    ``stored`` is what the record has: it is always accepted, also where the choices have changed since.
    """

    def __init__(self, definition: AttributeDefinition) -> None:
        self.definition = definition
        self.stored: Any = None
        super().__init__(
            label=definition.name,
            help_text=escape(definition.help_text),  # what staff type; templates take a help text for markup
            required=False,
            widget=_widget(definition),
        )

    def keep(self, stored: Any) -> None:
        """Offer what the record has, even if it is no choice any more."""
        self.stored = stored
        if self.definition.kind == AttributeKind.CHOICE:
            options = self.definition.options
            extra = [] if stored is None or stored in options else [(stored, _("%s（原有选项）") % stored)]
            self.widget.choices = [
                ("", _("请选择")),
                *((option, option) for option in options),
                *extra,
            ]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool):
            return plain_value(self.definition, value)
        return "" if value is None else value

    def clean(self, value: Any) -> Any:
        return clean_value(self.definition, value, stored=self.stored)

    @property
    def suffix(self) -> str:
        return self.definition.unit


def _widget(definition: AttributeDefinition) -> forms.Widget:
    match definition.kind:
        case AttributeKind.NUMBER:
            return forms.TextInput(NUMERIC)
        case AttributeKind.RANGE:
            return RangeWidget()
        case AttributeKind.CHOICE:
            return forms.Select()
        case AttributeKind.BOOLEAN:
            return forms.RadioSelect(
                choices=[
                    (gettext_lazy("是"), gettext_lazy("是")),
                    (gettext_lazy("否"), gettext_lazy("否")),
                    ("", gettext_lazy("未填")),
                ]
            )
    return forms.TextInput({"maxlength": LONGEST_TEXT, "autocomplete": "off"})


class AttributesForm(StepForm):
    """The step 专业参数. Values of other definitions, retired ones or another class's, stay as they are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.attribute_fields.items():
            value = self.instance.attributes.get(field.definition.key)
            field.keep(value)
            self.initial[name] = value

    @property
    def attribute_fields(self) -> dict[str, AttributeField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, AttributeField)}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        values = dict(self.instance.attributes)
        for name, field in self.attribute_fields.items():
            if name in self.cleaned_data:
                values.pop(field.definition.key, None)
                if (value := self.cleaned_data[name]) is not None:
                    values[field.definition.key] = value
        self.instance.attributes = values


def attributes_form(
    model: type[ProviderRecord], definitions: list[AttributeDefinition]
) -> type[AttributesForm]:
    """The form class for these definitions."""
    fields = {one.field_name: AttributeField(one) for one in definitions}
    meta = type("Meta", (), {"model": model, "fields": ()})
    required = tuple(one.field_name for one in definitions if one.is_required)
    return type("AttributesForm", (AttributesForm,), {"Meta": meta, "required_to_submit": required, **fields})
