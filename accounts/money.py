"""How an amount of yuan is written, and a share of one."""

from decimal import ROUND_DOWN, Decimal

NOTHING = Decimal("0.00")
FEN = Decimal("0.01")
TENTH = Decimal("0.1")


def format_yuan(amount: Decimal) -> str:
    """With thousands separators, so that a zero too many is seen at once: 1,200 or 1,200.50."""
    return f"{amount:,.2f}".removesuffix(".00")


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """How much of ``whole`` it is, in percent with one decimal, rounded down: 100.0 is all of it. 0.0 of nothing."""
    return (Decimal(part) * 100 / whole if whole else Decimal(0)).quantize(TENTH, ROUND_DOWN)
