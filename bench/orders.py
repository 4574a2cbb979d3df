"""Bookings and orders in great number: queries and times of the lists that both sides and staff open. ``python -m bench.orders``

``--rows`` is the number of orders, and about as many bookings: of 2,000 consumers with 300 providers, of which one has every
twentieth, over three years. Every completed order has an invoice, every second of them an evaluation. The floor is a bare
Django view behind the same login, in the same run.
"""

import contextlib
import datetime
import gc
import itertools
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bench.harness import Bench, benchmark, percentile, timings

CONSUMERS, PROVIDERS, INSTRUMENTS = 2_000, 300, 3_000
SPAN = datetime.timedelta(days=3 * 365)
BIG_SHARE = 0.05
BATCH = 2_000
FILE = {"name": "发票.pdf", "content_type": "application/pdf", "extension": "pdf", "size_bytes": 1}
REPEAT = 30
# How many of a hundred are in each state; the rest is completed.
ORDER_SHARES = {
    "placed": 2,
    "active": 12,
    "consumer_cancels": 1,
    "provider_cancels": 1,
    "delivered": 8,
    "disputed": 1,
    "refused": 3,
    "cancelled": 4,
}
# Of bookings without an order.
OPEN_SHARES = {"waiting": 25, "replied": 15, "accepted": 20, "refused": 15, "cancelled": 15, "expired": 10}
DIRECT_SHARE, UNORDERED_SHARE = 0.1, 0.1
_counter = itertools.count(1)


def make_consumers() -> list[Any]:
    from accounts.models import AccountKind, User
    from institutions.models import Consumer

    accounts = User.objects.bulk_create(
        User(
            username=f"企业{number}",
            email=f"consumer{number}@example.com",
            mobile=f"138{number:08d}",
            contact_name="林雨",
            kind=AccountKind.CONSUMER,
        )
        for number in range(CONSUMERS)
    )
    return Consumer.objects.bulk_create(
        Consumer(account=account, name=f"渭河软件科技有限公司{number}", status="approved", live=True)
        for number, account in enumerate(accounts)
    )


def make_deals(rows: int) -> tuple[Any, Any]:
    """The bookings and orders, oldest first; the provider and the consumer that have the most."""
    from catalogue.models import Instrument

    chance = random.Random(6)
    consumers = make_consumers()
    instruments: dict[int, list[Any]] = {}
    for instrument in Instrument.objects.select_related("provider"):
        instruments.setdefault(instrument.provider_id, []).append(instrument)
    owners = [of_one[0].provider for of_one in instruments.values()]

    def a_deal() -> dict[str, Any]:
        provider = owners[0] if chance.random() < BIG_SHARE else chance.choice(owners)
        instrument = chance.choice(instruments[provider.pk])
        consumer = consumers[0] if chance.random() < BIG_SHARE / 10 else chance.choice(consumers)
        return {
            "consumer": consumer,
            "provider": provider,
            "kind": "instrument",
            "instrument": instrument,
            "offer_name": instrument.name[:100],
        }

    now = datetime.datetime.now(datetime.UTC)
    moments = (now - SPAN * (number / rows) for number in range(rows, 0, -1))
    with _given_timestamps():
        while moment_batch := list(itertools.islice(moments, BATCH)):
            _store([(moment, a_deal()) for moment in moment_batch], chance)
    return owners[0], consumers[0]


@contextlib.contextmanager
def _given_timestamps() -> Iterator[None]:
    """Rows are as old as they say."""
    from orders.models import Booking, Evaluation, Invoice, Order

    made = ((Booking, "created_at"), (Order, "created_at"), (Invoice, "uploaded_at"), (Evaluation, "at"))
    fields = [model._meta.get_field(name) for model, name in made]
    for field in fields:
        field.auto_now_add = False
    yield
    for field in fields:
        field.auto_now_add = True


