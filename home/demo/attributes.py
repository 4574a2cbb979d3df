"""The definitions of ``vocabulary.attributes`` in the database, and values for the records made up."""

from datetime import timedelta
from typing import Any

from catalogue.attributes import AttributeBook, clean_value
from catalogue.models import AttributeDefinition, Capability, Instrument, ancestor_codes
from home.demo.dice import Dice
from home.demo.vocabulary.attributes import ATTRIBUTES, FIELD_VALUES, INSTRUMENT_VALUES


def define_attributes(dice: Dice) -> int:
    """Make the definitions that are missing; how many that were."""
    made = 0
    for order, attribute in enumerate(ATTRIBUTES, start=1):
        place = "testing_field_id" if attribute.of_field else "instrument_class_id"
        _definition, created = AttributeDefinition.objects.get_or_create(
            **{place: attribute.node},
            name=attribute.name,
            defaults={
                "unit": attribute.unit,
                "kind": attribute.kind,
                "choices": "\n".join(attribute.choices),
                "help_text": attribute.help_text,
                "is_required": attribute.is_required,
                "is_searchable": attribute.is_searchable,
                "is_facet": attribute.is_facet,
                "is_public": attribute.is_public,
                "sort_order": order,
                "retired_at": dice.now - timedelta(days=20) if attribute.is_retired else None,
            },
        )
        made += created
    return made


class AttributeValues:
    """What records say to the definitions that hold for them; read once for all of them."""

    def __init__(self) -> None:
        self.of_instruments = AttributeBook.of(Instrument)
        self.of_fields = AttributeBook.of(Capability)

    def of_instrument(self, code: str, kind: str, dice: Dice) -> dict[str, Any]:
        """Of the kind of that name, in the class of that code."""
        return _values(self.of_instruments, code, INSTRUMENT_VALUES.get(kind, {}), dice)

    def of_service(self, code: str, dice: Dice) -> dict[str, Any]:
        """Of a service or capability in the testing field of that code."""
        return _values(self.of_fields, code, FIELD_VALUES, dice)


def _values(book: AttributeBook, code: str, likely: dict[str, tuple[str, ...]], dice: Dice) -> dict[str, Any]:
    nodes = ancestor_codes(code)
    found = {}
    for definition in book.by_key.values():
        if definition.node_code in nodes and definition.name in likely:
            found[definition.key] = clean_value(definition, dice.choice(likely[definition.name]))
    return found
