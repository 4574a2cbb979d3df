"""The vocabulary for reading the catalogue."""

import datetime
from typing import Any, Self

from django.db import models

from institutions.models import Provider
from workflow.querysets import SubmissionQuerySet

CARD_FIELDS = (
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


class ProviderRecordQuerySet(SubmissionQuerySet):
    def public(self) -> Self:
        """Approved records of public providers; nothing else is ever shown to the public."""
        return self.approved().filter(provider__in=Provider.objects.public().values("pk"))

    def visible_to(self, user: Any) -> Self:
        """An external account sees the records of its own institution only."""
        return self.filter(provider__account_id=user.pk)


class InstrumentQuerySet(ProviderRecordQuerySet):
    def for_cards(self) -> Self:
        """With what a card in a list prints and nothing else, in a fixed number of queries."""
        return (
            self.select_related("provider", "instrument_class__parent")
            .only(*CARD_FIELDS)
            .prefetch_related("photos__image__renditions")
        )


class ServiceQuerySet(ProviderRecordQuerySet):
    """Testing and laboratory services."""


class QualificationQuerySet(ProviderRecordQuerySet):
    def ending_by(self, day: datetime.date) -> Self:
        """Those whose term has ended or ends on that day at the latest."""
        return self.filter(valid_to__lte=day)


class CapabilityQuerySet(ProviderRecordQuerySet):
    pass


class AttributeQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        return self.filter(retired_at=None)


class JobQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """An external account sees the jobs of its own institution only."""
        return self.filter(provider__account_id=user.pk)
