"""What changed between two versions of a record, in words a reviewer reads."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Orderable

from accounts.masking import Masked
from accounts.money import format_yuan
from files.models import PrivateFile, SiteImage

if TYPE_CHECKING:
    from workflow.models import Submission


@dataclass(frozen=True)
class FieldRow:
    """One field of a record on the review page. ``old`` is None where there is nothing to compare."""

    name: str
    label: str
    new: str
    old: str | None
    images: Sequence[SiteImage] = ()
    old_images: Sequence[SiteImage] = ()
    file: PrivateFile | None = None
    old_file: PrivateFile | None = None
    # another number may end like the old one
    is_other_number: bool = False

    @property
    def changed(self) -> bool:
        """Compared as shown, and by the files themselves: another scan may bear the same name."""
        if self.old is None:
            return False
        return self.is_other_number or (self.old, self.old_images, self.old_file) != (
            self.new,
            self.images,
            self.file,
        )


@dataclass(frozen=True)
class SectionRows:
    title: str
    rows: list[FieldRow]


def review_rows(record: "Submission", previous: "Submission | None") -> list[SectionRows]:
    """The record's fields by section, each beside its value in ``previous`` (the last approved)."""
    return [
        *(
            SectionRows(str(section.title), list(_rows(section.fields, record, previous)))
            for section in record.review_sections
        ),
        *record.extra_review_sections(previous),
    ]


def _rows(names: tuple[str, ...], record: "Submission", previous: "Submission | None") -> Iterator[FieldRow]:
    for name in names:
        value = _value(record, name)
        old = _value(previous, name) if previous is not None else None
        row = FieldRow(
            name=name,
            label=field_label(type(record), name),
            new=_text(record, name, value),
            old=_text(previous, name, old) if previous is not None else None,
            images=_images(value),
            old_images=_images(old),
            file=value if isinstance(value, PrivateFile) else None,
            old_file=old if isinstance(old, PrivateFile) else None,
            is_other_number=isinstance(value, Masked) and isinstance(old, Masked) and value != old,
        )
        if name not in record.inapplicable_fields or row.new or row.old:
            yield row


def field_label(model: type[models.Model], name: str) -> str:
    """The field's name as the form shows it; child collections carry it on their related model."""
    from workflow.models import Submission

    if issubclass(model, Submission) and (label := model.settled_label(name)) is not None:
        return label
    field = model._meta.get_field(name)
    if isinstance(field, models.ForeignObjectRel):
        return str(field.remote_field.model._meta.verbose_name_plural)
    return str(field.verbose_name)


def changed_values(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """``{field: [before, after]}`` for what differs between two ``plain_values`` dictionaries.

    What is masked is compared by what it is, and told masked.
    """
    return {
        name: [str(part) if isinstance(part, Masked) else part for part in (before.get(name), value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def changes_text(model: type[models.Model], changes: dict[str, list[Any]]) -> str:
    """``changed_values`` in words, for the audit trail: 状态：待审核 → 已通过；仪器照片：1 项 → 2 项."""
    return "；".join(change_text(model, name, pair) for name, pair in changes.items())


def change_text(model: type[models.Model], name: str, pair: list[Any]) -> str:
    """One of them: 状态：待审核 → 已通过."""
    from workflow.models import Submission

    if issubclass(model, Submission) and (text := model.describe_change(name, *pair)) is not None:
        return text
    try:
        label, field = field_label(model, name), model._meta.get_field(name)
    except FieldDoesNotExist:  # the trail outlives the fields of its time
        label, field = name, None
    choices = dict(getattr(field, "flatchoices", ()))
    is_amount = isinstance(field, models.DecimalField) and name.endswith("_amount")
    before, after = (
        format_yuan(Decimal(value)) if is_amount and value else _change_value(value, choices)
        for value in pair
    )
    return f"{label}：{before} → {after}"


def _change_value(value: Any, choices: dict[Any, Any]) -> str:
    if value is None or value == "":
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):  # children
        return _("%d 项") % len(value)
    return str(choices.get(value, value))


def plain_values(record: models.Model) -> dict[str, Any]:
    """The content of the record as JSON-ready values (but for ``Masked`` ones), without what the workflow maintains.

    Children (photos) follow under their relation's name as values of their own, in their order; other records it
    refers to (instruments of a service) as their numbers.
    """
    from workflow.models import Submission

    bookkeeping = {field.name for field in Submission._meta.concrete_fields}
    bookkeeping.add(Orderable.sort_order_field)
    values: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.primary_key or field.name in bookkeeping or isinstance(field, ParentalKey):
            continue
        value = getattr(record, field.attname)
        values[field.name] = str(value) if isinstance(value, datetime.date | Decimal) else value
    for relation in get_all_child_relations(type(record)):
        children = getattr(record, relation.name).all()
        values[relation.name] = [plain_values(child) for child in children]
    for relation in get_all_child_m2m_relations(type(record)):
        values[relation.name] = sorted(other.pk for other in getattr(record, relation.name).all())
    return values


def shown_value(record: models.Model, name: str) -> str:
    """A field or property of the record as the review page writes it."""
    return _text(record, name, _value(record, name))


def _value(record: Any, name: str) -> Any:
    value = getattr(record, name)
    return list(value.all()) if isinstance(value, models.Manager) else value


def _images(value: Any) -> list[SiteImage]:
    if isinstance(value, SiteImage):
        return [value]
    if isinstance(value, list):
        return [child.image for child in value if getattr(child, "image_id", None)]
    return []


def _text(record: Any, name: str, value: Any) -> str:
    display = getattr(record, f"get_{name}_display", None)
    if callable(display):
        return str(display() or "")
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime.datetime):
        return formats.date_format(timezone.localtime(value), "Y-m-d H:i")
    if isinstance(value, datetime.date):
        return formats.date_format(value, "Y-m-d")
    if isinstance(value, Decimal):
        return format_yuan(value)
    if isinstance(value, list):
        return "、".join(str(child) for child in value)
    return str(value)
