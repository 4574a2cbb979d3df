"""The days to come of an instrument, as people look for a free time in them."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from catalogue.models import Instrument
from orders.calendar import InstrumentCalendar, Span, moment_of
from orders.models import Booking

SHOWN_DAYS = 14
WEEK_DAYS = 7


@dataclass(frozen=True)
class Day:
    """What is free and what is taken of an instrument's hours on one day; nothing of both where it is not open."""

    date: datetime.date
    free: list[Span]
    taken: list[Span]


def weeks_of(instrument: Instrument, *, besides: Booking | None = None) -> list[list[Day]]:
    """The next ``SHOWN_DAYS`` days from today by sevens. Time that is over is neither free nor taken."""
    now = timezone.now()
    first = timezone.localdate(now)
    last = moment_of(first + datetime.timedelta(days=SHOWN_DAYS), datetime.time())
    calendar = InstrumentCalendar.of(instrument, Span(now, last), besides=besides)
    free = calendar.free
    taken = [part for span in calendar.open for part in _shared(span, calendar.taken)]
    days = [
        Day(date, _on(date, free), _on(date, taken))
        for date in (first + datetime.timedelta(days=number) for number in range(SHOWN_DAYS))
    ]
    return [days[start : start + WEEK_DAYS] for start in range(0, SHOWN_DAYS, WEEK_DAYS)]


def _on(date: datetime.date, spans: list[Span]) -> list[Span]:
    """The parts of the spans that lie on that day."""
    midnight = datetime.time()
    day = Span(moment_of(date, midnight), moment_of(date + datetime.timedelta(days=1), midnight))
    return _shared(day, spans)


def _shared(span: Span, others: "list[Span] | tuple[Span, ...]") -> list[Span]:
    return [
        Span(max(span.start, other.start), min(span.end, other.end)) for other in others if other.meets(span)
    ]
