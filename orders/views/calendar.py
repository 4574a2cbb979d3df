"""The provider's calendar: what it has promised, the hours of its instruments, and the feed for its own programmes."""

import datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView, View

from accounts.addresses import absolute
from accounts.centre import ProviderRequiredMixin
from accounts.exceptions import DomainError
from accounts.paging import clamped_page
from catalogue.models import Instrument
from institutions.models import Provider
from orders.agenda import agenda
from orders.calendar import HORIZON_DAYS
from orders.feed import calendar_of, provider_of_feed
from orders.forms.calendar import ClosureForm, HoursForm
from orders.models import CalendarFeed, Closure, OpeningHours
from orders.services import calendar as services
from orders.timetable import weeks_of

INSTRUMENTS_PER_PAGE = 30
CLOSURES_SHOWN = 50


class CalendarView(ProviderRequiredMixin, TemplateView):
    """What is promised in the coming weeks, and the instruments. A POST renews the address of the feed, which is shown once."""

    template_name = "orders/bookings/calendar.html"
    menu_key = "bookings"
    feed_url = ""

    @cached_property
    def provider(self) -> Provider | None:
        return Provider.objects.filter(account=self.actor).first()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.provider is None:
            return redirect("bookings:calendar")
        key = services.renew_feed(provider=self.provider, actor=self.actor)
        self.feed_url = absolute(reverse("booking_feed", args=[key]))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        last = today + datetime.timedelta(days=HORIZON_DAYS - 1)
        entries = agenda(self.provider, today, last) if self.provider else []
        instruments = (
            Instrument.objects.visible_to(self.actor)
            .only("name", "model", "internal_number", "status")
            .annotate(has_hours=Exists(OpeningHours.objects.filter(instrument=OuterRef("pk"))))
            .order_by("-has_hours", "-pk")
        )
        return super().get_context_data(
            days=[(day, list(found)) for day, found in groupby(entries, key=lambda entry: entry.day)],
            weeks_shown=HORIZON_DAYS // 7,
            page_obj=clamped_page(instruments, self.request.GET.get("page"), INSTRUMENTS_PER_PAGE),
            feed=CalendarFeed.objects.filter(provider=self.provider).first() if self.provider else None,
            feed_url=self.feed_url,
            has_institution=self.provider is not None,
            **kwargs,
        )


class HoursView(ProviderRequiredMixin, TemplateView):
    """The weekly hours of one instrument, and the times it is closed; another provider's is a 404."""

    template_name = "orders/bookings/hours.html"
    menu_key = "bookings"

    kwargs: dict[str, Any]

    @cached_property
    def instrument(self) -> Instrument:
        now = timezone.now()
        coming = Closure.objects.filter(ends_at__gt=now).order_by("starts_at")[:CLOSURES_SHOWN]
        own = Instrument.objects.visible_to(self.actor).prefetch_related(
            "opening_hours", Prefetch("closures", queryset=coming, to_attr="coming_closures")
        )
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = HoursForm(request.POST, instrument=self.instrument)
        if form.is_valid():
            try:
                services.set_opening_hours(instrument=self.instrument, hours=form.hours, actor=self.actor)
            except DomainError as error:
                form.add_error(None, str(error))
        if form.errors:
            return self.render_to_response(self.get_context_data(hours_form=form))
        messages.success(
            request,
            _("已保存开放时间，用券机构可以按时间预约。")
            if form.hours
            else _("已清空开放时间，这台仪器按日期预约。"),
        )
        return redirect("bookings:hours", self.instrument.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        forms = {
            "hours_form": kwargs.pop("hours_form", None) or HoursForm(instrument=self.instrument),
            "closure_form": kwargs.pop("closure_form", None) or ClosureForm(),
        }
        has_hours = bool(self.instrument.opening_hours.all())
        weeks = weeks_of(self.instrument) if has_hours else []
        return super().get_context_data(instrument=self.instrument, weeks=weeks, **forms, **kwargs)


class CloseView(HoursView):
    """停用 for a time."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("bookings:hours", self.instrument.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ClosureForm(request.POST)
        if form.is_valid():
            try:
                services.close_instrument(
                    instrument=self.instrument,
                    span=form.span,
                    reason=form.cleaned_data["reason"],
                    actor=self.actor,
                )
            except DomainError as error:
                form.add_error(None, str(error))
        if form.errors:
            return self.render_to_response(self.get_context_data(closure_form=form))
        messages.success(request, _("已登记停用时间，这段时间不能预约。"))
        return redirect("bookings:hours", self.instrument.pk)


class ReopenView(ProviderRequiredMixin, View):
    """移除 of a closure."""

    kwargs: dict[str, Any]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = Closure.objects.filter(instrument__provider__account=self.actor).select_related("instrument")
        closure = get_object_or_404(own, pk=self.kwargs["pk"])
        instrument = closure.instrument
        services.reopen_instrument(closure=closure, actor=self.actor)
        messages.success(request, _("已移除停用时间，这段时间又可以预约。"))
        return redirect("bookings:hours", instrument.pk)


@require_safe
def booking_feed(request: HttpRequest, key: str) -> HttpResponse:
    """For whoever has the key: it stands in place of signing in, so nothing on the way keeps a copy or names it."""
    provider = provider_of_feed(key)
    if provider is None:
        raise Http404
    response = HttpResponse(calendar_of(provider), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="bookings.ics"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
