"""How an amount of yuan is written."""

from decimal import Decimal


def format_yuan(amount: Decimal) -> str:
    """With thousands separators, so that a zero too many is seen at once: 1,200 or 1,200.50."""
    return f"{amount:,.2f}".removesuffix(".00")