def _store(deals: list[tuple[datetime.datetime, dict[str, Any]]], chance: random.Random) -> None:
    from orders.models import Booking, Order, OrderItem
    from orders.numbers import BOOKING_PREFIX, ORDER_PREFIX

    drawn = {name: [[*shares], [*shares.values()]] for name, shares in _shares().items()}

    def a_booking(moment: datetime.datetime, deal: dict[str, Any], status: str) -> Any:
        accepted = {}
        if status in {"accepted", "ordered"}:
            accepted = {
                "accepted_quantity": Decimal(3),
                "accepted_price_amount": Decimal(300),
                "accepted_delivery_on": moment.date() + datetime.timedelta(days=10),
                "accepted_at": moment,
            }
        return Booking(
            number=_number(BOOKING_PREFIX, moment),
            status=status,
            sample="铝合金板材 3 块",
            requirements="按 GB/T 228.1 测拉伸强度",
            quantity=Decimal(3),
            unit="sample",
            wished_on=moment.date() + datetime.timedelta(days=10),
            waiting_since=moment,
            expires_on=moment.date() + datetime.timedelta(days=30),
            created_at=moment,
            **accepted,
            **deal,
        )

    def an_order(moment: datetime.datetime, deal: dict[str, Any], booking: Any) -> Any:
        return Order(
            number=_number(ORDER_PREFIX, moment),
            booking=booking,
            is_direct=booking is None,
            status=chance.choices(*drawn["order"])[0],
            requirements="按 GB/T 228.1 测拉伸强度",
            delivery_on=moment.date() + datetime.timedelta(days=10),
            total_amount=Decimal(900),
            created_at=moment,
            **deal,
        )

    booked = [deal for deal in deals if chance.random() >= DIRECT_SHARE]
    bookings = Booking.objects.bulk_create(a_booking(*deal, "ordered") for deal in booked)
    Booking.objects.bulk_create(
        a_booking(*deal, chance.choices(*drawn["open"])[0])
        for deal in deals
        if chance.random() < UNORDERED_SHARE
    )
    taken = {id(deal): booking for deal, booking in zip(booked, bookings, strict=True)}
    orders = Order.objects.bulk_create(an_order(*deal, taken.get(id(deal))) for deal in deals)
    OrderItem.objects.bulk_create(
        OrderItem(
            order=order,
            name=order.offer_name,
            quantity=Decimal(3),
            unit="sample",
            price_amount=Decimal(300),
            amount=Decimal(900),
        )
        for order in orders
    )
    _store_papers([order for order in orders if order.status == "completed"])


def _store_papers(orders: list[Any]) -> None:
    """An invoice of each, an evaluation of every second; all share a file, which no list reads."""
    from files.models import PrivateFile
    from orders.models import Evaluation, Invoice

    account = orders[0].provider.account
    file, _made = PrivateFile.objects.get_or_create(owner=account, defaults=FILE)
    Invoice.objects.bulk_create(
        Invoice(
            order=order,
            number=f"{next(_counter):020d}",
            issued_on=order.created_at.date(),
            seller_name=order.provider.name,
            buyer_name=order.consumer.name,
            amount=Decimal(900),
            file=file,
            uploaded_by=account,
            uploaded_at=order.created_at,
        )
        for order in orders
    )
    Evaluation.objects.bulk_create(
        Evaluation(
            order=order, quality=5, speed=4, service=5, text="按期完成，报告清楚。", at=order.created_at
        )
        for order in orders[::2]
    )


def _number(prefix: str, moment: datetime.datetime) -> str:
    """As theirs, and another each time: of a hundred thousand random ones of one day two would meet."""
    return f"{prefix}{moment:%Y%m%d}-{next(_counter):07d}"


def _shares() -> dict[str, dict[str, int]]:
    completed = 100 - sum(ORDER_SHARES.values())
    return {"order": ORDER_SHARES | {"completed": completed}, "open": OPEN_SHARES}


