"""The sheet of one subject: its columns, with what drop-downs, codes and attributes the tables have today."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from catalogue.attributes import AttributeBook
from catalogue.exchange.cells import folded
from catalogue.exchange.columns import (
    AttributeColumn,
    BooleanColumn,
    ChoiceColumn,
    CityColumn,
    Column,
    DistrictColumn,
    FormFieldColumn,
    InstrumentsColumn,
    NodeColumn,
    QualificationColumn,
)
from catalogue.exchange.nodes import NodeBook
from catalogue.exchange.subjects import KEY, Spec, Subject
from catalogue.forms import STEP_FORMS
from catalogue.models import AttributeDefinition, AttributeKind, Instrument, Qualification
from institutions.models import Provider


@dataclass
class SubjectSheet:
    """The columns of a subject for one provider: its own instruments and qualifications are what a cell may name.

    Built with four queries at most, whatever the number of rows. ``SubjectSheet(subject, provider)``.
    """

    subject: Subject
    provider: Provider
    nodes: NodeBook | None = field(init=False, default=None)
    columns: list[Column] = field(init=False)

    def __post_init__(self) -> None:
        if category := self.subject.model.category_field:
            related: Any = self.subject.model._meta.get_field(category).related_model
            self.nodes = NodeBook(related._default_manager.order_by("code"))
        fields = [self._column(spec) for spec in self.subject.specs]
        self.columns = [*fields, *self._attribute_columns({folded(column.title) for column in fields})]

    @cached_property
    def book(self) -> AttributeBook:
        return AttributeBook.of(self.subject.model)

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @property
    def key_column(self) -> Column:
        """By which rows and records find each other."""
        return self.by_key[KEY]

    def attributes_of(self, code: str | None) -> set[str]:
        """The keys of the attribute columns that a record of this class may have values in."""
        return {definition.field_name for definition in self.book.in_force(code or "")}

    def _column(self, spec: Spec) -> Column:
        model = self.subject.model
        model_field: Any = model._meta.get_field(spec.name)
        marks = {
            "is_needed": spec.name == KEY
            or (isinstance(model_field, models.CharField) and not model_field.blank),
            "is_required": spec.name in model.required_to_submit,
        }
        if isinstance(model_field, models.ManyToManyField):
            own = Instrument.objects.filter(provider=self.provider).order_by("internal_number")
            return InstrumentsColumn(
                own.values_list("pk", "internal_number"),
                key=spec.name,
                title=str(model_field.verbose_name),
                width=spec.width,
                note=str(spec.note),
                **marks,
            )
        if model_field.related_model is Qualification:
            held = Qualification.objects.filter(provider=self.provider).order_by("-pk")
            return QualificationColumn(
                model_field, spec, held.values_list("pk", "internal_number", "certificate_number"), **marks
            )
        if spec.name == model.category_field and self.nodes is not None:
            return NodeColumn(model_field, spec, self.nodes, **marks)
        if isinstance(model_field, models.BooleanField):
            return BooleanColumn(model_field, spec, **marks)
        if spec.name == "city":
            return CityColumn(model_field, spec, **marks)
        if spec.name == "district":
            return DistrictColumn(model_field, spec, **marks)
        if model_field.choices:
            choices = {value: str(label) for value, label in model_field.flatchoices}
            return ChoiceColumn(model_field, spec, choices, **marks)
        return FormFieldColumn(model_field, spec, self._form_with(spec.name), **marks)

    @cached_property
    def _forms(self) -> list[forms.ModelForm]:
        model: Any = self.subject.model
        blank = model(provider=self.provider)
        return [form(instance=blank, owner=self.provider.account) for form in STEP_FORMS[self.subject.model]]

    def _form_with(self, name: str) -> forms.ModelForm:
        return next(form for form in self._forms if name in form.fields)

    def _attribute_columns(self, taken: set[str]) -> Iterator[Column]:
        """One column for each definition in force; the class goes before a name that would stand there twice."""
        nodes = self.nodes
        if nodes is None:
            return
        definitions = self.book.in_force()
        labels = Counter(folded(definition.label) for definition in definitions)
        for definition in definitions:
            place = nodes.by_code[definition.node_code]
            title = definition.label
            if labels[folded(title)] > 1 or folded(title) in taken:
                title = f"{place.name}·{title}"
            if folded(title) in taken:
                title = f"{title} #{definition.pk}"
            taken.add(folded(title))
            yield AttributeColumn(
                definition,
                title=title,
                width=max(14, min(len(title) * 2, 30)),
                note=_attribute_note(definition, nodes.path(place)),
                options=_options(definition),
            )


def _attribute_note(definition: AttributeDefinition, place: str) -> str:
    how = {
        AttributeKind.NUMBER: _("数字，如 0.8。"),
        AttributeKind.RANGE: _("下限~上限，如 0.5~80。"),
        AttributeKind.CHOICE: _("从下拉列表选择。"),
        AttributeKind.BOOLEAN: _("填“是”或“否”。"),
        AttributeKind.TEXT: _("文字，最多 200 字。"),
    }
    parts = [
        _("专业参数，只适用于“%s”，其他分类的行请留空。") % place,
        how[AttributeKind(definition.kind)],
        _("单位 %s。") % definition.unit if definition.unit else "",
        _("提交审核时必填。") if definition.is_required else "",
        definition.help_text,
    ]
    return "".join(filter(None, parts))


def _options(definition: AttributeDefinition) -> list[str]:
    if definition.kind == AttributeKind.CHOICE:
        return definition.options
    return [_("是"), _("否")] if definition.kind == AttributeKind.BOOLEAN else []
