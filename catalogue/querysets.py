"""The vocabulary for reading the catalogue."""

import datetime
from functools import cache
from typing import Any, Self

from django.db import models
from django.db.models import functions

from institutions.models import Provider
from workflow.querysets import SubmissionQuerySet

INSTRUMENT_CARD_FIELDS = (
    "name",
    "name_en",
    "model",
    "manufacturer",
    "functions",
    "specifications",
    "service_content",
    "city",
    "price_amount",
    "price_unit",
    "accepts_vouchers",
    "provider__name",
    "provider__host_name",
    "instrument_class__name",
    "instrument_class__parent__name",
)
SERVICE_CARD_FIELDS = (
    "name",
    "content",
    "deliverables",
    "methods",
    "turnaround_days",
    "price_kind",
    "price_amount",
    "price_max_amount",
    "price_unit",
    "accepts_vouchers",
    "provider__name",
    "provider__host_name",
    "provider__city",
    "field__name",
    "field__parent__name",
)


def _of_its_own(fields: tuple[str, ...]) -> list[str]:
    return [field for field in fields if "__" not in field]


class OfPublicProvider(models.Func):
    """Whether the provider a column names is one of ``Provider.objects.public()``.

    Asked of each record: SQLite without statistics would begin with the providers, and sort what all of them have. As SQL
    written once: Django takes longer to write it than a page's query runs, and most queries of the public pages ask this.
    """

    output_field = models.BooleanField()

    def as_sql(
        self, compiler: Any, connection: Any, *_args: Any, **_extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        column, values = compiler.compile(self.source_expressions[0])
        sql, public_values = _public_providers(connection.alias)
        return f"EXISTS({sql} AND institutions_provider.id = {column})", (*public_values, *values)


@cache
def _public_providers(alias: str) -> tuple[str, tuple[Any, ...]]:
    query = Provider.objects.public().order_by().values_list(models.Value(1)).query
    sql, values = query.get_compiler(using=alias).as_sql()
    return sql, tuple(values)


class ProviderRecordQuerySet(SubmissionQuerySet):
    def public(self) -> Self:
        """Approved records of public providers; nothing else is ever shown to the public."""
        return self.approved().filter(OfPublicProvider("provider"))

    def visible_to(self, user: Any) -> Self:
        """An external account sees the records of its own institution only."""
        return self.filter(provider__account_id=user.pk)


def photos_with_renditions() -> models.Prefetch[Any]:
    """What an instrument's photos need to be shown, in two queries; to its ``prefetched_photos``.

    Quicker than to Django's own place for them, which wants a queryset for each instrument.
    """
    from catalogue.models import InstrumentPhoto

    renditions: models.Prefetch[Any] = models.Prefetch("image__renditions", to_attr="prefetched_renditions")
    photos = InstrumentPhoto.objects.select_related("image").prefetch_related(renditions)
    return models.Prefetch("photos", queryset=photos, to_attr="prefetched_photos")


class InstrumentQuerySet(ProviderRecordQuerySet):
    def for_cards(self) -> Self:
        """With what a card in a list prints and nothing else, in a fixed number of queries."""
        return (
            self.select_related("provider", "instrument_class__parent")
            .only(*INSTRUMENT_CARD_FIELDS)
            .prefetch_related(photos_with_renditions())
        )

    def for_named_cards(self) -> Self:
        """As ``for_cards``, but without what ``catalogue.known`` adds."""
        return self.only(*_of_its_own(INSTRUMENT_CARD_FIELDS), "provider", "instrument_class")


class ServiceQuerySet(ProviderRecordQuerySet):
    """Testing and laboratory services."""

    def for_cards(self) -> Self:
        """With what a card in a list prints and nothing else, in one query."""
        return self.select_related("provider", "field__parent").only(*SERVICE_CARD_FIELDS)

    def for_named_cards(self) -> Self:
        """As ``for_cards``, but without what ``catalogue.known`` adds."""
        return self.only(*_of_its_own(SERVICE_CARD_FIELDS), "provider", "field")


class CapabilityQuerySet(ProviderRecordQuerySet):
    def for_cards(self) -> Self:
        """With what a row in a list prints, in one query."""
        return self.select_related("provider", "field__parent", "qualification")

    def for_named_cards(self) -> Self:
        """As ``for_cards``, but without what ``catalogue.known`` adds."""
        return self.select_related("qualification")


class AttributeQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        return self.filter(retired_at=None)


class JobQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """An external account sees the jobs of its own institution only."""
        return self.filter(provider__account_id=user.pk)

    def unfinished(self) -> Self:
        """Those that are worked on or wait for a confirmation."""
        return self.filter(state__in=["checking", "ready", "running"])

    def silent_since(self, moment: datetime.datetime) -> Self:
        """Those being worked on of which nothing has been heard since: the server was restarted, most likely."""
        heard = functions.Coalesce("heartbeat_at", "created_at")
        return self.annotate(heard_at=heard).filter(state__in=["checking", "running"], heard_at__lt=moment)
