"""The vocabulary for reading the catalogue."""

from typing import Any, Self

from institutions.models import Provider
from workflow.querysets import SubmissionQuerySet


class InstrumentQuerySet(SubmissionQuerySet):
    def public(self) -> Self:
        """Approved instruments of approved providers; nothing else is ever shown to the public."""
        return self.approved().filter(provider__in=Provider.objects.public().values("pk"))

    def visible_to(self, user: Any) -> Self:
        """An external account sees the instruments of its own institution only."""
        return self.filter(provider__account_id=user.pk)

    def for_cards(self) -> Self:
        """With what a card in a list prints, in a fixed number of queries."""
        return self.select_related("provider", "instrument_class__parent").prefetch_related(
            "photos__image__renditions"
        )
