"""One booking with all that belongs to it, and the order placed from it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.exceptions import DomainError
from orders.forms.orders import BookedOrderForm, booked_initial
from orders.history import history
from orders.next_steps import buttons_of, step_of
from orders.obstacles import obstacles_to_book
from orders.services import orders as services
from orders.statuses import BookingStatus
from orders.views.base import OneBooking
from orders.views.booking import thread_context
from workflow.statuses import Action


class BookingView(OneBooking, TemplateView):
    template_name = "orders/booking.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        deal = self.deal
        return context | {
            **thread_context(deal, self.actor),
            "files": [row.file for row in deal.files.filter(message=None).select_related("file")],
            "orders": deal.orders.order_by("-pk"),
            "events": history(deal),
            "step": step_of(deal, self.party),
            "buttons": buttons_of(deal, context["actions"]),
        }


class PlaceOrderView(OneBooking, FormView):
    """确认并下单: the form, then what it changes and 确定. What was typed travels with the question."""

    template_name = "orders/place.html"
    form_class = BookedOrderForm

    @cached_property
    def obstacles(self) -> list[str]:
        return obstacles_to_book(self.actor, self.deal.offer)

    def get_initial(self) -> dict[str, Any]:
        return booked_initial(self.deal) if self.deal.accepted_at else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "booking": self.deal}

    @property
    def is_possible(self) -> bool:
        return self.deal.status == BookingStatus.ACCEPTED and self.actor == self.deal.consumer.account

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_possible:  # in another tab, or by the other side, meanwhile
            return self.render_to_response(self.get_context_data(form=None))
        return super().post(*args, **kwargs)

    def form_valid(self, form: BookedOrderForm) -> HttpResponse:
        if self.obstacles:
            return self.form_invalid(form)
        if "confirmed" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, asked=True))
        try:
            order = services.place_order(
                booking=self.deal,
                order=form.order(),
                items=form.settled,
                total_amount=form.cleaned_data["total_amount"],
                actor=self.actor,
                agrees=form.cleaned_data["agrees"],
            )
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("已下单，等待接券机构接单。") if order.changes else _("已下单，订单进行中。"),
        )
        return redirect(order.get_centre_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "is_possible": self.is_possible and Action.PLACE_ORDER in context["actions"],
            "obstacles": self.obstacles if self.is_possible else [],
            "changes": form.changes if form is not None else [],
            "posted": posted_values(self.request.POST),
        }


def posted_values(data: Any) -> list[tuple[str, str]]:
    """What was typed, to be sent again with the answer."""
    ours = ("csrfmiddlewaretoken", "confirmed")
    return [(name, value) for name in data if name not in ours for value in data.getlist(name)]
