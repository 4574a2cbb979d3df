"""Chinese working days: weekends worked in exchange for holidays count, holidays do not."""

import datetime
import logging

import chinese_calendar

logger = logging.getLogger(__name__)


def is_working_day(day: datetime.date) -> bool:
    """Whether offices in China work on that day.

    The State Council publishes each year's holidays in the autumn before. For a year the library
    does not know yet, Monday to Friday count, and a warning is logged.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        logger.warning("holidays unknown, weekdays assumed", extra={"year": day.year})
        return day.weekday() < 5


def add_working_days(start: datetime.date, days: int) -> datetime.date:
    """The date on which the ``days``-th working day after ``start`` falls (``start`` not counted)."""
    day = start
    while days > 0:
        day += datetime.timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return day


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """How many working days lie after ``start`` up to and including ``end``; 0 if ``end`` is not later."""
    span = (end - start).days
    return sum(is_working_day(start + datetime.timedelta(days=offset)) for offset in range(1, span + 1))
