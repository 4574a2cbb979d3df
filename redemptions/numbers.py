"""Numbers of redemptions, as those of orders (orders/numbers.py)."""

from orders.numbers import new_number

REDEMPTION_PREFIX = "DF"


def new_redemption_number() -> str:
    return new_number(REDEMPTION_PREFIX)
