"""The ledger: proving it from end to end, and a race for the last money of a pool. ``python -m bench.ledger``

``--rows`` is the number of entries. They are written as the services write them, hashes included, but in bulk: the money of a
voucher is reserved, released, redeemed and returned in turn. The floor reads the same columns and proves nothing.
"""

import datetime
import gc
import itertools
import resource
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bench.harness import Bench, benchmark

BATCH = 5_000
# Of one voucher of 1,000 yuan, after its grant; a round that leaves everything as it was but for what is redeemed.
ROUND = (("reserve", 30), ("release", 10), ("redeem", 20))
ROUNDS = 3
ROOM, DECISIONS, STAKE = 100, 200, 50


def fill(entries: int) -> None:
    """Next year's pool, its chain, and its vouchers, as many as ``entries`` need."""
    from django.utils import timezone

    from accounts.models import AccountKind, User
    from institutions.models import Consumer
    from programme.selectors import current_parameters
    from vouchers.models import TERMS, LedgerEntry, Pool, Voucher, content_of, entry_hash, terms_text
    from vouchers.numbers import new_number
    from vouchers.statuses import EFFECTS, PARTS, LedgerKind

    today = timezone.localdate()
    year = today.year + 1
    staff = User.objects.create_user(
        "经办人", "clerk@example.com", contact_name="经办人", kind=AccountKind.STAFF
    )
    owner = User.objects.create_user(
        "企业", "owner@example.com", contact_name="林雨", kind=AccountKind.CONSUMER
    )
    consumer = Consumer.objects.create(account=owner, name="渭河软件", status="approved")
    count = -(-entries // (1 + len(ROUND) * ROUNDS))
    pool = Pool(year=year, amount=Decimal(count * 1_000).quantize(Decimal("0.01")))
    pool.save()
    parameters = current_parameters()
    zero, face = Decimal("0.00"), Decimal("1000.00")
    vouchers = [
        Voucher(
            number=new_number(year),
            consumer=consumer,
            pool=pool,
            parameters=parameters,
            amount=face,
            balance_amount=face,
            valid_from=today,
            valid_until=today + datetime.timedelta(days=364),
            redeem_by=today + datetime.timedelta(days=454),
        )
        for _number in range(count)
    ]
    Voucher.objects.bulk_create(vouchers, batch_size=BATCH)
    now = timezone.now()

    def moves() -> Iterator[tuple[Any, LedgerKind, Decimal]]:
        yield None, LedgerKind.FUND, pool.amount
        for voucher in vouchers:
            yield voucher, LedgerKind.GRANT, face
        for _round in range(ROUNDS):
            for voucher in vouchers:
                for kind, amount in ROUND:
                    yield voucher, LedgerKind(kind), Decimal(amount).quantize(zero)

    for voucher in vouchers:
        voucher.balance_amount = zero
    available = zero
    batch: list[LedgerEntry] = []
    for voucher, kind, amount in itertools.islice(moves(), entries):
        effect = EFFECTS[kind]
        available += effect.pool * amount
        if voucher is not None:
            for part in PARTS:
                if effect.on(part):
                    name = f"{part}_amount"
                    setattr(voucher, name, getattr(voucher, name) + effect.on(part) * amount)
        pool.entry_count += 1
        entry = LedgerEntry(
            pool=pool,
            sequence=pool.entry_count,
            at=now + datetime.timedelta(milliseconds=pool.entry_count),
            kind=kind.value,
            voucher=voucher,
            amount=amount,
            pool_effect=effect.pool * amount,
            balance_effect=effect.on("balance") * amount,
            reserved_effect=effect.on("reserved") * amount,
            pool_after=available,
            balance_after=voucher.balance_amount if voucher else zero,
            reserved_after=voucher.reserved_amount if voucher else zero,
            order_number=f"DD-{voucher.pk:08d}" if voucher and kind != LedgerKind.GRANT else "",
            actor=staff,
            actor_name=staff.contact_name,
            reason="使用创新券支付检测费用",
            terms=terms_text([getattr(voucher, name) for name in TERMS]) if kind == LedgerKind.GRANT else "",
            previous_hash=pool.head_hash,
        )
        entry.hash = pool.head_hash = entry_hash(entry.previous_hash, pool.year, content_of(entry))
        batch.append(entry)
        if len(batch) == BATCH:
            LedgerEntry.objects.bulk_create(batch)
            batch = []
    LedgerEntry.objects.bulk_create(batch)
    pool.available_amount = available
    pool.save()
    Voucher.objects.bulk_update(vouchers, [f"{part}_amount" for part in PARTS], batch_size=1_000)


def measure_audit(bench: Bench) -> None:
    from django.db import connection, transaction

    from vouchers.audit import CHUNK, audit_ledger
    from vouchers.models import HASHED, LedgerEntry

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    started = time.perf_counter()
    rows = LedgerEntry.objects.order_by("-pool__year", "sequence")[: bench.rows].values_list("hash", *HASHED)
    with transaction.atomic():
        read = sum(1 for _row in rows.iterator(CHUNK))
    bench.figure("audit_seconds", time.perf_counter() - started, "floor: reading the entries")
    assert read == bench.rows

    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    proof = audit_ledger()
    seconds = time.perf_counter() - started
    assert proof.broken is None, proof.broken
    assert proof.entries == bench.rows + 1 + ROOM
    bench.figure("audit_seconds", seconds, "audit_ledger")
    bench.figure("entries_per_s", proof.entries / seconds, "audit_ledger")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    bench.figure("peak_mb", peak / 1024, "above what the process had")


def measure_race(bench: Bench) -> None:
    """200 decisions at once for the last money of this year's pool, which has room for 100."""
    from django.contrib.auth.models import Group
    from django.db import connection
    from django.utils import timezone

    from accounts.exceptions import DomainError
    from accounts.models import AccountKind, User
    from institutions.models import Consumer
    from programme.selectors import current_parameters
    from vouchers import services
    from vouchers.models import Pool, Voucher
    from workflow.setup import MANAGERS, REVIEWERS

    staff = User.objects.create_user("主管", "chief@example.com", contact_name="主管", kind=AccountKind.STAFF)
    staff.groups.set(Group.objects.filter(name__in=[MANAGERS, REVIEWERS]))
    owner = User.objects.create_user("甲", "first@example.com", contact_name="甲", kind=AccountKind.CONSUMER)
    consumer = Consumer.objects.create(account=owner, name="甲公司", status="approved")
    parameters = current_parameters()
    year = timezone.localdate().year
    services.fund_pool(year=year, amount=Decimal(ROOM * STAKE), actor=staff, reason="测速")

    threads = 40 if connection.vendor == "postgresql" else 8
    barrier, turns, refused = threading.Barrier(threads), itertools.count(), []

    def work() -> None:
        barrier.wait(timeout=60)
        while next(turns) < DECISIONS:
            try:
                services.grant_voucher(
                    consumer=consumer,
                    amount=Decimal(STAKE),
                    actor=staff,
                    parameters=parameters,
                    reason="测速",
                )
            except DomainError as error:
                refused.append(error)
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(threads)]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    bench.figure("decisions_per_s", DECISIONS / (time.perf_counter() - started), f"{threads} threads")
    issued = Voucher.objects.filter(pool__year=year)
    granted = sum((voucher.amount for voucher in issued), Decimal(0))
    assert len(issued) + len(refused) == DECISIONS
    bench.figure("vouchers_issued_in_race", len(issued), f"of {DECISIONS}, room for {ROOM}")
    bench.figure("pool_overdrawn", float(max(granted - Pool.objects.get(year=year).amount, 0)), "yuan")


def main() -> None:
    with benchmark("ledger", rows=10_000) as bench:
        measure_race(bench)
        fill(bench.rows)
        measure_audit(bench)


if __name__ == "__main__":
    main()
