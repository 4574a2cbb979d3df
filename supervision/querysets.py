"""The vocabulary for reading warnings."""

from typing import Any, Self

from django.db import models

from supervision.statuses import UNSETTLED


class AlertQuerySet(models.QuerySet[Any]):
    def locked(self, pk: int) -> Any:
        """The row, locked until the transaction ends. SQLite locks the whole database instead."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def unsettled(self) -> Self:
        """What nobody has closed or dismissed yet."""
        return self.filter(status__in=UNSETTLED)
