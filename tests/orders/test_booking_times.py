"""Booking an instrument that has hours: a time is wished for, and others are offered where it is taken."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from orders.calendar import Span
from orders.models import Booking, OpeningHours
from orders.services import calendar
from tests import order_factories as make
from tests.conftest import signed_in
from tests.factories import (
    InstrumentFactory,
)
from tests.orders.booking_forms import errors, new_address, timed

pytestmark = pytest.mark.django_db


def test_an_instrument_with_hours_is_booked_for_a_time(consumer: Any, instrument: Any) -> None:
    client = signed_in(consumer.account)
    make.accept(make.a_booking(offer=instrument, slot=make.a_slot(2, 9, 3)))
    page = client.get(new_address(instrument, "instrument")).content.decode()
    assert '<span class="time time--taken">09:00–12:00</span>' in page
    assert '<span class="time time--free">12:00–18:00</span>' in page
    assert "style=" not in page
    client.post(new_address(instrument, "instrument"), timed(day=2, starts="13:00", ends="15:30"))
    booking = Booking.objects.latest("pk")
    slot = make.a_slot(2, 13)
    assert (booking.starts_at, booking.ends_at) == (slot.start, slot.start + datetime.timedelta(hours=2.5))


def test_a_taken_time_is_answered_with_the_next_free_ones_to_choose_from(
    consumer: Any, instrument: Any
) -> None:
    make.accept(make.a_booking(offer=instrument, slot=make.a_slot(1, 9, 2)))
    client, address = signed_in(consumer.account), new_address(instrument, "instrument")
    response = client.post(address, timed(1, "10:00", "12:00", sample="留下的字"))
    found = errors(response)
    assert list(found) == ["slot_day"]
    assert "这段时间已被占用。最近的空闲时间：" in found["slot_day"][0]
    choices = response.context["form"].fields["slot_instead"].widget.choices
    day = make.in_days(1).isoformat()
    assert choices[0] == (f"{day} 11:00 {day} 13:00", f"{day} 11:00–13:00")
    assert len(choices) == 3
    assert '<input type="radio" name="slot_instead"' in response.content.decode()
    response = client.post(address, timed(1, "10:00", "12:00", slot_instead=choices[0][0]))
    booking = Booking.objects.latest("pk")
    assert response["Location"] == f"/centre/bookings/{booking.pk}/"
    assert Span(booking.starts_at, booking.ends_at) == make.a_slot(1, 11)


def test_another_time_that_was_chosen_fills_the_fields_where_something_else_is_wrong(
    consumer: Any, instrument: Any
) -> None:
    day = make.in_days(3).isoformat()
    data = timed(1, "10:00", "12:00", slot_instead=f"{day} 14:00 {day} 16:00", quantity="0")
    response = signed_in(consumer.account).post(new_address(instrument, "instrument"), data)
    form = response.context["form"]
    assert list(form.errors) == ["quantity"]
    assert (form["slot_day"].value(), form["slot_starts"].value()) == (day, "14:00")
    assert not form.others


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"slot_day": ""}, "slot_day", "请填写“上机日期”。"),
        ({"slot_starts": ""}, "slot_starts", "请填写“开始时间”。"),
        ({"slot_ends": "08:30"}, "slot_ends", "结束时间应晚于开始时间"),
        ({"slot_ends": "09:00"}, "slot_ends", "结束时间应晚于开始时间"),
        ({"slot_starts": "25:00"}, "slot_starts", "时间格式不对，应如 09:30。"),
        ({"slot_starts": "9\x00:00"}, "slot_starts", "时间格式不对，应如 09:30。"),
        ({"slot_day": "0001-01-01"}, "slot_day", "上机日期已过，请选择今天或以后的日期。"),
        ({"slot_day": "9999-12-31"}, "slot_day", "上机日期请选在一年以内。"),
        ({"slot_day": "9999-12-31", "slot_ends": "00:00"}, "slot_day", "上机日期请选在一年以内。"),
        ({"slot_end_day": "9999-12-31"}, "slot_day", "一次预约最长 7 天"),
        ({"slot_end_day": "0001-01-01"}, "slot_ends", "结束时间应晚于开始时间"),
        ({"slot_starts": "07:00"}, "slot_day", "这段时间不在仪器的开放时间内。"),
        ({"slot_ends": "00:00"}, "slot_day", "这段时间不在仪器的开放时间内。"),
        ({"slot_instead": "a b c d"}, "slot_day", "日期格式不对"),
    ],
)
def test_a_time_that_cannot_be_is_said_at_its_field(
    consumer: Any, instrument: Any, fields: dict[str, str], field: str, sentence: str
) -> None:
    response = signed_in(consumer.account).post(new_address(instrument, "instrument"), timed() | fields)
    assert sentence in errors(response)[field][0]
    assert not Booking.objects.exists()


def test_a_time_of_today_that_is_over_is_answered_with_times_to_come(consumer: Any, instrument: Any) -> None:
    noon = timezone.make_aware(datetime.datetime.combine(make.in_days(0), datetime.time(12, 7)))
    with time_machine.travel(noon, tick=False):
        response = signed_in(consumer.account).post(
            new_address(instrument, "instrument"), timed(0, "10:00", "12:00")
        )
        assert errors(response)["slot_day"] == ["上机时间已过，请选择以后的时间。"]
        day = make.in_days(0).isoformat()
        first = response.context["form"].fields["slot_instead"].widget.choices[0]
        assert first == (f"{day} 12:30 {day} 14:30", f"{day} 12:30–14:30")


def test_a_time_is_the_province_s_whatever_the_summer_time_elsewhere(consumer: Any, instrument: Any) -> None:
    """10:00 is 02:00 UTC in every month: the site's zone has had no summer time since 1991."""
    for today in ("2026-03-28 01:00", "2026-10-24 01:00"):
        with time_machine.travel(f"{today}+00:00", tick=False):
            client = signed_in(consumer.account)
            client.post(new_address(instrument, "instrument"), timed(1, "10:00", "12:00"))
            booking = Booking.objects.latest("pk")
            assert booking.starts_at is not None
            assert booking.starts_at.astimezone(datetime.UTC).hour == 2


def test_a_wish_before_the_time_on_the_instrument_is_refused(consumer: Any, instrument: Any) -> None:
    response = signed_in(consumer.account).post(new_address(instrument, "instrument"), timed(11))
    assert errors(response) == {"wished_on": ["期望完成日期早于上机日期，请核对。"]}


def test_through_the_night_where_the_instrument_is_open(consumer: Any) -> None:
    instrument = InstrumentFactory(approved=True)
    hours = [
        OpeningHours(weekday=day, opens=datetime.time(0), closes=datetime.time(23, 59)) for day in range(7)
    ]
    calendar.set_opening_hours(instrument=instrument, hours=hours, actor=instrument.provider.account)
    client = signed_in(consumer.account)
    client.post(
        new_address(instrument, "instrument"),
        timed(1, "20:00", "08:00", slot_end_day=make.in_days(2).isoformat()),
    )
    client.post(new_address(instrument, "instrument"), timed(3, "20:00", "00:00"))
    first, second = Booking.objects.order_by("pk")
    assert first.ends_at - first.starts_at == datetime.timedelta(hours=12)
    assert second.ends_at - second.starts_at == datetime.timedelta(hours=4)
