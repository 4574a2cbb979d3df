"""Free time is open time less what is taken; the next free times fit, and the night is a time like any other."""

import datetime
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalogue.models import Instrument
from orders.calendar import HORIZON_DAYS, InstrumentCalendar, Span, moment_of, next_free, slot_problem
from orders.exceptions import OrderError, SlotTaken
from orders.models import Booking, Closure, OpeningHours
from orders.services import bookings, calendar, orders
from tests import order_factories as make
from tests.factories import InstrumentFactory, ProviderFactory

NOON = datetime.datetime(2026, 6, 1, 4, tzinfo=datetime.UTC)  # a Monday, 12:00 in Shanghai
WEEK = Span(NOON, NOON + datetime.timedelta(days=7))


def span(start: int, end: int) -> Span:
    """By minutes after noon."""
    return Span(NOON + datetime.timedelta(minutes=start), NOON + datetime.timedelta(minutes=end))


def at(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def between(start: str, end: str) -> Span:
    return Span(at(start), at(end))


def minutes(spans: Any) -> set[int]:
    return {
        minute
        for one in spans
        for minute in range(
            int((one.start - NOON).total_seconds() // 60), int((one.end - NOON).total_seconds() // 60)
        )
    }


lengths = st.tuples(st.integers(-20, 120), st.integers(1, 40))
taken_spans = st.lists(lengths.map(lambda pair: span(pair[0], sum(pair))), max_size=8).map(
    lambda spans: tuple(sorted(spans))
)


@st.composite
def open_spans(draw: Any) -> tuple[Span, ...]:
    """In order, apart from each other."""
    edges = sorted(draw(st.sets(st.integers(0, 120), max_size=8)))
    return tuple(span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))


@given(open_spans(), taken_spans)
def test_free_is_open_less_what_is_taken(opened: tuple[Span, ...], taken: tuple[Span, ...]) -> None:
    free = InstrumentCalendar(opened, taken).free
    assert minutes(free) == minutes(opened) - minutes(taken)
    assert all(one.start < one.end for one in free)
    assert not any(one.meets(other) for one in free for other in taken)
    assert all(earlier.end <= later.start for earlier, later in pairwise(free))


@given(taken_spans)
def test_what_touches_is_one_free_stretch(taken: tuple[Span, ...]) -> None:
    """As long as possible: between two stretches something is taken."""
    free = InstrumentCalendar((span(0, 120),), taken).free
    assert all(earlier.end < later.start for earlier, later in pairwise(free))


@given(taken_spans, st.integers(0, 100), st.integers(1, 60), st.integers(1, 4))
def test_the_next_free_times_are_free_as_long_as_asked_and_not_before(
    taken: tuple[Span, ...], start: int, length: int, count: int
) -> None:
    opened = (span(0, 50), span(60, 120))
    wished = span(start, start + length)

    def of(_instrument: Any, within: Span, besides: Any = None) -> InstrumentCalendar:
        cut = [
            Span(max(one.start, within.start), min(one.end, within.end))
            for one in opened
            if one.meets(within)
        ]
        return InstrumentCalendar(tuple(cut), taken)

    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOON, tick=False):
        patch.setattr(InstrumentCalendar, "of", of)
        found = next_free(Instrument(), wished, count=count)
    possible = {
        first
        for first in range(start, 121)
        if minutes([span(first, first + length)])
        <= (minutes(opened[:1]) if first < 50 else minutes(opened[1:])) - minutes(taken)
    }
    assert len(found) <= count
    assert all(min(minutes([one])) in possible for one in found)
    assert all(one.end - one.start == datetime.timedelta(minutes=length) for one in found)
    assert bool(found) == bool(possible)
    assert not possible or min(minutes(found[:1])) == min(possible)


@pytest.fixture
def instrument(db: None) -> Any:
    """Open on Mondays and Tuesdays from 9 to 12 and from 13 to 17."""
    with time_machine.travel(NOON):
        made = InstrumentFactory(approved=True, provider__approved=True)
        set_hours(
            made, (0, "09:00", "12:00"), (0, "13:00", "17:00"), (1, "09:00", "12:00"), (1, "13:00", "17:00")
        )
    return made


