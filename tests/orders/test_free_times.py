"""When an instrument is free, on its public page and on its provider's page of hours: nobody reads who holds a time."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import Closure
from orders.services import bookings, calendar, orders
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory

pytestmark = pytest.mark.django_db
# a Wednesday, before anything opens
MORNING = datetime.datetime(2026, 3, 4, 6, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def instrument() -> Any:
    return InstrumentFactory(approved=True, provider__approved=True)


def page_of(client: Client, instrument: Any, **query: Any) -> str:
    response = client.get(instrument.get_absolute_url(), query)
    assert response.status_code == 200
    return response.content.decode()


def shown(page: str) -> str:
    return page.partition('id="times"')[2].partition("</section>")[0]


def test_visitors_read_what_is_free_and_taken_and_not_by_whom(client: Client, instrument: Any) -> None:
    with time_machine.travel(MORNING, tick=False):
        make.open_all_week(instrument)
        consumer = ConsumerFactory(approved=True, name="秦岭精密制造有限公司")
        booking = make.accept(
            make.a_booking(offer=instrument, consumer=consumer, slot=make.a_slot(1, 9)),
            delivery_on=make.in_days(5),
        )
        make.a_booking(offer=instrument, slot=make.a_slot(2, 9))  # only asked for
        start = make.a_slot(3, 13, 2)
        Closure.objects.create(
            instrument=instrument, starts_at=start.start, ends_at=start.end, reason="更换离子源"
        )
        page = page_of(client, instrument)
    times = shown(page)
    assert times.count('class="time time--taken"') == 2
    assert '<span class="time time--taken">09:00–11:00</span>' in times
    assert '<span class="time time--taken">13:00–15:00</span>' in times
    assert "3月4日至3月10日" in times
    assert "3月11日至3月17日" in times
    assert "?week=3#times" in times
    for private in ("秦岭精密", booking.number, "更换离子源"):
        assert private not in page


@pytest.mark.parametrize(
    ("week", "first"),
    [
        ("3", "3月18日至3月24日"),
        ("2", "3月4日至3月10日"),
        ("99", "3月4日至3月10日"),
        ("x", "3月4日至3月10日"),
    ],
)
def test_later_weeks_are_turned_to(client: Client, instrument: Any, week: str, first: str) -> None:
    with time_machine.travel(MORNING, tick=False):
        make.open_all_week(instrument)
        times = shown(page_of(client, instrument, week=week))
    assert first in times
    assert ("前两周" in times) == (week == "3")
    assert ("后两周" in times) == (week != "3")


def test_an_english_reader_reads_them_in_english(client: Client, instrument: Any) -> None:
    client.cookies["site_language"] = "en"
    with time_machine.travel(MORNING, tick=False):
        make.open_all_week(instrument)
        make.accept(make.a_booking(offer=instrument, slot=make.a_slot(1, 9)), delivery_on=make.in_days(5))
        times = shown(page_of(client, instrument))
    assert "Mar 4 to Mar 10" in times
    assert not re.search("[\u3400-\u9fff]", times)


def test_without_hours_or_shared_with_nobody_there_is_nothing(client: Client, instrument: Any) -> None:
    assert 'id="times"' not in page_of(client, instrument)
    make.open_all_week(instrument)
    type(instrument).objects.filter(pk=instrument.pk).update(sharing="internal")
    assert 'id="times"' not in page_of(client, instrument)


def test_hours_cost_one_query_and_times_three_more_however_many(client: Client, instrument: Any) -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            page_of(client, instrument)
        return [query["sql"] for query in queries if '"orders_' in query["sql"]]

    page_of(client, instrument)
    assert sum("openinghours" in sql for sql in asked()) == 1
    without = len(asked())
    make.open_all_week(instrument)
    for day in (1, 2):
        make.accept(make.a_booking(offer=instrument, slot=make.a_slot(day)), delivery_on=make.in_days(5))
    assert len(asked()) == without + 3


def test_the_provider_reads_the_same_beside_its_hours(instrument: Any) -> None:
    keeper = signed_in(instrument.provider.account)
    address = f"/centre/bookings/calendar/{instrument.pk}/"
    assert "空闲时间" not in keeper.get(address).text
    make.open_all_week(instrument)
    make.accept(make.a_booking(offer=instrument, slot=make.a_slot(1, 9)), delivery_on=make.in_days(5))
    page = keeper.get(address).text
    assert '<span class="time time--taken">09:00–11:00</span>' in page


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who said that something public changes."""
    said: list[str] = []
    for module in ("orders.moves", "orders.services.calendar"):
        monkeypatch.setattr(f"{module}.public_changed", lambda module=module: said.append(module))
    return said


def test_bookings_that_take_or_free_time_end_what_the_page_cache_holds(
    instrument: Any, changes: list[str]
) -> None:
    make.open_all_week(instrument)
    changes.clear()
    make.accept(make.a_booking(offer=instrument), delivery_on=make.in_days(5))  # by date: it takes no time
    booking = make.a_booking(offer=instrument, slot=make.a_slot(1, 9))
    bookings.reply(booking=booking, actor=instrument.provider.account, text="请寄样")
    assert changes == []
    booking = make.accept(booking, delivery_on=make.in_days(5))
    assert changes == ["orders.moves"]
    order = make.place(booking, price="320")
    orders.withdraw_order(order=order, actor=order.consumer.account, reason="改期")
    assert changes == ["orders.moves"]  # it is held all the while
    bookings.cancel_booking(booking=booking, actor=booking.consumer.account, reason="改期")
    assert changes == ["orders.moves"] * 2


def test_hours_and_closures_end_what_the_page_cache_holds(instrument: Any, changes: list[str]) -> None:
    keeper = instrument.provider.account
    make.open_all_week(instrument)
    closure = calendar.close_instrument(
        instrument=instrument, span=make.a_slot(3, 9), reason="检修", actor=keeper
    )
    calendar.reopen_instrument(closure=closure, actor=keeper)
    assert changes == ["orders.services.calendar"] * 3
