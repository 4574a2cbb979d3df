"""The days to come of an instrument, as people look for a free time in them."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from accounts.paging import page_number
from accounts.public_version import remembered
from catalogue.models import Instrument
from orders.calendar import HORIZON_DAYS, InstrumentCalendar, Span, moment_of
from orders.models import Booking, OpeningHours

SHOWN_DAYS = 14
WEEK_DAYS = 7
# A page has two of these; the first of each is its number in addresses.
WEEKS = range(1, HORIZON_DAYS // WEEK_DAYS + 1, SHOWN_DAYS // WEEK_DAYS)


@dataclass(frozen=True)
class Day:
    """What is free and what is taken of an instrument's hours on one day; nothing of both where it is not open."""

    date: datetime.date
    free: list[Span]
    taken: list[Span]


def weeks_of(
    instrument: Instrument, *, besides: Booking | None = None, first_week: int = 1
) -> list[list[Day]]:
    """``SHOWN_DAYS`` days by sevens, the first of them today. Time that is over is neither free nor taken."""
    now = timezone.now()
    first = timezone.localdate(now) + datetime.timedelta(days=WEEK_DAYS * (first_week - 1))
    start = max(now, moment_of(first, datetime.time()))
    last = moment_of(first + datetime.timedelta(days=SHOWN_DAYS), datetime.time())
    calendar = InstrumentCalendar.of(instrument, Span(start, last), besides=besides)
    free = calendar.free
    taken = [part for span in calendar.open for part in _shared(span, calendar.taken)]
    days = [
        Day(date, _on(date, free), _on(date, taken))
        for date in (first + datetime.timedelta(days=number) for number in range(SHOWN_DAYS))
    ]
    return [days[number : number + WEEK_DAYS] for number in range(0, SHOWN_DAYS, WEEK_DAYS)]


def shown_week(text: str | None) -> int:
    """The first of the weeks that ``?week=`` asks for; the present one for what is none of ``WEEKS``."""
    number = page_number(text)
    return number if number in WEEKS else WEEKS[0]


def public_weeks_of(instrument: Instrument, week: int = 1) -> list[list[Day]]:
    """The same for visitors, from that week on; none of an instrument that is not booked by the hour. Remembered until something public changes."""

    if instrument.pk not in remembered("instruments with hours", _instruments_with_hours):
        return []
    return remembered(("timetable", instrument.pk, week), lambda: weeks_of(instrument, first_week=week))


def _instruments_with_hours() -> frozenset[int]:
    """A few of thousands: the pages of all others ask nothing about hours."""
    return frozenset(OpeningHours.objects.order_by().values_list("instrument_id", flat=True).distinct())


def _on(date: datetime.date, spans: list[Span]) -> list[Span]:
    """The parts of the spans that lie on that day."""
    midnight = datetime.time()
    day = Span(moment_of(date, midnight), moment_of(date + datetime.timedelta(days=1), midnight))
    return _shared(day, spans)


def _shared(span: Span, others: "list[Span] | tuple[Span, ...]") -> list[Span]:
    return [
        Span(max(span.start, other.start), min(span.end, other.end)) for other in others if other.meets(span)
    ]
