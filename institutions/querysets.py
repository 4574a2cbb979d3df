"""The vocabulary for reading institutions."""

from typing import Any, Self

from workflow.querysets import SubmissionQuerySet
from workflow.statuses import SubmissionStatus


class ProviderQuerySet(SubmissionQuerySet):
    def public(self) -> Self:
        """Providers that anybody may see: approved and live."""
        return self.filter(status=SubmissionStatus.APPROVED, live=True)

    def visible_to(self, user: Any) -> Self:
        """An external account sees its own institution only."""
        return self.filter(account_id=user.pk)
