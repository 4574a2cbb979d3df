"""What nearly every public page names: classes, fields and public providers. Remembered until something public changes.

Cheaper than to join three tables to every query of a list, above all on PostgreSQL, which plans each of them anew.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import prefetch_related_objects

from accounts.public_version import remembered, remembered_each
from catalogue.models import Instrument, InstrumentClass, InstrumentPhoto, ProviderRecord, TestingField
from catalogue.querysets import photos_with_renditions
from institutions.models import Provider

R = TypeVar("R", bound=ProviderRecord)
Node = InstrumentClass | TestingField


def known_nodes(model: type[Node]) -> dict[str, Any]:
    """All nodes of a classification by code, each with those above it."""
    return remembered(("nodes", model), lambda: _read_nodes(model))


def _read_nodes(model: type[Node]) -> dict[str, Any]:
    nodes: dict[str, Any] = model._default_manager.in_bulk()
    for node in nodes.values():
        node.parent = nodes.get(node.parent_id)
    return nodes


def known_providers(numbers: Iterable[int]) -> dict[int, Provider]:
    """Those of the providers that are public, by number, with the names and the city that stand on their records.

    Never all of a province's: at 6,700 of them that took 100 ms after each change.
    """

    def read(unknown: list[int]) -> dict[int, Provider | None]:
        public = Provider.objects.public().only("name", "host_name", "city").in_bulk(unknown)
        return {number: public.get(number) for number in unknown}

    known = remembered_each("public provider", set(numbers), read)
    return {number: provider for number, provider in known.items() if provider}


def known_provider(number: int) -> Provider | None:
    """All of a public provider, its logo too; None if the public may not see it."""

    def read() -> Provider | None:
        return Provider.objects.public().select_related("logo").filter(pk=number).first()

    return remembered(("provider", number), read)


def category_name(model: type[ProviderRecord]) -> str:
    """The field by which records of a model are classified."""
    return "instrument_class" if issubclass(model, Instrument) else "field"


def with_names(records: Iterable[R]) -> list[R]:
    """The records with provider and class or field; those of a provider that is not public are left out."""
    records = list(records)
    providers = known_providers(record.provider_id for record in records)
    named = [record for record in records if record.provider_id in providers]
    if named:
        name = category_name(type(named[0]))
        nodes = known_nodes(InstrumentClass if name == "instrument_class" else TestingField)
        for record in named:
            record.provider = providers[record.provider_id]
            setattr(record, name, nodes.get(getattr(record, f"{name}_id")))
    return named


def with_photos(instruments: list[Instrument]) -> list[Instrument]:
    """The public instruments with their photos, to be read as ``shown_photos``."""

    def read(numbers: list[int]) -> dict[int, list[InstrumentPhoto]]:
        unknown = [instrument for instrument in instruments if instrument.pk in numbers]
        prefetch_related_objects(unknown, photos_with_renditions())
        return {instrument.pk: instrument.prefetched_photos for instrument in unknown}

    photos = remembered_each("photos", [instrument.pk for instrument in instruments], read)
    for instrument in instruments:
        instrument.prefetched_photos = photos[instrument.pk]
    return instruments
