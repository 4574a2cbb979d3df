"""Day and time on an instrument that is booked by the hour, and other times where that is taken."""

import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Instrument
from orders.calendar import MOST_SLOT, Span, moment_of, next_free, slot_problem, takes_slots
from orders.forms.fields import ClockField
from orders.models import Booking
from orders.services.bookings import MOST_DAYS_AHEAD
from workflow.forms import DayField

SLOT_FIELDS = ("slot_day", "slot_starts", "slot_end_day", "slot_ends")
DAY, CLOCK = "%Y-%m-%d", "%H:%M"
MIDNIGHT = datetime.time()
HALF_HOUR = datetime.timedelta(minutes=30)


class SlotForm(forms.Form):
    """Put before other bases. ``slot`` is what was chosen, once the form is clean; None where it is booked by date.

    A time that cannot be had comes back with the next free ones as ``slot_instead``; one of them, sent with the form, fills
    the four fields.
    """

    slot_day = DayField(label=gettext_lazy("上机日期"))
    slot_starts = ClockField(label=gettext_lazy("开始时间"))
    slot_ends = ClockField(label=gettext_lazy("结束时间"))
    slot_end_day = DayField(
        label=gettext_lazy("结束日期"), required=False, help_text=gettext_lazy("使用到第二天或更晚的才填写。")
    )
    slot_instead = forms.CharField(
        label=gettext_lazy("改用空闲时间"), required=False, widget=forms.RadioSelect
    )

    slot: Span | None = None

    def __init__(
        self, *args: Any, instrument: Instrument | None, besides: Booking | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.instrument, self.besides = instrument, besides
        wished = besides is not None and besides.starts_at is not None
        if instrument is None or not (wished or takes_slots(instrument)):
            for name in (*SLOT_FIELDS, "slot_instead"):
                del self.fields[name]
        elif self.is_bound:
            self._take_instead()

    @property
    def has_slot(self) -> bool:
        return "slot_day" in self.fields

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.has_slot:
            self.slot = self._slot()
        return cleaned

    def offer_others(self, wished: Span) -> None:
        """Let one of the next free times be chosen in place of what cannot be had."""
        assert self.instrument is not None  # noqa: S101 - the form asks for a time
        now = timezone.now()
        start = wished.start
        if start < now:  # the next full half hour
            start = (
                now
                + HALF_HOUR
                - datetime.timedelta(
                    minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond
                )
            )
        wish = Span(start, start + (wished.end - wished.start))
        others = next_free(self.instrument, wish, besides=self.besides)
        self.fields["slot_instead"].widget.choices = [
            (" ".join(fields_of(one).values()), str(one)) for one in others
        ]

    @property
    def others(self) -> bool:
        """Whether there are other times to choose from."""
        return self.has_slot and bool(self.fields["slot_instead"].widget.choices)

    def _take_instead(self) -> None:
        chosen = str(self.data.get("slot_instead", "")).split()
        if len(chosen) == len(SLOT_FIELDS) and isinstance(self.data, QueryDict):
            data = self.data.copy()
            for name, value in zip(SLOT_FIELDS, chosen, strict=True):
                data[name] = value
            del data["slot_instead"]
            self.data = data

    def _slot(self) -> Span | None:
        day, starts, last, ends = (self.cleaned_data.get(name) for name in SLOT_FIELDS)
        if day is None or starts is None or ends is None or self.errors.get("slot_end_day"):
            return None
        if problem := self._day_problem(day, last):
            self.add_error("slot_day", problem)
            return None
        if last is None:  # until midnight
            last = day + datetime.timedelta(days=1) if ends == MIDNIGHT else day
        if moment_of(last, ends) <= moment_of(day, starts):
            self.add_error("slot_ends", _("结束时间应晚于开始时间；使用到第二天的，请填写结束日期。"))
            return None
        slot = Span(moment_of(day, starts), moment_of(last, ends))
        assert self.instrument is not None  # noqa: S101 - the form asks for a time
        if problem := slot_problem(self.instrument, slot, besides=self.besides):
            self.add_error("slot_day", problem)
            if slot.end - slot.start <= MOST_SLOT:
                self.offer_others(slot)
            return None
        return slot

    def _day_problem(self, day: datetime.date, last: datetime.date | None) -> str:
        """Before times are made of them: the calendar of Python ends in the year 9999."""
        today = timezone.localdate()
        if day < today:
            return _("上机日期已过，请选择今天或以后的日期。")
        if day > today + datetime.timedelta(days=MOST_DAYS_AHEAD):
            return _("上机日期请选在一年以内。")
        if last is not None and last > day + MOST_SLOT:
            return _("一次预约最长 7 天，请核对结束日期，或分几次预约。")
        return ""


def fields_of(slot: Span) -> dict[str, str]:
    """What the four fields hold for it, in the order of ``SLOT_FIELDS``."""
    start, end = timezone.localtime(slot.start), timezone.localtime(slot.end)
    values = (f"{start:{DAY}}", f"{start:{CLOCK}}", f"{end:{DAY}}", f"{end:{CLOCK}}")
    return dict(zip(SLOT_FIELDS, values, strict=True))


def slot_initial(booking: Booking) -> dict[str, Any]:
    """The four fields as the booking has them; nothing where it has no time."""
    if booking.starts_at is None or booking.ends_at is None:
        return {}
    values: dict[str, Any] = fields_of(Span(booking.starts_at, booking.ends_at))
    return values if values["slot_day"] != values["slot_end_day"] else values | {"slot_end_day": None}
