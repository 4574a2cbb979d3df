"""Where an order differs from what the provider accepted: side by side, as people read it."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.money import format_yuan
from orders.models import Booking, Order, OrderItem, line_amount


def shown_quantity(quantity: Decimal) -> str:
    """Without the zeros that say nothing: 3, 2.5."""
    return f"{quantity.normalize():f}"


def accepted_item(booking: Booking) -> OrderItem:
    """The one line of what was accepted, not stored."""
    assert booking.accepted_quantity is not None  # noqa: S101 - it is accepted
    assert booking.accepted_price_amount is not None  # noqa: S101 - it is accepted
    return OrderItem(
        name=booking.offer_name,
        quantity=booking.accepted_quantity,
        unit=booking.unit,
        price_amount=booking.accepted_price_amount,
        amount=line_amount(booking.accepted_quantity, booking.accepted_price_amount),
    )


def changes_against(booking: Booking, order: Order, items: Sequence[OrderItem]) -> list[list[str]]:
    """[[what, as accepted, as ordered], …]; empty where the order takes over what was accepted."""
    accepted = [accepted_item(booking)]
    pairs = [
        (_("项目与数量"), _quantities(accepted), _quantities(items)),
        (_("单价"), _prices(accepted), _prices(items)),
        (_("总金额"), _total(accepted), _total(items)),
        (_("服务内容与要求"), _text(booking.requirements), _text(order.requirements)),
        (_("交付日期"), str(booking.accepted_delivery_on), str(order.delivery_on)),
        (_("合同约定"), _text(booking.accepted_note), _text(order.terms)),
    ]
    return [
        [what, before or _("（无）"), after or _("（无）")]
        for what, before, after in pairs
        if before != after
    ]


def _quantities(items: Sequence[OrderItem]) -> str:
    return "；".join(
        f"{item.name} × {shown_quantity(item.quantity)} {item.get_unit_display()}" for item in items
    )


def _prices(items: Sequence[OrderItem]) -> str:
    return "；".join(_("%s 元") % format_yuan(item.price_amount) for item in items)


def _total(items: Sequence[OrderItem]) -> str:
    return _("%s 元") % format_yuan(sum((item.amount for item in items), Decimal(0)))


def _text(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
