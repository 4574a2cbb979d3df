"""The vocabulary for reading pools, vouchers and the ledger."""

import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone

from vouchers.exceptions import VoucherError
from vouchers.statuses import VoucherStatus, status_conditions
from workflow.querysets import SubmissionQuerySet
from workflow.statuses import SubmissionStatus


class PoolQuerySet(models.QuerySet[Any]):
    def locked(self, *pks: int) -> list[Any]:
        """The rows in primary-key order, locked until the transaction ends: all that moves money of a pool waits here.

        Not against those who only refer to it. SQLite locks the whole database instead.
        """
        return list(self.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


class VoucherQuerySet(models.QuerySet[Any]):
    def locked(self, pk: int) -> Any:
        """The row with its consumer, locked until the transaction ends. Lock its pool first."""
        rows = self.select_for_update(no_key=True, of=("self",))
        return rows.select_related("consumer__account").get(pk=pk)

    def visible_to(self, user: Any) -> Self:
        """An external account sees its own institution's vouchers only."""
        return self.filter(consumer__account_id=user.pk)

    def in_status(self, status: VoucherStatus, today: datetime.date | None = None) -> Self:
        conditions = status_conditions(today or timezone.localdate())
        earlier = [conditions[one] for one in list(conditions)[: list(conditions).index(status)]]
        queryset = self.filter(conditions[status])
        for condition in earlier:
            queryset = queryset.exclude(condition)
        return queryset

    def usable(self, today: datetime.date | None = None) -> Self:
        """What can be claimed from, the oldest first: money left, and not past the last day for claims."""
        return self.filter(balance_amount__gt=0, redeem_by__gte=today or timezone.localdate()).order_by(
            "valid_until", "pk"
        )


class ApplicationQuerySet(SubmissionQuerySet):
    def visible_to(self, user: Any) -> Self:
        """An external account sees its own institution's applications only."""
        return self.filter(consumer__account_id=user.pk)

    def open(self) -> Self:
        """Not approved yet; a consumer has one at most."""
        return self.exclude(status=SubmissionStatus.APPROVED)


class LedgerEntryQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> int:
        raise VoucherError("流水账只能追加，不能修改。")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise VoucherError("流水账只能追加，不能删除。")
