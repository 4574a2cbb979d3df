"""Figures at a province's size: the public page and the dashboard, uncached, and the hourly count. ``python -m bench.statistics``

``--rows`` is the number of orders of the last 365 days: of 20,000 consumers with 300 providers, a voucher for each consumer, and
every fourth order claimed and paid. The floor is a bare Django view in the same run.
"""

import datetime
import gc
import itertools
import random
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bench.harness import Bench, benchmark, percentile, timings

CONSUMERS, PROVIDERS, INSTRUMENTS = 20_000, 300, 5_000
# Of so many consumers something is new within the hour.
CHANGED = 300
BATCH = 5_000
REPEAT = 30
FACE = Decimal("50000.00")


def make_consumers(count: int) -> list[Any]:
    from accounts.models import AccountKind, User
    from institutions.models import Consumer
    from institutions.regions import city_choices
    from institutions.sme import Industry

    chance = random.Random(7)
    cities = [code for code, _name in city_choices()]
    accounts = User.objects.bulk_create(
        User(
            username=f"企业{number}",
            email=f"consumer{number}@example.com",
            mobile=f"138{number:08d}",
            contact_name="林雨",
            kind=AccountKind.CONSUMER,
        )
        for number in range(count)
    )
    return Consumer.objects.bulk_create(
        Consumer(
            account=account,
            name=f"渭河软件科技有限公司{number}",
            city=chance.choice(cities),
            consumer_type="sme",
            industry=chance.choice(Industry.values),
            staff_count=chance.randrange(5, 400),
            revenue_amount=Decimal(chance.randrange(1_000_000, 90_000_000)),
            assets_amount=Decimal(chance.randrange(1_000_000, 90_000_000)),
            status="approved",
            live=True,
        )
        for number, account in enumerate(accounts)
    )


def make_orders(
    rows: int, consumers: list[Any], now: datetime.datetime
) -> Iterator[tuple[Any, datetime.datetime]]:
    """The consumer and number of every fourth, which is claimed and paid, and when."""
    from catalogue.models import Instrument
    from orders.models import Order

    chance = random.Random(8)
    instruments = list(Instrument.objects.all())
    step = datetime.timedelta(days=365) / rows
    field = Order._meta.get_field("created_at")
    field.auto_now_add = False

    def an_order(number: int) -> Any:
        instrument, at = chance.choice(instruments), now - step * (rows - number)
        status = "completed" if chance.random() < 0.8 else "active"
        return Order(
            number=f"DD{number:010d}",
            is_direct=True,
            status=status,
            consumer=chance.choice(consumers),
            provider_id=instrument.provider_id,
            kind="instrument",
            instrument=instrument,
            offer_name=instrument.name[:100],
            requirements="按 GB/T 228.1 测拉伸强度",
            delivery_on=at.date(),
            total_amount=Decimal(900),
            created_at=at,
            completed_at=at + datetime.timedelta(days=5) if status == "completed" else None,
        )

    numbers = iter(range(rows))
    while batch := [an_order(number) for number in itertools.islice(numbers, BATCH)]:
        Order.objects.bulk_create(batch)
        for order in batch[::4]:
            yield order.consumer, order.number, order.created_at
    field.auto_now_add = True


