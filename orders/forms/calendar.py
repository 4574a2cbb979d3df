"""When a provider's instrument can be booked by the hour, and when it is closed."""

import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Instrument
from orders.calendar import Span
from orders.forms.fields import ClockField, in_our_words
from orders.models import OpeningHours, Weekday
from workflow.forms import half_width

STRETCHES = 2
MIDNIGHT, LAST_MINUTE = datetime.time(), datetime.time(23, 59)
MOST_DAYS_AHEAD = 731


class HoursForm(forms.Form):
    """Up to ``STRETCHES`` times of every weekday; all empty: booked by date. ``hours`` is what was typed, once it is clean."""

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored: dict[int, list[OpeningHours]] = {day: [] for day in Weekday.values}
        for one in instrument.opening_hours.all():
            stored[one.weekday].append(one)
        self.stretches = max(STRETCHES, *(len(day) for day in stored.values()))
        for day in Weekday:
            for number in range(self.stretches):
                own = stored[day][number : number + 1]
                self._add(day, number, "opens", _("开始"), own[0].opens if own else None)
                self._add(day, number, "closes", _("结束"), own[0].closes if own else None)
        self.hours: list[OpeningHours] = []

    def _add(self, day: Weekday, number: int, name: str, label: str, value: datetime.time | None) -> None:
        said = _("%(day)s 第 %(number)d 段%(label)s") % {
            "day": day.label,
            "number": number + 1,
            "label": label,
        }
        field = ClockField(label=said, required=False, initial=value)
        self.fields[f"{name}_{day.value}_{number}"] = field

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the page: each weekday with its pairs of fields, and what is wrong with any of them."""
        return [self._row(day) for day in Weekday]

    def _row(self, day: Weekday) -> dict[str, Any]:
        pairs = [
            (self[f"opens_{day.value}_{number}"], self[f"closes_{day.value}_{number}"])
            for number in range(self.stretches)
        ]
        wrong: list[BoundField] = [field for pair in pairs for field in pair if field.errors]
        return {"label": day.label, "pairs": pairs, "wrong": wrong}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for day in Weekday:
            before: OpeningHours | None = None
            for number in range(self.stretches):
                one = self._stretch(day, number)
                if one is None:
                    continue
                if before and one.opens < before.closes:
                    self.add_error(f"opens_{day.value}_{number}", _("应晚于上一段的结束时间。"))
                before = one
                self.hours.append(one)
        return cleaned

    def _stretch(self, day: Weekday, number: int) -> OpeningHours | None:
        names = [f"{name}_{day.value}_{number}" for name in ("opens", "closes")]
        if any(name in self.errors for name in names):
            return None
        opens, closes = (self.cleaned_data.get(name) for name in names)
        if opens is None and closes is None:
            return None
        if opens is None or closes is None:
            missing = names[0] if opens is None else names[1]
            self.add_error(missing, _("请把开始和结束时间都填上，或者都留空。"))
            return None
        if closes == MIDNIGHT:  # how the model says until midnight
            closes = LAST_MINUTE
        if closes <= opens:
            self.add_error(names[1], _("结束时间应晚于开始时间；跨过零点的请分两天填写。"))
            return None
        return OpeningHours(weekday=day.value, opens=opens, closes=closes)


class MomentField(forms.DateTimeField):
    """A day and time in the site's time zone, within the years that a closure may be set for."""

    default_error_messages = {"invalid": gettext_lazy("时间格式不对，应如 2026-06-30 09:30。")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget} | kwargs)

    def to_python(self, value: Any) -> datetime.datetime | None:
        try:
            moment = super().to_python(half_width(value))
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if moment is None:
            return None
        now = timezone.now()
        if not now - datetime.timedelta(MOST_DAYS_AHEAD) < moment < now + datetime.timedelta(MOST_DAYS_AHEAD):
            raise forms.ValidationError(_("时间请选在前后两年以内。"))
        return moment.replace(second=0, microsecond=0)


class ClosureForm(forms.Form):
    """停用: a time that is taken out of the calendar."""

    starts_at = MomentField(label=gettext_lazy("开始时间"))
    ends_at = MomentField(label=gettext_lazy("结束时间"))
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=100,
        help_text=gettext_lazy("如：维护保养、本单位使用。只有本机构可见。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请填写停用原因，如：维护保养。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        start, end = (self.cleaned_data.get(name) for name in ("starts_at", "ends_at"))
        if start and end and end <= start:
            self.add_error("ends_at", _("结束时间应晚于开始时间。"))
        return cleaned

    @property
    def span(self) -> Span:
        return Span(self.cleaned_data["starts_at"], self.cleaned_data["ends_at"])
