"""Which definitions hold for which records."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self

from catalogue.models import AttributeDefinition, Instrument, ProviderRecord, ancestor_codes


class AttributeBook:
    """All definitions of one classification, read once: for many records without a query for each.

    Those retired are in it too, to print what is stored of them; only ``in_force`` is asked for.
    """

    def __init__(self, definitions: Iterable[AttributeDefinition]) -> None:
        self.by_key = {definition.key: definition for definition in definitions}
        self._by_node: dict[str, list[AttributeDefinition]] = defaultdict(list)
        for definition in self.by_key.values():
            self._by_node[definition.node_code].append(definition)

    @classmethod
    def of(cls, model: type[ProviderRecord]) -> Self:
        """The book for a model's records: by instrument class, or by testing field. One query."""
        place = "instrument_class" if issubclass(model, Instrument) else "testing_field"
        return cls(
            AttributeDefinition.objects.filter(**{f"{place}__isnull": False})
            .select_related(place)
            .order_by("sort_order", "pk")
        )

    def in_force(self, code: str | None = None) -> list[AttributeDefinition]:
        """What is asked for of a record at this node, the highest node's first; without a code, of any record."""
        if code is None:
            found = [definition for node in sorted(self._by_node) for definition in self._by_node[node]]
        else:
            found = [
                definition for node in ancestor_codes(code) for definition in self._by_node.get(node, [])
            ]
        return [definition for definition in found if definition.retired_at is None]

    def stored(self, record: ProviderRecord) -> list[tuple[AttributeDefinition, Any]]:
        """The definitions that a record has values of, each with its value: those asked for first.

        Values of definitions since retired, or of a class the record has left, come after them.
        """
        values = record.attributes
        asked = {definition.key: definition for definition in self.in_force(record.category_code or "")}
        rest = (key for key in values if key not in asked and key in self.by_key)
        ordered = [*asked.values(), *(self.by_key[key] for key in rest)]
        return [(definition, values[definition.key]) for definition in ordered if definition.key in values]

    def public(self, record: ProviderRecord) -> list[tuple[AttributeDefinition, Any]]:
        """What the public may read: stored values of public definitions in force for the record's node."""
        asked = self.in_force(record.category_code or "")
        return [
            (definition, record.attributes[definition.key])
            for definition in asked
            if definition.is_public and definition.key in record.attributes
        ]
