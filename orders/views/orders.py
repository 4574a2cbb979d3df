"""One order with all that belongs to it, and the order without a booking."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.centre import CentreMixin
from accounts.exceptions import DomainError
from orders.forms.orders import DirectOrderForm, direct_initial
from orders.history import history
from orders.models import Offer
from orders.next_steps import buttons_of, step_of
from orders.obstacles import obstacles_to_order_directly
from orders.services import orders as services
from orders.views.base import TOO_OFTEN, OneOrder, within_rate
from orders.views.booking import offer_or_404
from orders.views.bookings import posted_values


class OrderView(OneOrder, TemplateView):
    template_name = "orders/order.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        deal = self.deal
        return context | {
            "items": deal.items.all(),
            "events": history(deal),
            "step": step_of(deal, self.party),
            "buttons": buttons_of(deal, context["actions"]),
        }


class DirectOrderView(CentreMixin, FormView):
    """立即下单, while the programme's switch is on; else the page says why not."""

    template_name = "orders/direct.html"
    form_class = DirectOrderForm
    menu_key = "orders"

    @cached_property
    def offer(self) -> Offer:
        return offer_or_404(self.kwargs["kind"], self.kwargs["pk"])

    @cached_property
    def obstacles(self) -> list[str]:
        return obstacles_to_order_directly(self.actor, self.offer)

    def get_initial(self) -> dict[str, Any]:
        return direct_initial(self.offer)

    def form_valid(self, form: DirectOrderForm) -> HttpResponse:
        if self.obstacles:
            return self.form_invalid(form)
        if "confirmed" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, asked=True))
        if not within_rate(self.request, "book"):
            form.add_error(None, TOO_OFTEN)
            return self.form_invalid(form)
        order = form.order()
        order.offer = self.offer
        try:
            order = services.place_direct_order(
                order=order,
                items=form.settled,
                total_amount=form.cleaned_data["total_amount"],
                actor=self.actor,
                is_compulsory=form.cleaned_data["is_compulsory"],
                is_related=form.cleaned_data["is_related"],
            )
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("订单已补录，等待接券机构接单。"))
        return redirect(order.get_centre_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(offer=self.offer, obstacles=self.obstacles, **kwargs)
        if self.obstacles and not context["form"].is_bound:
            context["form"] = None
        return context | {"posted": posted_values(self.request.POST)}
