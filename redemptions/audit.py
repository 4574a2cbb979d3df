"""Proof that redemptions, batches and the ledger say the same, to the fen. ``audit_ledger`` proves the ledger itself, and asks this.

Per redemption and voucher: what the order has reserved is its share while it waits for its money, and nothing before or after;
what it has redeemed, with what was taken back of it, is its share once it is paid. Per batch: the sum of its paid lines is what the
ledger redeemed for their orders.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum

from accounts.money import NOTHING
from redemptions.models import PayoutLine, Redemption, RedemptionShare
from redemptions.statuses import RESERVING, LineStatus, RedemptionStatus
from vouchers.audit import Break
from vouchers.models import LedgerEntry, Voucher
from vouchers.statuses import EFFECTS, LedgerKind

Key = tuple[str, int]  # the order's number, the voucher


def redemption_breaks(year: int | None) -> Iterator[Break]:
    """Where they differ; ``year`` is that of the pool, and of all where it is None."""
    reserved, redeemed = _by_the_ledger(year)
    orders: dict[str, tuple[str, str]] = {
        order: (number, status)
        for order, number, status in Redemption.objects.values_list("order__number", "number", "status")
    }
    shares = _shares(year)
    for key in sorted({key for key in (*reserved, *redeemed, *shares) if key[0] in orders}):
        number, status = orders[key[0]]
        share = shares.get(key, NOTHING)
        for part, has, due in (
            ("reserved", reserved[key], share if status in RESERVING else NOTHING),
            ("redeemed", redeemed[key], share if status == RedemptionStatus.PAID else NOTHING),
        ):
            if has != due:
                problem = f"redemption {number} ({status}) has {has} {part}, its share is {due}"
                yield Break(_year_of(key), problem, voucher=_voucher_of(key))
    yield from _batch_breaks(redeemed, year)


def _by_the_ledger(year: int | None) -> tuple[dict[Key, Decimal], dict[Key, Decimal]]:
    """What is reserved, and what was ever redeemed, of each order on each voucher."""
    reserved: dict[Key, Decimal] = defaultdict(lambda: NOTHING)
    redeemed: dict[Key, Decimal] = defaultdict(lambda: NOTHING)
    entries = LedgerEntry.objects.exclude(order_number="")
    if year is not None:
        entries = entries.filter(pool__year=year)
    sums = entries.order_by().values_list("order_number", "voucher", "kind").annotate(total=Sum("amount"))
    for order, voucher, kind, total in sums.iterator():
        total = total.quantize(NOTHING)  # SQLite adds in floating point
        reserved[order, voucher] += EFFECTS[LedgerKind(kind)].on("reserved") * total
        if kind == LedgerKind.REDEEM:
            redeemed[order, voucher] += total
    return reserved, redeemed


def _shares(year: int | None) -> dict[Key, Decimal]:
    shares = RedemptionShare.objects.all()
    if year is not None:
        shares = shares.filter(voucher__pool__year=year)
    rows = shares.values_list("redemption__order__number", "voucher", "amount")
    return {(order, voucher): amount for order, voucher, amount in rows.iterator()}


def _batch_breaks(redeemed: dict[Key, Decimal], year: int | None) -> Iterator[Break]:
    """A batch pays from pools of several years: it is proved with all of them only."""
    if year is not None:
        return
    of_order: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for (order, _voucher), amount in redeemed.items():
        of_order[order] += amount
    paid: dict[tuple[int, int], list[Decimal]] = defaultdict(lambda: [NOTHING, NOTHING])
    lines = PayoutLine.objects.filter(status=LineStatus.PAID).order_by("batch", "position")
    rows = lines.values_list("batch__year", "batch__serial", "amount", "redemption__order__number")
    for batch_year, serial, amount, order in rows.iterator():
        sums = paid[batch_year, serial]
        sums[0] += amount
        sums[1] += of_order[order]
    for (batch_year, serial), (said, true) in paid.items():
        if said != true:
            problem = f"batch {batch_year}-{serial:03d} has paid {said}, by its entries {true}"
            yield Break(batch_year, problem)


def _year_of(key: Key) -> int:
    return int(Voucher.objects.values_list("pool__year", flat=True).get(pk=key[1]))


def _voucher_of(key: Key) -> str:
    return str(Voucher.objects.values_list("number", flat=True).get(pk=key[1]))
