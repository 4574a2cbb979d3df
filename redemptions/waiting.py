"""What waits for a consumer: papers to put right, an account to correct, orders that nothing is claimed for yet."""

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import User
from institutions.models import Provider
from orders.models import Order
from orders.statuses import OrderStatus
from programme.models import Payee
from programme.selectors import current_parameters
from redemptions.models import Redemption
from redemptions.statuses import RedemptionStatus


def lacks_account(account: User) -> bool:
    """Whether the programme pays providers, and this one has not said where to. One query, and another where it does."""
    if not account.is_provider or current_parameters().payee != Payee.PROVIDER:
        return False
    return Provider.objects.filter(account=account, bank_account=None).exists()


@dataclass(frozen=True)
class Waiting:
    returned: int
    failed: int
    unclaimed: int


def waiting_for(account: User) -> Waiting:
    """Two queries; none for a provider."""
    if not account.is_consumer:
        return Waiting(0, 0, 0)
    counts = Redemption.objects.visible_to(account).aggregate(
        returned=Count("pk", filter=Q(status=RedemptionStatus.RETURNED)),
        failed=Count("pk", filter=Q(status=RedemptionStatus.FAILED)),
    )
    own = Order.objects.visible_to(account)
    return Waiting(**counts, unclaimed=own.filter(status=OrderStatus.COMPLETED, redemption=None).count())
