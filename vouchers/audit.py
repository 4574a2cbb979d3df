"""Proof of the ledger: the chain of each pool, what each entry did, and that balances are the sums.

Entries stream through a server-side cursor and vouchers through another: memory does not grow with either.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Case, DecimalField, F, Max, Q, Sum, Value, When, Window
from django.db.models.functions import Abs, Coalesce, Lag

from accounts.money import NOTHING
from vouchers.models import (
    GENESIS_HASH,
    HASHED,
    TERMS,
    LedgerEntry,
    Pool,
    Voucher,
    entry_hash,
    terms_text,
)
from vouchers.statuses import EFFECTS, OF_ORDERS, PARTS, LedgerKind

CHUNK = 5_000
HALF_A_FEN = Decimal("0.005")
MONEY: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)
SIGNS = {
    kind.value: (effect.pool, effect.on("balance"), effect.on("reserved")) for kind, effect in EFFECTS.items()
}


@dataclass(frozen=True)
class Break:
    """The first place where the ledger does not hold."""

    year: int
    problem: str
    sequence: int | None = None
    voucher: str = ""

    def __str__(self) -> str:
        place = [f"pool {self.year}"]
        if self.sequence is not None:
            place.append(f"entry {self.sequence}")
        if self.voucher:
            place.append(f"voucher {self.voucher}")
        return f"{', '.join(place)}: {self.problem}"


# Apps above that keep rows of money of their own: each names where they differ from the ledger of a year, or of all for None.
FURTHER_PROOFS: list[Callable[[int | None], Iterator[Break]]] = []


class Head(NamedTuple):
    """Where the chain of a year's pool ended at some moment: so many entries, and the hash of the last."""

    year: int
    entries: int
    hash: str

    def __str__(self) -> str:
        return f"{self.year}:{self.entries}:{self.hash}"


@dataclass
class Proof:
    """What was proved. ``heads``, kept elsewhere, show later whether somebody has written a whole chain anew."""

    entries: int = 0
    vouchers: int = 0
    heads: list[Head] = field(default_factory=list)
    broken: Break | None = None


def audit_ledger(year: int | None = None, heads: Sequence[Head] = ()) -> Proof:
    """Prove the ledger of one year or of all, the oldest first, up to the first break.

    ``heads`` are those of earlier proofs: each must still be in its chain. All of it as at one moment, holding up nobody.
    """
    proof = Proof()
    with _one_moment():
        proof.broken = next(_breaks(year, heads, proof), None)
    return proof


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees one state of the database, and writes nothing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # not Django's transaction, which takes the only write lock there is (IMMEDIATE, in the settings)
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _breaks(year: int | None, heads: Sequence[Head], proof: Proof) -> Iterator[Break]:
    pools = Pool.objects.order_by("year")
    for pool in pools if year is None else pools.filter(year=year):
        yield from _chain_breaks(pool, proof)
        yield from _running_balance_breaks(pool)
        yield from _order_breaks(pool)
        yield from _voucher_breaks(pool, proof)
        proof.heads.append(Head(pool.year, pool.entry_count, pool.head_hash))
    yield from _head_breaks(heads)
    for proof_of_rows in FURTHER_PROOFS:
        yield from proof_of_rows(year)


def _head_breaks(heads: Sequence[Head]) -> Iterator[Break]:
    for head in heads:
        pool = Pool.objects.filter(year=head.year).first()
        if pool is None:
            yield Break(head.year, f"it is gone, but its chain had {head.entries} entries")
        elif head.entries and not pool.entries.filter(sequence=head.entries, hash=head.hash).exists():
            yield Break(head.year, f"its hash is not the one that was kept, {head.hash}", head.entries)


def _chain_breaks(pool: Pool, proof: Proof) -> Iterator[Break]:
    """Numbers without a gap, each hash over its content and the hash before; then the pool's row against the last entry."""
    head, expected, available, funded = GENESIS_HASH, 1, NOTHING, NOTHING
    entries = LedgerEntry.objects.filter(pool=pool).order_by("sequence")
    for previous_hash, own_hash, pool_id, *content in entries.values_list(
        "previous_hash", "hash", "voucher__pool_id", *HASHED
    ).iterator(CHUNK):
        sequence, _at, kind, number, amount, pool_effect, balance_effect, reserved_effect, pool_after = (
            content[:9]
        )
        if sequence != expected:
            yield Break(pool.year, f"it is missing, {sequence} follows {expected - 1}", expected)
            return
        available += pool_effect
        signs = SIGNS.get(kind, ())
        problem = ""
        if previous_hash != head:
            problem = "does not carry the hash of the entry before it"
        elif own_hash != entry_hash(head, pool.year, content):
            problem = "its content is not what its hash was made over"
        elif (pool_effect, balance_effect, reserved_effect) != tuple(sign * amount for sign in signs):
            problem = f"its effects are not those of {kind} {amount}"
        elif pool_after != available:
            problem = f"says {pool_after} was available after it, the entries add up to {available}"
        elif pool_id not in {None, pool.pk}:
            problem = "its voucher belongs to another pool"
        if problem:
            yield Break(pool.year, problem, sequence, number or "")
            return
        if kind == LedgerKind.FUND:
            funded += amount
        head, expected = own_hash, expected + 1
        proof.entries += 1
    for name, stored, true in (
        ("entry_count", pool.entry_count, expected - 1),
        ("head_hash", pool.head_hash, head),
        ("amount", pool.amount, funded),
        ("available_amount", pool.available_amount, available),
    ):
        if stored != true:
            yield Break(pool.year, f"{name} is {stored}, by its entries {true}")


