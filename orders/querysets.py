"""The vocabulary for reading bookings, orders and evaluations."""

from typing import Any, Self

from django.db import models

from orders.statuses import OPEN_BOOKINGS, VOID_ORDERS


class DealQuerySet(models.QuerySet[Any]):
    def locked(self, pk: int) -> Any:
        """The row with both institutions, locked until the transaction ends. SQLite locks the whole database instead."""
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("consumer__account", "provider__account").get(pk=pk)

    def visible_to(self, user: Any) -> Self:
        """An external account sees those its own institution is a side of; it is of one kind for life."""
        side = "provider" if user.is_provider else "consumer"
        return self.filter(**{f"{side}__account_id": user.pk})

    def with_sides(self) -> Self:
        """With what a list prints of the two institutions."""
        return self.select_related("consumer", "provider")


class BookingQuerySet(DealQuerySet):
    def open(self) -> Self:
        """May still become an order."""
        return self.filter(status__in=OPEN_BOOKINGS)


class OrderQuerySet(DealQuerySet):
    def alive(self) -> Self:
        """Neither refused nor cancelled: what figures count."""
        return self.exclude(status__in=VOID_ORDERS)


class EvaluationQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """What visitors read: not hidden by staff."""
        return self.filter(hidden_at=None)
