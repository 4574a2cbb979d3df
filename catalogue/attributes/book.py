"""Which definitions hold for which records."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self

from django.db.models import Q

from catalogue.models import AttributeDefinition, Instrument, ProviderRecord, ancestor_codes


class AttributeBook:
    """Definitions of one classification, read once: for many records without a query for each.

    Those retired are in it too, to print what is stored of them; only ``in_force`` is asked for.
    """

    def __init__(
        self, definitions: Iterable[AttributeDefinition], nodes: Iterable[str] | None = None
    ) -> None:
        self.by_key = {definition.key: definition for definition in definitions}
        # the nodes it knows everything of; None for all
        self._nodes = None if nodes is None else frozenset(nodes)
        self._by_node: dict[str, list[AttributeDefinition]] = defaultdict(list)
        for definition in self.by_key.values():
            self._by_node[definition.node_code].append(definition)

    @classmethod
    def of(cls, model: type[ProviderRecord]) -> Self:
        """The book for a model's records: by instrument class, or by testing field. One query."""
        place = place_of(model)
        return cls(_ordered(Q(**{f"{place}__isnull": False})).select_related(place))

    @classmethod
    def for_records(cls, *records: ProviderRecord) -> Self:
        """A small book with what holds for these records, of one model, and with what they have values of. One query."""
        place = place_of(type(records[0]))
        nodes = {code for record in records for code in ancestor_codes(record.category_code)}
        keys = {key for record in records for key in record.attributes if key.isdecimal()}
        here = Q(**{f"{place}__in": nodes}) | Q(**{f"{place}__isnull": False, "pk__in": keys})
        return cls(_ordered(here), nodes)

    def covers(self, code: str | None) -> bool:
        """Whether nothing is missing from the book that holds for a record at this node."""
        return self._nodes is None or self._nodes.issuperset(ancestor_codes(code))

    def in_force(self, code: str | None = None) -> list[AttributeDefinition]:
        """What is asked for of a record at this node, the highest node's first; without a code, of any record."""
        nodes = sorted(self._by_node) if code is None else ancestor_codes(code)
        found = [definition for node in nodes for definition in self._by_node.get(node, [])]
        return [definition for definition in found if definition.retired_at is None]

    def missing(self, record: ProviderRecord) -> list[AttributeDefinition]:
        """What must be filled in before the record can be submitted, and is not."""
        asked = self.in_force(record.category_code or "")
        return [one for one in asked if one.is_required and one.key not in record.attributes]

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


def place_of(model: type[ProviderRecord]) -> str:
    """The field of a definition that names the node of such records."""
    return "instrument_class" if issubclass(model, Instrument) else "testing_field"


def _ordered(condition: Q) -> Any:
    return AttributeDefinition.objects.filter(condition).order_by("sort_order", "pk")