def _running_balance_breaks(pool: Pool) -> Iterator[Break]:
    """Each entry of a voucher goes on from where the one before left it."""
    parts = ("balance", "reserved")
    before = {f"{part}_before": _before(part) for part in parts}
    off = {
        f"{part}_off": Abs(F(f"{part}_after") - F(f"{part}_before") - F(f"{part}_effect")) for part in parts
    }
    entries = LedgerEntry.objects.filter(pool=pool, voucher__isnull=False).annotate(**before).annotate(**off)
    # not quite 0, where SQLite adds in floating point
    entries = entries.filter(Q(balance_off__gt=HALF_A_FEN) | Q(reserved_off__gt=HALF_A_FEN))
    for entry in entries.select_related("voucher").order_by("sequence")[:1]:
        for part in parts:
            after, effect = getattr(entry, f"{part}_after"), getattr(entry, f"{part}_effect")
            was = _to_fen(getattr(entry, f"{part}_before"))
            if after != was + effect:
                problem = f"says {part} {after} after it, but {was} and {effect} make {was + effect}"
                yield Break(pool.year, problem, entry.sequence, str(entry.voucher))


def _before(part: str) -> Any:
    """That part of the voucher after the entry before; nothing before the first."""
    last = Window(Lag(f"{part}_after"), partition_by="voucher", order_by="sequence")
    return Coalesce(last, Value(NOTHING), output_field=MONEY)


def _order_breaks(pool: Pool) -> Iterator[Break]:
    """No order has ever less than nothing reserved or redeemed on a voucher: it takes only what it has put there."""
    running = {f"order_{part}": _running_of_order(part) for part in OF_ORDERS}
    entries = LedgerEntry.objects.filter(pool=pool, voucher__isnull=False).annotate(**running)
    short = Q(*((f"order_{part}__lt", -HALF_A_FEN) for part in OF_ORDERS), _connector=Q.OR)
    for entry in entries.filter(short).select_related("voucher").order_by("sequence")[:1]:
        problem = f"{entry.kind} {entry.amount} is more than order {entry.order_number} had"
        yield Break(pool.year, problem, entry.sequence, str(entry.voucher))


def _running_of_order(part: str) -> Any:
    signed = _signed_amount({kind: effect.on(part) for kind, effect in EFFECTS.items()})
    partition = ["voucher", "order_number"]
    return Window(Sum(signed), partition_by=partition, order_by="sequence", output_field=MONEY)


def _voucher_breaks(pool: Pool, proof: Proof) -> Iterator[Break]:
    """What each voucher's row says against the sums of its entries, and against the terms it was granted on."""
    columns = ["amount", *(f"{part}_amount" for part in PARTS)]
    sums = {"entries_amount": _sum_of({LedgerKind.GRANT: 1})} | {
        f"entries_{part}": _sum_of({kind: effect.on(part) for kind, effect in EFFECTS.items()})
        for part in PARTS
    }
    granted = Max(Case(When(entries__kind=LedgerKind.GRANT, then=F("entries__terms"))))
    vouchers = Voucher.objects.filter(pool=pool).order_by("pk").annotate(granted=granted, **sums)
    rows = vouchers.values_list("number", "granted", *TERMS, *columns, *sums)
    for number, granted_on, *values in rows.iterator(CHUNK):
        terms, values = values[: len(TERMS)], values[len(TERMS) :]
        stored, true = values[: len(columns)], [_to_fen(value) for value in values[len(columns) :]]
        if stored != true:
            name, was, sums_to = next(
                trio for trio in zip(columns, stored, true, strict=True) if trio[1] != trio[2]
            )
            yield Break(pool.year, f"{name} is {was}, by its entries {sums_to}", voucher=number)
        if granted_on != terms_text(terms):
            yield Break(pool.year, f"is {terms_text(terms)}, but was granted {granted_on}", voucher=number)
        proof.vouchers += 1


def _to_fen(amount: Decimal) -> Decimal:
    """SQLite adds in floating point."""
    return amount.quantize(NOTHING)


def _sum_of(signs: dict[LedgerKind, int]) -> Any:
    return Coalesce(Sum(_signed_amount(signs, "entries__")), Value(NOTHING), output_field=MONEY)


def _signed_amount(signs: dict[LedgerKind, int], of: str = "") -> Any:
    """The entry's amount with the sign that its kind has. ``of`` leads to the entry."""
    plus, minus = ([kind for kind, sign in signs.items() if sign == wanted] for wanted in (1, -1))
    cases = [When(**{f"{of}kind__in": plus}, then=F(f"{of}amount"))]
    if minus:
        cases.append(When(**{f"{of}kind__in": minus}, then=Value(-1) * F(f"{of}amount")))
    return Case(*cases, default=Value(NOTHING), output_field=MONEY)