def set_hours(instrument: Any, *hours: tuple[int, str, str]) -> None:
    rows = [
        OpeningHours(
            weekday=day,
            opens=datetime.time.fromisoformat(opens),
            closes=datetime.time.fromisoformat(closes),
        )
        for day, opens, closes in hours
    ]
    calendar.set_opening_hours(instrument=instrument, hours=rows, actor=instrument.provider.account)


def close(instrument: Any, closed: Span) -> Closure:
    return calendar.close_instrument(
        instrument=instrument, span=closed, reason="维护保养", actor=instrument.provider.account
    )


def test_hours_closures_and_accepted_bookings_make_the_free_time(instrument: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        close(instrument, between("2026-06-02 10:00", "2026-06-02 14:00"))
        slot = between("2026-06-02 15:00", "2026-06-02 16:00")
        make.accept(make.a_booking(offer=instrument, slot=slot))
        make.a_booking(offer=instrument, slot=between("2026-06-02 16:00", "2026-06-02 17:00"))  # not accepted
        free = InstrumentCalendar.of(instrument, WEEK).free
    assert free == [
        between("2026-06-01 13:00", "2026-06-01 17:00"),
        between("2026-06-02 09:00", "2026-06-02 10:00"),
        between("2026-06-02 14:00", "2026-06-02 15:00"),
        between("2026-06-02 16:00", "2026-06-02 17:00"),
        between("2026-06-08 09:00", "2026-06-08 12:00"),
    ]


def test_a_taken_time_is_refused_with_the_next_three_that_are_free(instrument: Any) -> None:
    slot = between("2026-06-02 09:00", "2026-06-02 11:00")
    with time_machine.travel(NOON, tick=False):
        make.accept(make.a_booking(offer=instrument, slot=slot))
        problem = slot_problem(instrument, between("2026-06-02 10:00", "2026-06-02 12:00"))
    assert problem == (
        "这段时间已被占用。最近的空闲时间：2026-06-02 13:00–15:00；2026-06-08 09:00–11:00；2026-06-08 13:00–15:00。"
    )


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        ("2026-06-02 12:00", "2026-06-02 13:00", "这段时间不在仪器的开放时间内。"),
        ("2026-06-02 11:00", "2026-06-02 14:00", "这段时间不在仪器的开放时间内。"),
        ("2026-06-03 09:00", "2026-06-03 10:00", "这段时间不在仪器的开放时间内。"),
        ("2026-06-01 11:59", "2026-06-01 14:00", "上机时间已过，请选择以后的时间。"),
        ("2026-06-02 11:00", "2026-06-02 11:00", "结束时间应晚于开始时间。"),
        ("2026-06-02 11:00", "2026-06-02 10:00", "结束时间应晚于开始时间。"),
        ("2026-06-02 09:00", "2026-06-09 09:01", "一次预约最长 7 天"),
    ],
)
def test_a_time_that_cannot_be_had_says_why(instrument: Any, start: str, end: str, problem: str) -> None:
    with time_machine.travel(NOON, tick=False):
        assert slot_problem(instrument, between(start, end)).startswith(problem)
        with pytest.raises(OrderError, match=problem[:10]):
            make.a_booking(offer=instrument, slot=between(start, end))
    assert not Booking.objects.exists()


def test_bookings_that_touch_do_not_meet(instrument: Any) -> None:
    slots = [
        between("2026-06-02 09:00", "2026-06-02 10:00"),
        between("2026-06-02 10:00", "2026-06-02 11:00"),
        between("2026-06-02 11:00", "2026-06-02 12:00"),
    ]
    with time_machine.travel(NOON, tick=False):
        made = [make.a_booking(offer=instrument, slot=slot) for slot in slots]
        for booking in (made[0], made[2], made[1]):
            make.accept(booking)
    assert Booking.objects.filter(status="accepted").count() == 3


