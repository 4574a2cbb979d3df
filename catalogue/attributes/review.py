"""Attributes as a reviewer reads them: beside the last approved version, and in the audit trail."""

from typing import Any

from django.utils.translation import gettext as _

from catalogue.attributes.book import AttributeBook
from catalogue.attributes.values import display_value
from catalogue.models import AttributeDefinition, ProviderRecord
from workflow.differences import FieldRow, SectionRows


def attribute_sections(record: ProviderRecord, previous: ProviderRecord | None) -> list[SectionRows]:
    """The section 专业参数: what is asked for of the record, then what else it or ``previous`` has values of."""
    book = record.attribute_book if previous is None else AttributeBook.for_records(record, previous)
    asked = book.in_force(record.category_code or "")
    stored = [*record.attributes, *(previous.attributes if previous is not None else ())]
    known = {one.key for one in asked}
    others = [book.by_key[key] for key in dict.fromkeys(stored) if key not in known and key in book.by_key]
    rows = [
        *(_row(one, one.label, record, previous) for one in asked),
        *(_row(one, _past_label(one), record, previous) for one in others),
    ]
    return [SectionRows(_("专业参数"), rows)] if rows else []


def _past_label(definition: AttributeDefinition) -> str:
    """The name, and why it is not asked for: retired, or of a class the record has left."""
    sentence = _("%s（已停用）") if definition.retired_at else _("%s（不属于现在的分类）")
    return sentence % definition.label


def _row(
    definition: AttributeDefinition, label: str, record: ProviderRecord, previous: ProviderRecord | None
) -> FieldRow:
    return FieldRow(
        name=definition.field_name,
        label=label,
        new=display_value(definition, record.attributes.get(definition.key)),
        old=display_value(definition, previous.attributes.get(definition.key))
        if previous is not None
        else None,
        images=[],
        old_images=[],
        file=None,
        old_file=None,
    )


def describe_changes(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What changed between two dictionaries of values, by the attributes' names."""
    changed = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    definitions = AttributeDefinition.objects.filter(pk__in=[key for key in changed if key.isdecimal()])
    return "；".join(
        f"{definition.name}：{_shown(definition, before)} → {_shown(definition, after)}"
        for definition in definitions
    )


def _shown(definition: AttributeDefinition, values: dict[str, Any]) -> str:
    return display_value(definition, values.get(definition.key)) or _("（空）")
