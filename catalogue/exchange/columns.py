"""The columns of a workbook of one subject: what each is called, how a cell is read, and how a record fills it.

A cell is read by the same field classes as the pages use, one instance for a whole workbook, and by the validators of
the model. What a sentence says is about the cell alone; what hangs together in a row is checked in ``checking``.
"""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from catalogue.attributes import clean_value, plain_value
from catalogue.attributes.values import NO, YES
from catalogue.exchange.cells import Raw, day_of, folded, plain_number, text_of
from catalogue.exchange.nodes import NodeBook
from catalogue.exchange.subjects import KEY, Spec
from catalogue.models import AttributeDefinition, AttributeKind, ProviderRecord
from institutions.regions import cities

# What an export puts into a cell.
Cell: TypeAlias = str | int | Decimal | datetime.date | None


class ColumnKind(StrEnum):
    """How a column looks in a template: its format, its drop-down."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    NODE = "node"
    CITY = "city"
    DISTRICT = "district"
    INSTRUMENTS = "instruments"
    QUALIFICATION = "qualification"


class Column:
    """One column.

    ``key`` names the field of the record, ``title`` is what a person reads at its head. ``is_needed``: no new row
    without it; ``is_required``: no submission without it. ``options`` are what its drop-down offers, where it has one.
    """

    kind = ColumnKind.TEXT

    def __init__(
        self,
        *,
        key: str,
        title: str,
        width: int = 16,
        note: str = "",
        example: Any = "",
        is_needed: bool = False,
        is_required: bool = False,
        options: Iterable[str] = (),
    ) -> None:
        self.key, self.title, self.width, self.note, self.example = key, title, width, note, example
        self.is_needed, self.is_required = is_needed, is_required or is_needed
        self.options = tuple(options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.title}>"

    def parse(self, raw: Raw) -> Any:
        """The value meant by a cell that is not blank. Raises ValidationError with sentences for its sender."""
        raise NotImplementedError

    def export(self, record: Any) -> Cell:
        """What the record has, as a cell that ``parse`` reads back."""
        raise NotImplementedError


class FieldColumn(Column):
    """A field of the record's row. ``attname`` is what ``parse``'s value is stored under."""

    def __init__(self, field: models.Field[Any, Any], spec: Spec, **kwargs: Any) -> None:
        super().__init__(
            key=field.name,
            title=str(field.verbose_name),
            width=spec.width,
            note=str(spec.note or field.help_text),
            example=spec.example,
            **kwargs,
        )
        self.field, self.attname = field, field.attname
        # what reading has not asked yet
        self.validators = list(field.validators)

    def parse(self, raw: Raw) -> Any:
        value = self.read(raw)
        if value not in self.field.empty_values:
            for validator in self.validators:
                validator(value)
        return value

    def read(self, raw: Raw) -> Any:
        raise NotImplementedError

    def export(self, record: Any) -> Cell:
        value: Cell = getattr(record, self.attname)
        return value


class FormFieldColumn(FieldColumn):
    """A field that is read as the pages' form reads it, what the form itself asks of the value included."""

    def __init__(
        self, field: models.Field[Any, Any], spec: Spec, form: forms.ModelForm, **kwargs: Any
    ) -> None:
        super().__init__(field, spec, **kwargs)
        self.form, self.form_field = form, form.fields[field.name]
        self.validators = [one for one in field.validators if one not in self.form_field.validators]
        # a number may be anybody's: who else has it is asked for all rows at once
        self.hook = None if field.name == KEY else getattr(form, f"clean_{field.name}", None)
        self.is_paragraph = isinstance(field, models.TextField)
        if isinstance(field, models.DecimalField):
            self.kind = ColumnKind.MONEY
        elif isinstance(field, models.IntegerField):
            self.kind = ColumnKind.NUMBER
        elif isinstance(field, models.DateField):
            self.kind = ColumnKind.DATE
        elif self.is_paragraph:
            self.kind = ColumnKind.PARAGRAPH

    def read(self, raw: Raw) -> Any:
        is_date = self.kind == ColumnKind.DATE
        value = self.form_field.clean(
            day_of(raw) if is_date else text_of(raw, several_lines=self.is_paragraph)
        )
        if self.hook is not None:
            self.form.cleaned_data = {self.key: value}
            value = self.hook()
        return value


class ChoiceColumn(FieldColumn):
    """One of few words; the stored value is understood as well as the word."""

    kind = ColumnKind.CHOICE

    def __init__(
        self, field: models.Field[Any, Any], spec: Spec, choices: Mapping[Any, str], **kwargs: Any
    ) -> None:
        super().__init__(field, spec, options=choices.values(), **kwargs)
        self.labels = choices
        self.values = {folded(str(value)): value for value in choices}
        self.values |= {folded(label): value for value, label in choices.items()}

    def read(self, raw: Raw) -> Any:
        text = text_of(raw)
        if (value := self.values.get(folded(text))) is None:
            raise ValidationError(
                _("“%(value)s”不在可选范围内，可填：%(options)s。")
                % {"value": text[:40], "options": "、".join(self.options)}
            )
        return value

    def export(self, record: Any) -> Cell:
        return self.labels.get(getattr(record, self.attname))


class BooleanColumn(ChoiceColumn):
    def __init__(self, field: models.Field[Any, Any], spec: Spec, **kwargs: Any) -> None:
        super().__init__(field, spec, {True: _("是"), False: _("否")}, **kwargs)
        self.values = {folded(word): True for word in YES} | {folded(word): False for word in NO}


