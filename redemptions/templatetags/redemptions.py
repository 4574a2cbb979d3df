"""What an order's page says of its claim on vouchers."""

from decimal import Decimal
from typing import Any

from django import template

from orders.models import Order
from orders.statuses import OrderStatus, Party
from programme.models import Payee
from programme.selectors import current_parameters
from redemptions.models import Redemption
from redemptions.statuses import OPEN_AGAIN

register = template.Library()


@register.inclusion_tag("redemptions/on_order.html")
def claim_of(order: Order, party: Party) -> dict[str, Any]:
    """For the consumer of a completed order: 提交申请使用创新券, or how far its claim has come. The provider reads nothing."""
    if party != Party.CONSUMER or order.status != OrderStatus.COMPLETED:
        return {}
    redemption = Redemption.objects.filter(order_id=order.pk).first()
    return {
        "order": order,
        "redemption": redemption,
        "may_claim": redemption is None or redemption.status in OPEN_AGAIN,
    }


@register.simple_tag
def pays_providers() -> bool:
    """Whether the programme's money goes to providers now."""
    return current_parameters().payee == Payee.PROVIDER


@register.filter
def as_amount(text: str) -> Decimal:
    """An amount as a line of the computation keeps it."""
    return Decimal(text)
