"""The vocabulary for reading the catalogue."""

from typing import Any, Self

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


class InstrumentQuerySet(SubmissionQuerySet):
    def public(self) -> Self:
        """Approved instruments of approved providers; nothing else is ever shown to the public."""
        return self.approved().filter(provider__in=Provider.objects.public().values("pk"))

    def visible_to(self, user: Any) -> Self:
        """An external account sees the instruments of its own institution only."""
        return self.filter(provider__account_id=user.pk)

    def for_cards(self) -> Self:
        """With what a card in a list prints and nothing else, in a fixed number of queries."""
        return (
            self.select_related("provider", "instrument_class__parent")
            .only(*CARD_FIELDS)
            .prefetch_related("photos__image__renditions")
        )
