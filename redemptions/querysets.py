"""The vocabulary for reading redemptions and batches."""

from typing import Any, Self

from django.db import models

from redemptions.statuses import BatchStatus


class RedemptionQuerySet(models.QuerySet[Any]):
    def locked(self, pk: int) -> Any:
        """The row with its order and both institutions, locked until the transaction ends. SQLite locks the database instead."""
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("order", "consumer__account", "provider__account", "parameters").get(pk=pk)

    def visible_to(self, user: Any) -> Self:
        """The consumer that claims sees it; the provider sees its order alone."""
        return self.filter(consumer__account_id=user.pk)


class BatchQuerySet(models.QuerySet[Any]):
    def locked(self, pk: int) -> Any:
        return self.select_for_update(no_key=True).get(pk=pk)

    def public(self) -> Self:
        """Made public, and so for good."""
        return self.exclude(status=BatchStatus.DRAFT).exclude(published_on=None)
