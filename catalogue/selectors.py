"""What the public pages read of the catalogue, beyond one queryset."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from accounts.public_version import remembered
from catalogue.attributes import AttributeBook, display_value
from catalogue.known import with_names, with_photos
from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    Qualification,
    SearchDoc,
    ServiceRecord,
    TestingService,
)
from catalogue.search import Kind
from institutions.models import Provider
from workflow.statuses import SubmissionStatus

RELATED = 4
# How many services, instruments and capabilities a page of another record names.
LINKED = 12
SERVICE_MODELS: tuple[type[Any], ...] = (TestingService, LabService)


def public_providers() -> QuerySet[Provider]:
    """Public providers with ``instrument_count``, those who share most first."""
    public_instruments = Q(instruments__status=SubmissionStatus.APPROVED, instruments__live=True)
    return (
        Provider.objects.public()
        .annotate(instrument_count=Count("instruments", filter=public_instruments))
        .order_by("-instrument_count", "pk")
    )


def public_providers_by(field: str) -> dict[str, int]:
    """How many public providers there are of each value of a field. One query."""
    return dict(Provider.objects.public().order_by().values_list(field).annotate(Count("pk")))


def public_counts(providers: Iterable[int]) -> dict[int, Counter[str]]:
    """How many records of each kind each of the providers has in public. One query, of the index, which mirrors them."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    groups = (
        SearchDoc.objects.filter(institution_id__in=list(providers))
        .order_by()
        .values_list("institution_id", "kind")
        .annotate(number=Count("pk"))
    )
    for provider, kind, number in groups:
        counts[provider][kind] = number
    return counts


def cards_in_order(model: type[ProviderRecord], ids: list[int]) -> list[Any]:
    """The records found by a search, in its order; one that has left the public meanwhile is left out."""
    found = model.objects.approved().for_named_cards().in_bulk(ids)  # type: ignore[attr-defined]
    records = with_names([found[pk] for pk in ids if pk in found])
    return with_photos(records) if model is Instrument else records


@dataclass(frozen=True)
class Related:
    same_class: list[Instrument]
    same_provider: list[Instrument]


def related_instruments(instrument: Instrument) -> Related:
    """A few others of the class (second level) and of the provider, which is public as the instrument is.

    Also loads the photos of the instrument itself.
    """
    prefix = (instrument.instrument_class_id or "-")[:4]
    provider = instrument.provider_id
    same_class = remembered(("newest of class", prefix), lambda: _newest_of_class(prefix))
    same_provider = remembered(("newest of provider", provider), lambda: _newest_of_provider(provider))
    with_photos([instrument])
    return Related(
        *(
            [other for other in some if other.pk != instrument.pk][:RELATED]
            for some in (same_class, same_provider)
        )
    )


def _newest_of_class(prefix: str) -> list[Instrument]:
    """One more than are shown beside an instrument, which may be among them."""
    alike = Instrument.objects.public().filter(instrument_class__code__startswith=prefix)
    return list(_newest(alike.for_cards())[: RELATED + 1])


def _newest_of_provider(provider: int) -> list[Instrument]:
    """As above; whoever has a public instrument is public."""
    others = Instrument.objects.approved().filter(provider=provider)
    return list(_newest(others.only("name", "name_en", "model"))[: RELATED + 1])


def public_attributes(records: Iterable[ProviderRecord]) -> dict[int, list[tuple[str, str]]]:
    """Names and printed values of what the public may read, by record. One query for records of a model, or none."""
    described = [record for record in records if record.attributes]
    if not described:
        return {}
    book = AttributeBook.for_records(*described)
    return {
        record.pk: [
            (definition.name, display_value(definition, value)) for definition, value in book.public(record)
        ]
        for record in described
    }


def services_using(instrument: Instrument) -> list[ServiceRecord]:
    """Public services of both kinds that are done with the instrument, newest first within each.

    One short query for most instruments, which are used for none; written out, because to have it built takes thrice as long as
    to run it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_links_sql(), [instrument.pk] * len(SERVICE_MODELS))
        links = cursor.fetchall()
    found: list[ServiceRecord] = []
    for place, model in enumerate(SERVICE_MODELS):
        if services := [number for of, number in links if of == place]:
            found += _newest(model.objects.public().for_cards().filter(pk__in=services))[:LINKED]
    return found


@cache
def _links_sql() -> str:
    """Which services of either kind name an instrument: place of the kind, number of the service."""
    return " UNION ALL ".join(
        f"SELECT {place}, {model._meta.model_name}_id FROM {model.instruments.through._meta.db_table} WHERE instrument_id = %s"  # noqa: S608 - names of ours
        for place, model in enumerate(SERVICE_MODELS)
    )


@dataclass(frozen=True)
class ServiceSurroundings:
    """What stands beside a service: with what it is done, by whom, and what is like it."""

    instruments: list[Instrument]
    related: list[ServiceRecord]
    qualifications: list[Qualification]
    capabilities: list[Capability]


def service_surroundings(service: ServiceRecord) -> ServiceSurroundings:
    """Only what is public: an instrument that was withdrawn is not named. Four queries."""
    field = field_prefix(service.field_id)
    used = {f"{type(service)._meta.model_name}s": service}
    related = type(service).objects.public().for_cards().exclude(pk=service.pk)  # type: ignore[attr-defined]
    capabilities = Capability.objects.public().for_cards().filter(provider=service.provider_id)
    return ServiceSurroundings(
        instruments=list(
            _newest(Instrument.objects.public().filter(**used).only("name", "name_en", "model"))[:LINKED]
        ),
        related=list(_newest(related.filter(field__code__startswith=field))[:RELATED]),
        qualifications=qualifications_of(service.provider),
        capabilities=list(
            capabilities.filter(field__code__startswith=field).order_by("standard_number", "pk")[:LINKED]
        ),
    )


def field_prefix(code: str | None) -> str:
    """What the codes of the second level around this one begin with; nothing begins so where there is none."""
    if not code:
        return "-"
    return code[:2] if code.endswith("0000") else code[:4]


def qualifications_of(provider: Provider) -> list[Qualification]:
    """The public qualifications of a provider, those with the longest time to run first."""
    return list(Qualification.objects.public().filter(provider=provider).order_by("-valid_to", "pk"))


@dataclass(frozen=True)
class Offers:
    """What a provider offers besides instruments, the beginning of each list; ``counts`` are of all, by kind."""

    qualifications: list[Qualification]
    capabilities: list[Capability]
    testing: list[TestingService]
    labs: list[LabService]
    counts: Counter[str]


def offers_of(provider: Provider, *, capabilities: int, services: int) -> Offers:
    counts = public_counts([provider.pk])[provider.pk]

    def beginning(model: Any, kind: Kind, number: int, *order: str) -> list[Any]:
        if not counts[kind]:
            return []
        return list(model.objects.public().for_cards().filter(provider=provider).order_by(*order)[:number])

    return Offers(
        qualifications=qualifications_of(provider),
        capabilities=beginning(Capability, Kind.CAPABILITY, capabilities, "field", "standard_number", "pk"),
        testing=beginning(TestingService, Kind.TESTING, services, "-first_published_at", "-pk"),
        labs=beginning(LabService, Kind.LAB, services, "-first_published_at", "-pk"),
        counts=counts,
    )


def _newest(records: QuerySet[Any]) -> QuerySet[Any]:
    return records.order_by("-first_published_at", "-pk")
