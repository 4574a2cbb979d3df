"""What the scheduled command does with batches."""

from django.utils import timezone

from redemptions.exceptions import RedemptionError
from redemptions.models import PayoutBatch
from redemptions.services.batches import close_publicity
from redemptions.statuses import BatchStatus


def close_due() -> tuple[int, list[str]]:
    """End the publicity of batches whose last day is over: how many, and what keeps the others. Safe to repeat."""
    closed, waiting = 0, []
    due = PayoutBatch.objects.filter(
        status=BatchStatus.PUBLISHED, publicity_until__lt=timezone.localdate()
    ).order_by("pk")
    for batch in due:
        try:
            close_publicity(batch=batch, actor=None)
        except RedemptionError as error:
            waiting.append(f"{batch.number}: {error}")
        else:
            closed += 1
    return closed, waiting
