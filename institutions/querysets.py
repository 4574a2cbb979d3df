"""The vocabulary for reading institutions."""

from typing import Any, Self

from django.db import models

from workflow.querysets import SubmissionQuerySet


class ProviderQuerySet(SubmissionQuerySet):
    def public(self) -> Self:
        """Providers that anybody may see: approved, and not suspended."""
        from institutions.models import Suspension

        return self.approved().exclude(pk__in=Suspension.objects.in_force().values("provider"))

    def visible_to(self, user: Any) -> Self:
        """An external account sees its own institution only."""
        return self.filter(account_id=user.pk)


class ConsumerQuerySet(SubmissionQuerySet):
    def visible_to(self, user: Any) -> Self:
        """An external account sees its own institution only."""
        return self.filter(account_id=user.pk)


class SuspensionQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)