class CityColumn(ChoiceColumn):
    """A city of the province by its name, with or without 市, or its code."""

    kind = ColumnKind.CITY

    def __init__(self, field: models.Field[Any, Any], spec: Spec, **kwargs: Any) -> None:
        super().__init__(field, spec, {city.code: city.name for city in cities()}, **kwargs)
        self.values |= {folded(city.name.removesuffix("市")): city.code for city in cities()}


class DistrictColumn(ChoiceColumn):
    """A district by its name. That it lies in the city of the row is the model's to check."""

    kind = ColumnKind.DISTRICT

    def __init__(self, field: models.Field[Any, Any], spec: Spec, **kwargs: Any) -> None:
        names = {name: name for city in cities() for name in city.districts}
        super().__init__(field, spec, names, **kwargs)

    def read(self, raw: Raw) -> Any:
        text = text_of(raw)
        if (value := self.values.get(folded(text))) is None:
            raise ValidationError(_("没有“%s”这个区县，请先选城市，再从下拉列表中选择区县。") % text[:40])
        return value


class NodeColumn(FieldColumn):
    """The record's place in a classification. ``parse`` gives the code."""

    kind = ColumnKind.NODE

    def __init__(self, field: models.Field[Any, Any], spec: Spec, nodes: NodeBook, **kwargs: Any) -> None:
        super().__init__(field, spec, options=map(nodes.option, nodes.choosable()), **kwargs)
        self.nodes = nodes

    def parse(self, raw: Raw) -> Any:
        return self.nodes.find(raw).code

    def export(self, record: Any) -> Cell:
        node = self.nodes.by_code.get(getattr(record, self.attname) or "")
        return self.nodes.option(node) if node else None


class QualificationColumn(FieldColumn):
    """One of the provider's own qualifications, by its internal or certificate number. ``parse`` gives its key."""

    kind = ColumnKind.QUALIFICATION

    def __init__(
        self,
        field: models.Field[Any, Any],
        spec: Spec,
        qualifications: Iterable[tuple[int, str, str]],
        **kwargs: Any,
    ) -> None:
        self.numbers: dict[int, str] = {}
        self.keys: dict[str, int] = {}
        for pk, internal_number, certificate_number in qualifications:
            self.numbers[pk] = internal_number or certificate_number
            for number in filter(None, (certificate_number, internal_number)):
                self.keys[folded(number)] = pk
        super().__init__(field, spec, options=filter(None, self.numbers.values()), **kwargs)

    def parse(self, raw: Raw) -> Any:
        text = text_of(raw)
        if (pk := self.keys.get(folded(text))) is None:
            raise ValidationError(
                _("本单位没有编号为“%s”的检测资质。请填写资质的内部编号或证书编号，或先导入资质。")
                % text[:60]
            )
        return pk

    def export(self, record: Any) -> Cell:
        return self.numbers.get(getattr(record, self.attname) or 0)


class InstrumentsColumn(Column):
    """The instruments a service uses, by their internal numbers. ``parse`` gives their keys, in ascending order."""

    kind = ColumnKind.INSTRUMENTS
    SEPARATORS = str.maketrans(dict.fromkeys("、，,;；", "\n"))

    def __init__(self, instruments: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.numbers = dict(instruments)
        self.keys = {folded(number): pk for pk, number in self.numbers.items() if number}

    def parse(self, raw: Raw) -> Any:
        text = text_of(raw, several_lines=True)
        if whole := self.keys.get(folded(text)):  # a number may have a comma in it
            return [whole]
        given = [part.strip() for part in text.translate(self.SEPARATORS).split("\n") if part.strip()]
        unknown = [number for number in given if folded(number) not in self.keys]
        if unknown:
            raise ValidationError(
                _("本单位没有内部编号为“%s”的仪器，请核对编号，或先导入仪器。") % "、".join(unknown[:5])[:200]
            )
        return sorted({self.keys[folded(number)] for number in given})

    def export(self, record: Any) -> Cell:
        """Reads the prefetched instruments. Those without a number cannot be named in a cell."""
        return "、".join(
            one.internal_number for one in getattr(record, self.key).all() if one.internal_number
        )


class AttributeColumn(Column):
    """An attribute that staff have defined. Whether it holds for the row's class is checked with the row."""

    def __init__(self, definition: AttributeDefinition, **kwargs: Any) -> None:
        super().__init__(key=definition.field_name, **kwargs)
        self.definition = definition
        if self.options:
            self.kind = ColumnKind.CHOICE

    def parse(self, raw: Raw) -> Any:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            # a calculated 0.30000000000000004 is the 0.3 that the sheet shows
            is_number = self.definition.kind == AttributeKind.NUMBER
            return clean_value(self.definition, raw if is_number else plain_number(raw))
        return clean_value(self.definition, raw if isinstance(raw, bool) else text_of(raw))

    def is_stored(self, raw: Raw, record: ProviderRecord) -> bool:
        """Whether the cell has what the record has, as an export writes it: an option, say, that is gone by now."""
        stored = self.export(record)
        return stored not in (None, "") and text_of(raw) == stored

    def export(self, record: ProviderRecord) -> Cell:
        return plain_value(self.definition, record.attributes.get(self.definition.key))
