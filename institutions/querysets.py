"""The vocabulary for reading institutions."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone

from workflow.querysets import SubmissionQuerySet

if TYPE_CHECKING:
    from institutions.models import Consumer


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


class ConsumerBanQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        """Not lifted: in force, about to be, or over since a day that nobody has put on record yet."""
        return self.filter(lifted_at=None)

    def in_force(self) -> Self:
        """Those that count today."""
        today = timezone.localdate()
        not_over = models.Q(until=None) | models.Q(until__gte=today)
        return self.standing().filter(not_over, starts_on__lte=today)

    def of_institution(self, consumer: "Consumer") -> Self:
        """Of all its accounts: an institution is its code."""
        same = models.Q(consumer=consumer.pk)
        return self.filter(same | models.Q(consumer__code=consumer.code) if consumer.code else same)


class SuspensionQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)
