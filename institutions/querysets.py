"""The vocabulary for reading institutions."""

from typing import Any, Self

from workflow.querysets import SubmissionQuerySet


class ProviderQuerySet(SubmissionQuerySet):
    def public(self) -> Self:
        """Providers that anybody may see."""
        return self.approved()

    def visible_to(self, user: Any) -> Self:
        """An external account sees its own institution only."""
        return self.filter(account_id=user.pk)