def test_an_instrument_open_to_2359_runs_through_the_night(instrument: Any) -> None:
    night = between("2026-06-02 22:00", "2026-06-03 06:00")
    with time_machine.travel(NOON, tick=False):
        set_hours(instrument, (1, "18:00", "23:58"), (2, "00:00", "08:00"))
        assert "不在仪器的开放时间内" in slot_problem(instrument, night)
        set_hours(instrument, (1, "18:00", "23:59"), (2, "00:00", "08:00"))
        assert slot_problem(instrument, night) == ""
        assert InstrumentCalendar.of(instrument, WEEK).open == (
            between("2026-06-02 18:00", "2026-06-03 08:00"),
        )
        make.accept(make.a_booking(offer=instrument, slot=night))
        with pytest.raises(OrderError, match="已被占用"):
            make.a_booking(offer=instrument, slot=between("2026-06-03 05:00", "2026-06-03 07:00"))
        assert slot_problem(instrument, between("2026-06-03 06:00", "2026-06-03 08:00")) == ""


def test_an_instrument_open_all_the_time_is_one_stretch(instrument: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        set_hours(instrument, *((day, "00:00", "23:59") for day in range(7)))
        assert InstrumentCalendar.of(instrument, WEEK).free == [WEEK]
        assert slot_problem(instrument, between("2026-06-02 00:00", "2026-06-09 00:00")) == ""


def test_touching_hours_are_one_stretch(instrument: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        set_hours(instrument, (1, "09:00", "12:00"), (1, "12:00", "15:00"))
        assert slot_problem(instrument, between("2026-06-02 11:00", "2026-06-02 13:00")) == ""


def test_where_nothing_is_free_for_four_weeks_the_sentence_says_so(instrument: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        close(instrument, Span(NOON, NOON + datetime.timedelta(days=HORIZON_DAYS + 2)))
        problem = slot_problem(instrument, between("2026-06-02 09:00", "2026-06-02 11:00"))
    assert problem == "这段时间已被占用。今后四周都没有同样长的空闲时间，请缩短时间，或与接券机构联系。"


def test_a_closure_is_refused_where_a_booking_is_accepted_and_keeps_bookings_away(instrument: Any) -> None:
    slot = between("2026-06-02 09:00", "2026-06-02 11:00")
    with time_machine.travel(NOON, tick=False):
        booking = make.accept(make.a_booking(offer=instrument, slot=slot))
        with pytest.raises(OrderError, match=f"已接受预约 {booking.number}，请先与用券机构商定"):
            close(instrument, between("2026-06-02 10:59", "2026-06-02 12:00"))
        assert not Closure.objects.exists()
        closure = close(instrument, between("2026-06-02 11:00", "2026-06-02 12:00"))
        with pytest.raises(OrderError, match="已被占用"):
            make.a_booking(offer=instrument, slot=between("2026-06-02 11:30", "2026-06-02 12:00"))
        calendar.reopen_instrument(closure=closure, actor=instrument.provider.account)
        assert slot_problem(instrument, between("2026-06-02 11:30", "2026-06-02 12:00")) == ""


@pytest.mark.parametrize("end", ["cancel", "provider cancels", "expire", "order cancelled"])
def test_a_time_is_free_again_when_its_booking_ends(instrument: Any, end: str) -> None:
    slot = between("2026-06-02 09:00", "2026-06-02 11:00")
    with time_machine.travel(NOON, tick=False) as clock:
        booking = make.accept(make.a_booking(offer=instrument, slot=slot))
        assert slot_problem(instrument, slot).startswith("这段时间已被占用。")
        if end == "cancel":
            bookings.cancel_booking(booking=booking, actor=booking.consumer.account, reason="样品报废")
        elif end == "provider cancels":
            bookings.cancel_booking(booking=booking, actor=booking.provider.account, reason="仪器故障")
        elif end == "order cancelled":
            order = orders.propose_cancel(
                order=make.place(booking), actor=booking.consumer.account, reason="样品报废"
            )
            orders.agree_to_cancel(order=order, actor=order.provider.account)
        else:
            Booking.objects.update(expires_on=datetime.date(2026, 5, 31))
            bookings.expire_booking(booking=booking)
        clock.move_to(NOON)
        assert slot_problem(instrument, slot) == ""


def test_a_refused_order_goes_on_holding_the_time(instrument: Any) -> None:
    slot = between("2026-06-02 09:00", "2026-06-02 11:00")
    with time_machine.travel(NOON, tick=False):
        booking = make.accept(make.a_booking(offer=instrument, slot=slot))
        order = make.place(booking, price="320")
        orders.refuse_order(order=order, actor=order.provider.account, reason="单价不符")
        assert slot_problem(instrument, slot).startswith("这段时间已被占用。")


def test_the_provider_accepts_for_another_time_than_was_wished(instrument: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        booking = make.a_booking(offer=instrument, slot=between("2026-06-02 09:00", "2026-06-02 11:00"))
        other = between("2026-06-02 13:00", "2026-06-02 15:00")
        booking = make.accept(booking, slot=other)
        booking.refresh_from_db()
        assert bookings.slot_of(booking) == other
        assert slot_problem(instrument, between("2026-06-02 09:00", "2026-06-02 11:00")) == ""


def test_a_wished_time_that_has_passed_meanwhile_cannot_be_accepted(instrument: Any) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        booking = make.a_booking(offer=instrument, slot=between("2026-06-02 09:00", "2026-06-02 11:00"))
        clock.move_to(at("2026-06-02 09:01"))
        with pytest.raises(SlotTaken, match="上机时间已过"):
            make.accept(booking)
    booking.refresh_from_db()
    assert booking.status == "waiting"


def test_only_instruments_take_times_and_both_ends_are_needed(instrument: Any) -> None:
    slot = between("2026-06-02 09:00", "2026-06-02 11:00")
    with time_machine.travel(NOON, tick=False):
        with pytest.raises(OrderError, match="只有仪器按时间预约"):
            make.a_booking(slot=slot)
        with pytest.raises(OrderError, match="请同时填写上机的开始时间和结束时间"):
            make.a_booking(offer=instrument, starts_at=slot.start)
        booking = make.a_booking()
        with pytest.raises(OrderError, match="只有仪器按时间预约"):
            make.accept(booking, slot=slot)


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        ([(0, "09:00", "12:00"), (0, "11:59", "13:00")], "周一的两段开放时间重叠"),
        ([(0, "09:00", "12:00"), (0, "09:00", "11:00")], "周一的两段开放时间重叠"),
        ([(2, "12:00", "09:00")], "周三的结束时间应晚于开始时间"),
        ([(2, "12:00", "12:00")], "周三的结束时间应晚于开始时间"),
    ],
)
def test_hours_out_of_order_are_refused_and_the_old_ones_stay(
    instrument: Any, hours: list[tuple[int, str, str]], problem: str
) -> None:
    with pytest.raises(OrderError, match=problem):
        set_hours(instrument, *hours)
    assert OpeningHours.objects.filter(instrument=instrument).count() == 4


def test_the_calendar_of_another_provider_is_not_touched(instrument: Any) -> None:
    stranger = ProviderFactory(approved=True)
    with time_machine.travel(NOON, tick=False):
        closure = close(instrument, between("2026-06-02 09:00", "2026-06-02 10:00"))
        attempts = [
            lambda: calendar.set_opening_hours(instrument=instrument, hours=[], actor=stranger.account),
            lambda: calendar.close_instrument(
                instrument=instrument, span=WEEK, reason="占用", actor=stranger.account
            ),
            lambda: calendar.reopen_instrument(closure=closure, actor=stranger.account),
            lambda: calendar.renew_feed(provider=instrument.provider, actor=stranger.account),
        ]
        for attempt in attempts:
            with pytest.raises(OrderError, match=r"只能.*本机构"):
                attempt()
    assert OpeningHours.objects.filter(instrument=instrument).count() == 4
    assert list(Closure.objects.all()) == [closure]


def test_spans_read_as_people_write_them() -> None:
    assert str(between("2026-06-02 09:00", "2026-06-02 11:00")) == "2026-06-02 09:00–11:00"
    assert str(between("2026-06-02 22:00", "2026-06-03 06:00")) == "2026-06-02 22:00–2026-06-03 06:00"
    assert moment_of(datetime.date(2026, 6, 1), datetime.time(12)) == NOON
