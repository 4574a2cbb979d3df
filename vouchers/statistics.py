"""Figures of a programme year, each set from one aggregate query. Amounts in yuan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.money import NOTHING, percent
from vouchers.models import Pool, Voucher
from vouchers.models.applications import VoucherApplication
from workflow.statuses import SubmissionStatus


@dataclass(frozen=True)
class Stage:
    """One stage of the funnel. ``share_percent`` is the count's share of the first stage's, with one decimal."""

    label: str
    count: int
    amount: Decimal
    share_percent: Decimal


@dataclass(frozen=True)
class Month:
    number: int
    applied_count: int
    granted_count: int
    granted_amount: Decimal


def funnel(year: int) -> list[Stage]:
    """申领 → 获批 → 使用 → 兑付: applications submitted in the year, vouchers of its pool, those claimed from, those paid on.

    A voucher that was given back whole, or expired, remains granted. Used is what is claimed or paid, paid what has left for good.
    """
    applied = VoucherApplication.objects.filter(submitted_at__year=year).aggregate(
        count=Count("pk"), amount=Sum("applied_amount")
    )
    used, redeemed = F("reserved_amount") + F("redeemed_amount"), F("redeemed_amount")
    vouchers = Voucher.objects.filter(pool__year=year).aggregate(
        granted_count=Count("pk"),
        granted_amount=Sum("amount"),
        used_count=Count("pk", filter=Q(reserved_amount__gt=0) | Q(redeemed_amount__gt=0)),
        used_amount=Sum(used),
        redeemed_count=Count("pk", filter=Q(redeemed_amount__gt=0)),
        redeemed_amount=Sum(redeemed),
    )
    rows = [
        (_("申领"), applied["count"], applied["amount"]),
        (_("获批"), vouchers["granted_count"], vouchers["granted_amount"]),
        (_("使用"), vouchers["used_count"], vouchers["used_amount"]),
        (_("兑付"), vouchers["redeemed_count"], vouchers["redeemed_amount"]),
    ]
    return [Stage(label, count, _yuan(amount), percent(count, rows[0][1])) for label, count, amount in rows]


def waiting() -> dict[str, int]:
    """Applications that are not decided, by state, whenever they were submitted."""
    counts = dict(VoucherApplication.objects.open().order_by().values_list("status").annotate(Count("pk")))
    states = (SubmissionStatus.PENDING, SubmissionStatus.RETURNED, SubmissionStatus.DRAFT)
    return {str(state.label): counts.get(state.value, 0) for state in states}


def months(year: int) -> list[Month]:
    """Applications by the month of their submission, vouchers by that of their granting."""
    applied = dict(
        VoucherApplication.objects.filter(submitted_at__year=year)
        .order_by()
        .annotate(month=ExtractMonth("submitted_at"))
        .values_list("month")
        .annotate(Count("pk"))
    )
    granted = {
        month: (count, amount)
        for month, count, amount in Voucher.objects.filter(pool__year=year)
        .order_by()
        .annotate(month=ExtractMonth("granted_at"))
        .values_list("month")
        .annotate(Count("pk"), Sum("amount"))
    }
    return [Month(number, applied.get(number, 0), *_counted(granted.get(number))) for number in range(1, 13)]


def years() -> Sequence[int]:
    """Those with a pool, the latest first; this year at least."""
    found = list(Pool.objects.values_list("year", flat=True))
    return found or [timezone.localdate().year]


def _counted(row: tuple[int, Any] | None) -> tuple[int, Decimal]:
    return (row[0], _yuan(row[1])) if row else (0, NOTHING)


def _yuan(amount: Any) -> Decimal:
    return Decimal(amount or 0).quantize(NOTHING)
