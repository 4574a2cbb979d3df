"""The provider's calendar: what is coming, the hours of its instruments, closures, and the feed."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from orders.calendar import Span
from orders.models import CalendarFeed, Closure, OpeningHours
from orders.services import calendar, orders
from orders.statuses import BookingStatus
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, ProviderFactory, TestingServiceFactory, UserFactory

pytestmark = pytest.mark.django_db

CALENDAR = "/centre/bookings/calendar/"


@pytest.fixture
def instrument() -> Any:
    return InstrumentFactory(approved=True)


@pytest.fixture
def keeper(instrument: Any) -> Client:
    return signed_in(instrument.provider.account)


def hours_address(instrument: Any) -> str:
    return f"{CALENDAR}{instrument.pk}/"


def hours_of(instrument: Any) -> list[tuple[int, str, str]]:
    rows = OpeningHours.objects.filter(instrument=instrument).values_list("weekday", "opens", "closes")
    return [(day, f"{opens:%H:%M}", f"{closes:%H:%M}") for day, opens, closes in rows]


def moment(days: int, hour: int) -> str:
    return f"{make.in_days(days).isoformat()}T{hour:02d}:00"


# the calendar


def test_what_is_accepted_stands_under_its_day(instrument: Any, keeper: Client) -> None:
    make.open_all_week(instrument)
    booking = make.accept(
        make.a_booking(offer=instrument, slot=make.a_slot(2, 9)), delivery_on=make.in_days(5)
    )
    ordered = make.place(make.accept(make.a_booking(offer=instrument), delivery_on=make.in_days(6)))
    make.a_booking(offer=instrument, slot=make.a_slot(3, 9))  # only asked for
    make.accept(make.a_booking(slot=None))  # another provider's
    response = keeper.get(CALENDAR)
    found = [
        (day, [(entry.deal.number, entry.slot is not None) for entry in entries])
        for day, entries in response.context["days"]
    ]
    assert found == [
        (make.in_days(2), [(booking.number, True)]),
        (make.in_days(5), [(booking.number, False)]),
        (make.in_days(6), [(ordered.number, False)]),
    ]
    page = response.content.decode()
    assert '<span class="time">09:00–11:00</span>' in page
    assert ordered.get_centre_url() in page
    assert "按时间预约" in page
    assert "style=" not in page


def test_a_calendar_with_nothing_in_it_says_what_to_do(provider_client: Client) -> None:
    page = provider_client.get(CALENDAR).content.decode()
    for text in ("还没有安排", "还没有仪器", "填写机构信息"):
        assert text in page
    assert provider_client.post(CALENDAR)["Location"] == CALENDAR
    assert not CalendarFeed.objects.exists()


def test_only_providers_have_a_calendar(client: Client, instrument: Any) -> None:
    for address in (CALENDAR, hours_address(instrument)):
        assert client.get(address)["Location"] == f"/accounts/login/?next={address}"
        assert signed_in(UserFactory(consumer=True)).get(address).status_code == 404


def test_the_calendar_costs_at_most_10_queries_however_much_is_in_it(
    instrument: Any, keeper: Client, django_assert_max_num_queries: Any
) -> None:
    make.open_all_week(instrument)
    for hour in (8, 10, 12, 14):
        InstrumentFactory(approved=True, provider=instrument.provider)
        make.place(make.accept(make.a_booking(offer=instrument, slot=make.a_slot(1, hour))))
    with django_assert_max_num_queries(10):
        keeper.get(CALENDAR)


# hours


def test_hours_are_saved_and_cleared(instrument: Any, keeper: Client) -> None:
    address = hours_address(instrument)
    data = {
        "opens_0_0": "08:30",
        "closes_0_0": "12:00",
        "opens_0_1": "14:00",
        "closes_0_1": "18:00",
        "opens_5_0": "９：00",
        "closes_5_0": "00:00",
    }
    assert keeper.post(address, data)["Location"] == address
    assert hours_of(instrument) == [(0, "08:30", "12:00"), (0, "14:00", "18:00"), (5, "09:00", "23:59")]
    form = keeper.get(address).context["hours_form"]
    assert form["opens_0_1"].value() == datetime.time(14)
    assert "08:30" in str(form["opens_0_0"])
    keeper.post(address, {})
    assert hours_of(instrument) == []


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"opens_1_0": "08:00"}, "closes_1_0", "请把开始和结束时间都填上，或者都留空。"),
        ({"closes_1_0": "08:00"}, "opens_1_0", "请把开始和结束时间都填上，或者都留空。"),
        ({"opens_1_0": "18:00", "closes_1_0": "08:00"}, "closes_1_0", "结束时间应晚于开始时间"),
        ({"opens_1_0": "08:00", "closes_1_0": "08:00"}, "closes_1_0", "结束时间应晚于开始时间"),
        ({"opens_1_0": "25:00", "closes_1_0": "08:00"}, "opens_1_0", "时间格式不对，应如 09:30。"),
        ({"opens_1_0": "8\x00", "closes_1_0": "09:00"}, "opens_1_0", "时间格式不对，应如 09:30。"),
        ({"opens_1_0": "08:00", "closes_1_0": "9" * 5000}, "closes_1_0", "时间格式不对，应如 09:30。"),
        (
            {"opens_1_0": "08:00", "closes_1_0": "12:00", "opens_1_1": "11:00", "closes_1_1": "13:00"},
            "opens_1_1",
            "应晚于上一段的结束时间。",
        ),
    ],
)
def test_hours_that_cannot_be_are_said_at_their_field(
    instrument: Any, keeper: Client, data: dict[str, str], field: str, sentence: str
) -> None:
    make.open_all_week(instrument)
    before = hours_of(instrument)
    response = keeper.post(hours_address(instrument), data)
    form = response.context["hours_form"]
    assert sentence in form.errors[field][0]
    assert response.content.decode().count(form.errors[field][0]) == 2  # above and at the field
    assert {name: form[name].value() for name in data} == data
    assert hours_of(instrument) == before


def test_what_is_accepted_stays_when_hours_change(instrument: Any, keeper: Client) -> None:
    make.open_all_week(instrument)
    booking = make.accept(make.a_booking(offer=instrument, slot=make.a_slot(1, 9)))
    keeper.post(hours_address(instrument), {})
    booking.refresh_from_db()
    assert (booking.status, booking.starts_at) == (BookingStatus.ACCEPTED, make.a_slot(1, 9).start)


def test_another_provider_s_instrument_is_not_found(instrument: Any) -> None:
    other = signed_in(ProviderFactory(approved=True).account)
    closure = calendar.close_instrument(
        instrument=instrument, span=make.a_slot(1), reason="检修", actor=instrument.provider.account
    )
    for address in (hours_address(instrument), f"{hours_address(instrument)}close/", f"{CALENDAR}999999/"):
        assert other.get(address).status_code == 404
        assert other.post(address, {"opens_0_0": "08:00", "closes_0_0": "09:00"}).status_code == 404
    assert other.post(f"{CALENDAR}closures/{closure.pk}/reopen/").status_code == 404
    assert hours_of(instrument) == []
    assert Closure.objects.count() == 1


def test_the_hours_cost_at_most_8_queries(
    instrument: Any, keeper: Client, django_assert_max_num_queries: Any
) -> None:
    make.open_all_week(instrument)
    for day in range(3):
        calendar.close_instrument(
            instrument=instrument, span=make.a_slot(day + 1), reason="检修", actor=instrument.provider.account
        )
    with django_assert_max_num_queries(8):
        keeper.get(hours_address(instrument))


# closures


def test_a_closure_takes_time_out_and_gives_it_back(instrument: Any, keeper: Client) -> None:
    make.open_all_week(instrument)
    address = f"{hours_address(instrument)}close/"
    data = {"starts_at": moment(1, 9), "ends_at": moment(1, 12), "reason": "<b>检修</b>"}
    assert keeper.post(address, data)["Location"] == hours_address(instrument)
    closure = Closure.objects.get()
    assert Span(closure.starts_at, closure.ends_at) == make.a_slot(1, 9, 3)
    assert "&lt;b&gt;检修&lt;/b&gt;" in keeper.get(hours_address(instrument)).content.decode()
    consumer = signed_in(ConsumerFactory(approved=True).account)
    booked = f"/centre/bookings/new/instrument/{instrument.pk}/"
    page = consumer.get(booked).content.decode()
    assert '<span class="time time--taken">09:00–12:00</span>' in page
    assert "检修" not in page
    keeper.post(f"{CALENDAR}closures/{closure.pk}/reopen/")
    assert not Closure.objects.exists()
    assert "time--taken" not in consumer.get(booked).content.decode()
    assert keeper.get(address)["Location"] == hours_address(instrument)
    assert keeper.get(f"{CALENDAR}closures/{closure.pk}/reopen/").status_code == 405


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"reason": ""}, "reason", "请填写停用原因，如：维护保养。"),
        ({"reason": "x\x00"}, "reason", "含有看不见的空字符"),
        ({"reason": "字" * 101}, "reason", "最多 100 个字"),
        ({"starts_at": ""}, "starts_at", "请填写“开始时间”。"),
        ({"starts_at": "明天"}, "starts_at", "时间格式不对，应如 2026-06-30 09:30。"),
        ({"ends_at": "9999-12-31T23:59"}, "ends_at", "时间请选在前后两年以内。"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at", "时间请选在前后两年以内。"),
        ({"starts_at": "0001-01-01T00:00+14:00"}, "starts_at", "时间请选在前后两年以内。"),
        ({"ends_at": "2026-13-45T99:99"}, "ends_at", "时间格式不对"),
    ],
)
def test_a_closure_that_cannot_be_is_said_at_its_field(
    instrument: Any, keeper: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    data = {"starts_at": moment(1, 9), "ends_at": moment(1, 12), "reason": "检修", **fields}
    response = keeper.post(f"{hours_address(instrument)}close/", data)
    form = response.context["closure_form"]
    assert sentence in form.errors[field][0]
    assert {name: form[name].value() for name in data} == data
    assert not Closure.objects.exists()


def test_a_closure_ends_after_it_begins_and_not_in_the_past(instrument: Any, keeper: Client) -> None:
    address = f"{hours_address(instrument)}close/"
    for data, sentence in (
        ({"starts_at": moment(1, 9), "ends_at": moment(1, 9)}, "结束时间应晚于开始时间。"),
        ({"starts_at": moment(-3, 9), "ends_at": moment(-2, 9)}, "停用时间已过，请核对日期。"),
    ):
        page = keeper.post(address, {**data, "reason": "检修"}).content.decode()
        assert sentence in page
    assert not Closure.objects.exists()


def test_no_closure_over_an_accepted_booking(instrument: Any, keeper: Client) -> None:
    make.open_all_week(instrument)
    booking = make.accept(make.a_booking(offer=instrument, slot=make.a_slot(1, 9)))
    data = {"starts_at": moment(1, 10), "ends_at": moment(1, 12), "reason": "检修"}
    page = keeper.post(f"{hours_address(instrument)}close/", data).content.decode()
    assert f"这段时间已接受预约 {booking.number}" in page
    assert not Closure.objects.exists()


# the feed


def feed_path(keeper: Client) -> str:
    address: str = keeper.post(CALENDAR).context["feed_url"]
    return "/" + address.split("/", 3)[3]


def events(client: Client, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200
    return {
        str(event["uid"]).split("@")[0]: event
        for event in Calendar.from_ical(response.content).walk("VEVENT")
    }


def test_the_feed_has_times_and_deliveries_and_no_telephone_number(
    client: Client, instrument: Any, keeper: Client
) -> None:
    make.open_all_week(instrument)
    booking = make.accept(
        make.a_booking(offer=instrument, slot=make.a_slot(2, 9), sample="打 13912345678 找我"),
        delivery_on=make.in_days(5),
        note="或打 029-87654321",
    )
    order = make.place(make.accept(make.a_booking(offer=instrument)), delivery_on=make.in_days(7))
    path = feed_path(keeper)
    found = events(client, path)
    assert set(found) == {f"{booking.number}-slot", f"{booking.number}-delivery", f"{order.number}-delivery"}
    slot = found[f"{booking.number}-slot"]
    assert (slot["dtstart"].dt, slot["dtend"].dt) == (make.a_slot(2, 9).start, make.a_slot(2, 9).end)
    assert slot["dtstart"].to_ical().endswith(b"Z")
    assert slot["summary"] == f"上机：{booking.offer_name}（{booking.consumer}）"
    due = found[f"{order.number}-delivery"]
    assert (due["dtstart"].dt, due["dtend"].dt) == (make.in_days(7), make.in_days(8))
    response = client.get(path)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    text = response.content.decode().replace("\r\n ", "")
    for number in ("13912345678", "87654321", booking.consumer.contact_mobile, instrument.contact_phone):
        assert number not in text


def test_what_is_over_leaves_the_feed(client: Client, instrument: Any, keeper: Client) -> None:
    make.open_all_week(instrument)
    order = make.place(make.accept(make.a_booking(offer=instrument, slot=make.a_slot(2, 9))))
    path = feed_path(keeper)
    assert len(events(client, path)) == 2
    orders.deliver(order=order, actor=order.provider.account)
    assert list(events(client, path)) == [f"{order.booking.number}-slot"]
    with time_machine.travel(timezone.now() + datetime.timedelta(days=40)):
        assert events(client, path) == {}


def test_hostile_text_stays_text_in_the_feed(client: Client) -> None:
    attack = "检测\r\nEND:VEVENT\r\nBEGIN:VEVENT\nSUMMARY:x\x00\x0b;,\\"
    service = TestingServiceFactory(approved=True)
    consumer = ConsumerFactory(approved=True, name='ACME";BEGIN:VALARM\u2028公司')
    booking = make.accept(make.a_booking(offer=service, consumer=consumer))
    type(booking).objects.filter(pk=booking.pk).update(offer_name=attack.replace("\x00", ""))
    found = events(client, feed_path(signed_in(service.provider.account)))
    assert list(found) == [f"{booking.number}-delivery"]
    summary = str(found[f"{booking.number}-delivery"]["summary"])
    assert summary.startswith("交付：检测 END:VEVENT BEGIN:VEVENT SUMMARY:x ;,\\")
    assert "\n" not in summary


def test_the_key_is_shown_once_and_renewing_ends_the_old_one(
    client: Client, instrument: Any, keeper: Client
) -> None:
    first = feed_path(keeper)
    key = first.removeprefix("/calendar/").removesuffix(".ics")
    assert key not in keeper.get(CALENDAR).content.decode()
    assert key not in CalendarFeed.objects.get().key_hash
    second = feed_path(keeper)
    assert CalendarFeed.objects.count() == 1
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert client.post(second).status_code == 405
    account = instrument.provider.account
    account.is_active = False
    account.save()
    assert client.get(second).status_code == 404


@pytest.mark.parametrize("key", ["x", "%00", "a" * 3000, "..%2f..", "%F0%9F%94%AC", "' OR '1'='1"])
def test_an_unknown_key_is_not_found(client: Client, instrument: Any, key: str) -> None:
    calendar.renew_feed(provider=instrument.provider, actor=instrument.provider.account)
    assert client.get(f"/calendar/{key}.ics").status_code == 404


def test_the_feed_costs_at_most_4_queries(
    client: Client, instrument: Any, keeper: Client, django_assert_max_num_queries: Any
) -> None:
    make.open_all_week(instrument)
    path = feed_path(keeper)
    for hour in (8, 10, 12):
        make.place(make.accept(make.a_booking(offer=instrument, slot=make.a_slot(1, hour))))
    with django_assert_max_num_queries(4):
        client.get(path)
