"""The vocabulary for reading the catalogue."""

from typing import Any, Self

from institutions.models import Provider
from workflow.querysets import SubmissionQuerySet
from workflow.statuses import SubmissionStatus


class InstrumentQuerySet(SubmissionQuerySet):
    def public(self) -> Self:
        """Approved instruments of approved providers; nothing else is ever shown to the public."""
        return self.filter(
            status=SubmissionStatus.APPROVED,
            live=True,
            provider__in=Provider.objects.public().values("pk"),
        )

    def visible_to(self, user: Any) -> Self:
        """An external account sees the instruments of its own institution only."""
        return self.filter(provider__account_id=user.pk)

    def for_cards(self) -> Self:
        """With what a card in a list prints, in a fixed number of queries."""
        return self.select_related("provider", "instrument_class__parent").prefetch_related(
            "photos__image__renditions"
        )

    def for_index(self) -> Self:
        """With what the search index stores of an instrument."""
        return self.select_related("provider", "instrument_class__parent__parent")
