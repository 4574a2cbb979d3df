"""When an instrument is free. Times are aware; days and hours are those of the site's time zone."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Instrument
from orders.models import Booking, Closure, OpeningHours
from orders.statuses import HOLDING

# How far ahead the calendar goes, and another time is looked for.
HORIZON_DAYS = 28
MOST_SLOT = datetime.timedelta(days=7)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time; ``end`` is not in it."""

    start: datetime.datetime
    end: datetime.datetime

    def meets(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def without(self, taken: Iterable["Span"]) -> Iterator["Span"]:
        """What is left of it, earliest first. ``taken`` is in order."""
        start = self.start
        for one in taken:
            if one.meets(Span(start, self.end)) and start < self.end:
                if start < one.start:
                    yield Span(start, one.start)
                start = max(start, one.end)
        if start < self.end:
            yield Span(start, self.end)

    def __str__(self) -> str:
        start, end = timezone.localtime(self.start), timezone.localtime(self.end)
        last = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
        return f"{start:%Y-%m-%d %H:%M}–{last}"


@dataclass(frozen=True)
class InstrumentCalendar:
    """An instrument's open and taken time within a span, read once."""

    open: tuple[Span, ...]
    taken: tuple[Span, ...]

    @classmethod
    def of(
        cls, instrument: Instrument, within: Span, *, besides: Booking | None = None
    ) -> "InstrumentCalendar":
        return cls(
            tuple(_open_spans(instrument, within)),
            tuple(sorted([*_held(instrument, within, besides), *_closed(instrument, within)])),
        )

    @property
    def free(self) -> list[Span]:
        return [left for span in self.open for left in span.without(self.taken)]


def takes_slots(instrument: Instrument) -> bool:
    """Whether it is booked by the hour: its provider has given it hours."""
    return OpeningHours.objects.filter(instrument=instrument).exists()


def slot_problem(instrument: Instrument, slot: Span, *, besides: Booking | None = None) -> str:
    """Why the instrument cannot be had then, in a sentence with the next free times; empty where it can."""
    if slot.end <= slot.start:
        return _("结束时间应晚于开始时间。")
    if slot.start < timezone.now():
        return _("上机时间已过，请选择以后的时间。")
    if slot.end - slot.start > MOST_SLOT:
        return _("一次预约最长 7 天，请缩短上机时间，或分几次预约。")
    calendar = InstrumentCalendar.of(instrument, slot, besides=besides)
    if any(span.meets(slot) for span in calendar.taken):
        problem = _("这段时间已被占用。")
    elif not _is_open(instrument, calendar, slot):
        problem = _("这段时间不在仪器的开放时间内。")
    else:
        return ""
    others = next_free(instrument, slot, besides=besides)
    if not others:
        return problem + _("今后四周都没有同样长的空闲时间，请缩短时间，或与接券机构联系。")
    return problem + _("最近的空闲时间：%s。") % "；".join(map(str, others))


def _is_open(instrument: Instrument, calendar: InstrumentCalendar, slot: Span) -> bool:
    """One whose provider has taken its hours away again is open, so that what was asked for by the hour can still be accepted."""
    within = any(span.start <= slot.start and slot.end <= span.end for span in calendar.open)
    return within or not takes_slots(instrument)


def next_free(
    instrument: Instrument, wished: Span, *, besides: Booking | None = None, count: int = 3
) -> list[Span]:
    """The next free times as long as the wished one, at most one in each free stretch."""
    start = max(wished.start, timezone.now())
    within = Span(start, start + datetime.timedelta(days=HORIZON_DAYS))
    length = wished.end - wished.start
    calendar = InstrumentCalendar.of(instrument, within, besides=besides)
    fitting = (
        Span(free.start, free.start + length) for free in calendar.free if free.end - free.start >= length
    )
    return [span for span, _number in zip(fitting, range(count), strict=False)]


def _open_spans(instrument: Instrument, within: Span) -> Iterator[Span]:
    """Opening hours day by day; hours that touch, over midnight too, are one stretch."""
    hours = list(instrument.opening_hours.all())
    day, last = timezone.localdate(within.start), timezone.localdate(within.end)
    current: Span | None = None
    while day <= last:
        for one in hours:
            if one.weekday != day.weekday():
                continue
            span = Span(moment_of(day, one.opens), _closing(day, one.closes))
            if current and current.end == span.start:
                current = Span(current.start, span.end)
                continue
            if current:
                yield from _cut(current, within)
            current = span
        day += datetime.timedelta(days=1)
    if current:
        yield from _cut(current, within)


def _cut(span: Span, within: Span) -> Iterator[Span]:
    if span.meets(within):
        yield Span(max(span.start, within.start), min(span.end, within.end))


def _held(instrument: Instrument, within: Span, besides: Booking | None) -> Iterator[Span]:
    bookings = Booking.objects.filter(
        instrument=instrument, status__in=HOLDING, starts_at__lt=within.end, ends_at__gt=within.start
    ).exclude(pk=besides.pk if besides else None)
    for start, end in bookings.values_list("starts_at", "ends_at"):
        yield Span(start, end)


def _closed(instrument: Instrument, within: Span) -> Iterator[Span]:
    closures = Closure.objects.filter(
        instrument=instrument, starts_at__lt=within.end, ends_at__gt=within.start
    )
    for start, end in closures.values_list("starts_at", "ends_at"):
        yield Span(start, end)


def moment_of(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """That time of that day, in the site's time zone."""
    return timezone.make_aware(datetime.datetime.combine(day, time))


def _closing(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """23:59 closes at midnight, so that instruments run through the night."""
    if time >= datetime.time(23, 59):
        return moment_of(day + datetime.timedelta(days=1), datetime.time())
    return moment_of(day, time)
