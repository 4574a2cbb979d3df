"""立即预约, and what the two sides do with a booking."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.centre import CentreMixin
from accounts.exceptions import DomainError, require
from accounts.models import User
from orders.exceptions import OrderError, SlotTaken
from orders.forms.bookings import AcceptForm, BookingForm, ReplyForm, accept_initial, booking_initial
from orders.models import OFFER_MODELS, Booking, Offer
from orders.obstacles import obstacles_to_book
from orders.services import bookings as services
from orders.statuses import Party, ServiceKind
from orders.timetable import weeks_of
from orders.views.base import TOO_OFTEN, ActView, OneBooking, ReasonForm, within_rate
from workflow.statuses import Action


def offer_or_404(kind: str, pk: int) -> Offer:
    """What is or once was on offer in public; a draft that never was is nobody's to know of."""
    if kind not in ServiceKind.values:
        raise Http404
    offers = OFFER_MODELS[ServiceKind(kind)]._default_manager.exclude(first_published_at=None)
    offer: Offer = get_object_or_404(offers.select_related("provider__account"), pk=pk)
    return offer


class NewBookingView(CentreMixin, FormView):
    """The form, or all that speaks against a booking. What was typed stays, whatever comes between."""

    template_name = "orders/bookings/new.html"
    form_class = BookingForm
    menu_key = "bookings"

    @cached_property
    def offer(self) -> Offer:
        return offer_or_404(self.kwargs["kind"], self.kwargs["pk"])

    @cached_property
    def obstacles(self) -> list[str]:
        return obstacles_to_book(self.actor, self.offer)

    def get_initial(self) -> dict[str, Any]:
        return booking_initial(self.offer)

    def get_form_kwargs(self) -> dict[str, Any]:
        booking = Booking()
        booking.offer = self.offer
        return {**super().get_form_kwargs(), "instance": booking, "owner": self.actor}

    def form_valid(self, form: BookingForm) -> HttpResponse:
        if self.obstacles:
            return self.form_invalid(form)
        if not within_rate(self.request, "book"):
            form.add_error(None, TOO_OFTEN)
            return self.form_invalid(form)
        try:
            booking = services.book(
                booking=form.save(commit=False),
                actor=self.actor,
                is_compulsory=form.cleaned_data["is_compulsory"],
                is_related=form.cleaned_data["is_related"],
                files=form.cleaned_data["attachments"],
            )
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("预约已发送。接券机构会在两个工作日内答复，有消息会通知您。"))
        return redirect(booking.get_centre_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(offer=self.offer, obstacles=self.obstacles, **kwargs)
        form = context["form"]
        if self.obstacles and not form.is_bound:
            return context | {"form": None}
        weeks = weeks_of(form.instrument) if form.has_slot else []
        return context | {"weeks": weeks}


def thread_context(booking: Booking, actor: User) -> dict[str, Any]:
    """What orders/bookings/thread.html needs besides the deal: all that was written, and the form to write more."""
    written = booking.messages.prefetch_related("files__file")
    return {"thread": written, "reply_form": ReplyForm(owner=actor)}


class ReplyView(OneBooking, ActView):
    action = Action.REPLY
    title = gettext_lazy("给对方留言")
    done = gettext_lazy("留言已发送。")
    button = gettext_lazy("发送")
    form_class = ReplyForm
    template_name = "orders/bookings/reply.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "owner": self.actor}

    def perform(self, form: ReplyForm) -> None:
        require(within_rate(self.request, "reply"), OrderError(str(TOO_OFTEN)))
        services.reply(
            booking=self.deal,
            actor=self.actor,
            text=form.cleaned_data["text"],
            files=form.cleaned_data["attachments"],
        )


class AcceptView(OneBooking, ActView):
    """接受预约 with what the provider offers."""

    action = Action.ACCEPT_BOOKING
    title = gettext_lazy("接受预约")
    text = gettext_lazy("接受后由对方核对并下单。订单与这里填写的不一致的，还要经您接单才开始。")
    done = gettext_lazy("已接受预约，已通知对方下单。")
    button = gettext_lazy("接受预约")
    form_class = AcceptForm
    template_name = "orders/bookings/accept.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "booking": self.deal,
            "initial": accept_initial(self.deal),
        }

    def perform(self, form: AcceptForm) -> None:
        values = form.cleaned_data
        try:
            services.accept_booking(
                booking=self.deal,
                actor=self.actor,
                quantity=values["quantity"],
                price_amount=values["price_amount"],
                delivery_on=values["delivery_on"],
                note=values["note"],
                slot=form.slot,
            )
        except SlotTaken:
            if form.slot:
                form.offer_others(form.slot)
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        has_slot = context["is_possible"] and context["form"].has_slot
        return context | {"weeks": weeks_of(self.deal.instrument, besides=self.deal) if has_slot else []}


class RefuseView(OneBooking, ActView):
    action = Action.REFUSE_BOOKING
    title = gettext_lazy("拒绝预约")
    text = gettext_lazy("拒绝后这条预约结束，不能恢复；对方会看到原因。还要了解情况的，可以先留言。")
    done = gettext_lazy("已拒绝预约，已通知对方。")
    button = gettext_lazy("拒绝")
    is_danger = True
    form_class = ReasonForm

    def perform(self, form: ReasonForm) -> None:
        services.refuse_booking(booking=self.deal, actor=self.actor, reason=form.cleaned_data["reason"])


class CancelView(OneBooking, ActView):
    """取消预约, by either side as far as the table lets it."""

    action = Action.CANCEL_BOOKING
    title = gettext_lazy("取消预约")
    done = gettext_lazy("预约已取消，已通知对方。")
    button = gettext_lazy("取消预约")
    is_danger = True
    form_class = ReasonForm
    texts: ClassVar[dict[Party, Any]] = {
        Party.CONSUMER: gettext_lazy("取消后这条预约结束，占用的上机时间会空出来；仍需服务的，请重新预约。"),
        Party.PROVIDER: gettext_lazy(
            "您已接受这条预约。确实不能提供服务时才取消，请先与对方商定；对方会看到原因。"
        ),
    }

    def perform(self, form: ReasonForm) -> None:
        services.cancel_booking(booking=self.deal, actor=self.actor, reason=form.cleaned_data["reason"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"text": self.texts[self.party]}
