"""What waits for whom: the queue of claims, oldest first, and the way through it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from redemptions.models import Redemption
from redemptions.permissions import may_check, may_decide
from redemptions.statuses import IN_REVIEW, RedemptionStatus
from workflow.working_days import add_working_days, working_days_between

LEDGER = "redemptions_redemption_modeladmin"
SHOWN = 5


def waits_for(user: Any) -> Q:
    """Claims that the user may act on next; who has checked one does not decide it."""
    condition = Q(pk__in=[])
    if may_check(user):
        condition |= Q(status=RedemptionStatus.SUBMITTED)
    if may_decide(user):
        # not ~Q(checked_by=…): the column is empty for none of these
        condition |= Q(status=RedemptionStatus.CHECKED) & (
            Q(checked_by__lt=user.pk) | Q(checked_by__gt=user.pk)
        )
    return condition


def queue_of(user: Any) -> QuerySet[Redemption]:
    return Redemption.objects.filter(waits_for(user)).order_by("submitted_at", "pk")


@dataclass(frozen=True)
class Neighbours:
    """In the user's queue, beside a claim that may have left it."""

    previous: Redemption | None
    next: Redemption | None


def neighbours(redemption: Redemption, user: User) -> Neighbours:
    at, pk = redemption.submitted_at, redemption.pk
    queue = queue_of(user).only("pk", "number")
    later = queue.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk))
    earlier = queue.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    return Neighbours(earlier.order_by("-submitted_at", "-pk").first(), later.first())


def next_after(redemption: Redemption, user: User) -> Redemption | None:
    """The next one, or where there is none the oldest."""
    return neighbours(redemption, user).next or queue_of(user).exclude(pk=redemption.pk).first()


def case_url(redemption: Redemption) -> str:
    return reverse(f"{LEDGER}_inspect", args=[redemption.pk])


def queue_url() -> str:
    return f"{reverse(f'{LEDGER}_index')}?queue=1"


@dataclass(frozen=True)
class Wait:
    """In working days, against those the parameters allow for a review of vouchers."""

    days: int
    target: int

    @property
    def is_overdue(self) -> bool:
        return self.days > self.target


def wait_of(redemption: Redemption) -> Wait | None:
    """Since it was submitted, while it is in review."""
    if redemption.status not in IN_REVIEW:
        return None
    since = timezone.localdate(redemption.submitted_at)
    return Wait(working_days_between(since, timezone.localdate()), redemption.parameters.voucher_review_days)


def due_on(redemption: Redemption) -> Any:
    """The day by which it should be decided."""
    since = timezone.localdate(redemption.submitted_at)
    return add_working_days(since, redemption.parameters.voucher_review_days)