def cases(provider: Any, consumer: Any, staff: Any) -> Iterator[tuple[str, Any, str]]:
    """What is opened, by whom."""
    from django.urls import reverse

    from orders.models import Booking, Evaluation, Invoice, Order

    sides = (("provider", provider.account), ("consumer", consumer.account))
    for side, account in sides:
        for model, name, tab in ((Booking, "bookings", "waiting"), (Order, "orders", "completed")):
            address = reverse(f"{name}:list")
            mine = model.objects.filter(**{side: provider if side == "provider" else consumer})
            yield f"{side}: {name}", account, address
            yield f"{side}: {name}, tab", account, f"{address}?status={tab}"
            yield f"{side}: {name}, last page", account, f"{address}?page=9999"
            yield f"{side}: {name}, number", account, f"{address}?q={mine.order_by('pk')[0].number}"
            yield f"{side}: {name}, word", account, f"{address}?q=质谱"
            yield f"{side}: {name}, nothing found", account, f"{address}?q=查无此物"
    ledgers = (
        (Booking, "bookings", ("status=cancelled", "year={year}&kind=instrument")),
        (Order, "orders", ("status=cancelled", "year={year}&direct=1", "o=5")),
        (Invoice, "invoices", ("used=1", "direct=1", "o=4")),
        (Evaluation, "evaluations", ("shown=0", "direct=1")),
    )
    for model, name, narrowed in ledgers:
        address = reverse(f"{model._meta.app_label}_{model._meta.model_name}_modeladmin_index")
        number = str(model.objects.order_by("pk")[0])
        yield f"staff: {name}", staff, address
        yield f"staff: {name}, last page", staff, f"{address}?p=9999"
        yield f"staff: {name}, number", staff, f"{address}?q={number}"
        yield f"staff: {name}, institution", staff, f"{address}?q=公司1999"
        yield f"staff: {name}, institution and state", staff, f"{address}?q=公司1999&{narrowed[0]}"
        for query in narrowed:
            filled = query.format(year=datetime.datetime.now(datetime.UTC).year)
            yield f"staff: {name}, {filled}", staff, f"{address}?{filled}"


def measure(bench: Bench, provider: Any, consumer: Any, staff: Any) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    for case, account, address in cases(provider, consumer, staff):
        client = Client()
        client.force_login(account)
        response = client.get(address)
        assert response.status_code == 200, (case, address, response.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        bench.figure("queries", len(queries), case)
        times = timings([lambda client=client, address=address: client.get(address)], REPEAT)
        bench.figure("p50_ms", percentile(times, 0.5), case)
        bench.figure("p95_ms", percentile(times, 0.95), case)


def measure_floor(bench: Bench, account: Any) -> None:
    from django.contrib.auth.decorators import login_required
    from django.http import HttpResponse
    from django.test import Client
    from django.test.utils import override_settings
    from django.urls import path

    from voucher_site import urls

    bare = path("bare/", login_required(lambda request: HttpResponse("hello")))
    client = Client()
    client.force_login(account)
    with override_settings(ROOT_URLCONF=type("bare", (), {"urlpatterns": [bare, *urls.urlpatterns]})):
        times = timings([lambda: client.get("/bare/")], 100)
    bench.figure("p95_ms", percentile(times, 0.95), "floor: bare view, signed in")


def main() -> None:
    with benchmark("orders", rows=10_000) as bench:
        from django.contrib.auth.models import Group
        from django.db import connection

        from accounts.models import AccountKind, User
        from bench.data import make_catalogue
        from workflow.setup import REVIEWERS

        make_catalogue(INSTRUMENTS, PROVIDERS)
        provider, consumer = make_deals(bench.rows)
        staff = User.objects.create_user(
            "审核员", "reviewer@example.com", contact_name="审核员", kind=AccountKind.STAFF
        )
        staff.groups.add(Group.objects.get(name=REVIEWERS))
        with connection.cursor() as cursor:
            # as autovacuum would have it: counts are read off the indexes
            cursor.execute("VACUUM ANALYZE" if bench.database == "postgres" else "ANALYZE")
        gc.collect()
        gc.freeze()
        measure(bench, provider, consumer, staff)
        measure_floor(bench, provider.account)


if __name__ == "__main__":
    main()
