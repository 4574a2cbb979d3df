"""Chinese working days, with holidays and the weekends worked for them."""

import datetime
import logging

import pytest

from workflow.working_days import add_working_days, is_working_day, working_days_between

DATE = datetime.date


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (DATE(2026, 9, 30), True),
        (DATE(2026, 10, 1), False),  # National Day
        (DATE(2026, 10, 10), True),  # a Saturday worked for it
        (DATE(2026, 11, 21), False),  # an ordinary Saturday
        (DATE(2026, 11, 23), True),
    ],
)
def test_holidays_and_worked_weekends(day, works):
    assert is_working_day(day) is works


def test_two_working_days_span_a_holiday():
    assert add_working_days(DATE(2026, 9, 30), 2) == DATE(2026, 10, 9)


def test_a_deadline_counts_from_the_day_after():
    assert add_working_days(DATE(2026, 11, 20), 2) == DATE(2026, 11, 24)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (DATE(2026, 11, 20), DATE(2026, 11, 20), 0),
        (DATE(2026, 11, 20), DATE(2026, 11, 23), 1),
        (DATE(2026, 11, 23), DATE(2026, 11, 20), 0),
        (DATE(2026, 9, 30), DATE(2026, 10, 12), 4),
    ],
)
def test_days_waited(start, end, days):
    assert working_days_between(start, end) == days


def test_an_unknown_year_counts_weekdays_and_warns(caplog):
    with caplog.at_level(logging.WARNING):
        assert is_working_day(DATE(2090, 1, 2)) is True  # a Monday
        assert is_working_day(DATE(2090, 1, 1)) is False  # a Sunday
    assert "holidays unknown" in caplog.text