def make_money(claims: Iterator[Any], consumers: list[Any], now: datetime.datetime) -> None:
    """A voucher for each consumer; entries without their hashes, which nothing here looks at."""
    from programme.selectors import current_parameters
    from vouchers.models import LedgerEntry, Pool, Voucher

    pool = Pool.objects.create(
        year=now.year, amount=FACE * len(consumers) * 2, available_amount=FACE * len(consumers)
    )
    today, parameters = now.date(), current_parameters()
    vouchers = Voucher.objects.bulk_create(
        Voucher(
            number=f"V{number:012d}",
            consumer=consumer,
            pool=pool,
            parameters=parameters,
            amount=FACE,
            balance_amount=FACE - 400,
            redeemed_amount=Decimal(400),
            valid_from=today,
            valid_until=today,
            redeem_by=today,
            granted_at=now - datetime.timedelta(days=number % 365),
        )
        for number, consumer in enumerate(consumers)
    )
    of = {voucher.consumer_id: voucher for voucher in vouchers}

    def moves() -> Iterator[Any]:
        for voucher in vouchers:
            yield voucher, "grant", FACE, "", voucher.granted_at
        for consumer, number, at in claims:
            voucher = of[consumer.pk]
            for kind in ("reserve", "redeem"):
                yield voucher, kind, Decimal(450), number, at

    entries = (
        LedgerEntry(
            pool=pool,
            sequence=number,
            at=at,
            kind=kind,
            voucher=voucher,
            amount=amount,
            order_number=order_number,
            **dict.fromkeys(("pool_effect", "balance_effect", "reserved_effect"), 0),
            **dict.fromkeys(("pool_after", "balance_after", "reserved_after"), 0),
            actor_name="系统",
            reason="测量",
            previous_hash="",
            hash="",
        )
        for number, (voucher, kind, amount, order_number, at) in enumerate(moves(), start=1)
    )
    while batch := list(itertools.islice(entries, BATCH)):
        LedgerEntry.objects.bulk_create(batch)


def measure_counting(bench: Bench) -> None:
    """All from the beginning, then what an hour brings."""
    from figures.models import Cell
    from figures.refreshing import rebuild, refresh
    from orders.models import Order
    from orders.statuses import OrderStatus
    from workflow.audit import record_many
    from workflow.statuses import Action

    started = time.perf_counter()
    rebuild()
    bench.figure("rebuild_seconds", time.perf_counter() - started)
    bench.figure("cells", Cell.objects.count())
    active = Order.objects.filter(status=OrderStatus.ACTIVE).order_by("-pk")[:CHANGED]
    changed = list(Order.objects.filter(pk__in=[order.pk for order in active]))
    Order.objects.filter(pk__in=[order.pk for order in changed]).update(status=OrderStatus.CANCELLED)
    record_many(steps=[(order, {}) for order in changed], actor=None, action=Action.AGREE_CANCEL)
    started = time.perf_counter()
    refresh()
    bench.figure("refresh_seconds", time.perf_counter() - started, f"{CHANGED} orders changed")
    started = time.perf_counter()
    refresh()
    bench.figure("refresh_seconds", time.perf_counter() - started, "the same hour again")


def measure_page(bench: Bench, figure: str, case: str, address: str, account: Any = None) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    if account is not None:
        client.force_login(account)
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    bench.figure("queries", len(queries), case)
    times = timings([lambda: client.get(address)], REPEAT)
    bench.figure(figure, min(times), f"{case}, fastest")
    bench.figure(figure, percentile(times, 0.5), f"{case}, median")
    bench.figure(figure, percentile(times, 0.95), f"{case}, 95th percentile")


def measure_floor(bench: Bench) -> None:
    from django.http import HttpResponse
    from django.test.utils import override_settings
    from django.urls import path

    from voucher_site import urls

    bare = path("bare/", lambda request: HttpResponse("hello"))
    with override_settings(ROOT_URLCONF=type("bare", (), {"urlpatterns": [bare, *urls.urlpatterns]})):
        measure_page(bench, "bare_ms", "floor: bare view", "/bare/")


def main() -> None:
    with benchmark("statistics", rows=20_000) as bench:
        from django.conf import settings
        from django.contrib.auth.models import Group
        from django.db import connection
        from django.utils import timezone

        from accounts.models import AccountKind, User
        from bench.data import make_catalogue
        from workflow.setup import MANAGERS

        settings.PAGE_CACHE_SECONDS = 0
        now = timezone.now()
        make_catalogue(INSTRUMENTS, PROVIDERS)
        consumers = make_consumers(min(CONSUMERS, bench.rows))
        make_money(make_orders(bench.rows, consumers, now), consumers, now)
        staff = User.objects.create_user(
            "管理员", "m@example.com", contact_name="管理员", kind=AccountKind.STAFF
        )
        staff.groups.add(Group.objects.get(name=MANAGERS))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        gc.collect()
        gc.freeze()
        measure_counting(bench)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        measure_page(bench, "public_page_ms", "public page", "/statistics/")
        measure_page(bench, "dashboard_ms", "dashboard", "/admin/reports/programme/", staff)
        measure_floor(bench)


if __name__ == "__main__":
    main()
