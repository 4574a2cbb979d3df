"""Attributes of records in the index: words to find them by, tokens of options, and figures to compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from catalogue.attributes import AttributeBook
    from catalogue.models import AttributeDefinition


class ValueRow(NamedTuple):
    """A value that lists filter and count by: an option, or from where to where figures reach.

    Figures are doubles, which hold 15 digits: enough to compare, and a third of a decimal's size.
    """

    attribute_id: int
    low: float | None
    high: float | None
    option: str


@dataclass(frozen=True)
class Indexed:
    """What the index holds of a record's attributes."""

    texts: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    rows: tuple[ValueRow, ...] = ()


NOTHING = Indexed()


def indexed_values(book: "AttributeBook", category: str, values: Mapping[str, Any]) -> Indexed:
    """Of the public attributes in force at the node: those searchable as text, those that filter as rows."""
    texts, rows = [], []
    for definition in book.in_force(category):
        value = values.get(definition.key)
        if value is None or not definition.is_public:
            continue
        if definition.is_searchable and (text := _text(definition, value)):
            texts.append(text)
        if definition.is_facet and (row := _row(definition, value)):
            rows.append(row)
    tokens = tuple(option_token(row.attribute_id, row.option) for row in rows if row.option)
    return Indexed(tuple(texts), tokens, tuple(rows))


def option_token(attribute_id: int, option: str) -> str:
    """The token of an option. Of its text, not of its place: options come, go and change their order."""
    return f"_a{attribute_id}_{blake2b(option.encode(), digest_size=5).hexdigest()}"


def option_of(value: Any) -> str:
    """A choice as the index has it, and yes-no as 1 and 0."""
    return f"{value:d}" if isinstance(value, bool) else str(value)


def _text(definition: "AttributeDefinition", value: Any) -> str:
    from catalogue.attributes import display_value

    if isinstance(value, bool):
        return definition.name if value else ""  # nobody looks for what an instrument cannot do
    return f"{definition.name} {display_value(definition, value)}"


def _row(definition: "AttributeDefinition", value: Any) -> ValueRow | None:
    from catalogue.models import AttributeKind

    match definition.kind:
        case AttributeKind.CHOICE | AttributeKind.BOOLEAN:
            return ValueRow(definition.pk, None, None, option_of(value))
        case AttributeKind.NUMBER:
            return ValueRow(definition.pk, float(value), float(value), "")
        case AttributeKind.RANGE:
            low, high = value
            return ValueRow(definition.pk, float(low), float(high), "")
    return None
