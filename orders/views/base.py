"""What the pages of one booking or one order share."""

from typing import Any, ClassVar, cast

from allauth.core.internal import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from accounts.centre import CentreMixin
from accounts.exceptions import DomainError
from orders.forms.fields import in_our_words
from orders.models import OFFER_FIELDS, Booking, Deal, Order
from orders.moves import allowed
from orders.permissions import party_of
from orders.statuses import Party
from workflow.statuses import Action

# Each of these sends mail or keeps a worker busy.
RATES = {"book": "60/h/user", "reply": "120/h/user", "invoice": "60/h/user"}
TOO_OFTEN = _("操作过于频繁，请一小时后再试。")


def within_rate(request: HttpRequest, action: str) -> bool:
    return bool(ratelimit.consume(request, app="orders", action=action, config=RATES))


SIDES = ("consumer__account", "provider__account", *OFFER_FIELDS.values())


class OneDeal(CentreMixin):
    """One booking or order of which the account's institution is a side; any other is a 404.

    Templates have ``deal``, ``party`` (ours), ``other`` (the other institution) and ``actions``, what may be done now.
    """

    model: ClassVar[type[Deal]]
    related: ClassVar[tuple[str, ...]] = ()

    kwargs: dict[str, Any]

    @cached_property
    def deal(self) -> Any:
        rows = self.model._default_manager.all().visible_to(self.actor)  # type: ignore[attr-defined]  # a DealQuerySet
        return get_object_or_404(rows.select_related(*SIDES, *self.related), pk=self.kwargs["pk"])

    @cached_property
    def party(self) -> Party:
        return cast(Party, party_of(self.actor, self.deal))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deal = self.deal
        return super().get_context_data(
            deal=deal,
            party=self.party,
            other=deal.provider if self.party == Party.CONSUMER else deal.consumer,
            actions=allowed(deal, self.party),
            status_label=deal.label_for(self.party),
            **kwargs,
        )


class OneBooking(OneDeal):
    model = Booking
    menu_key = "bookings"


class OneOrder(OneDeal):
    model = Order
    menu_key = "orders"
    related = ("booking",)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请填写原因，对方会看到。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self)


class SureForm(forms.Form):
    """Nothing to fill in: 确定 is the answer."""


class ActView(OneDeal, FormView):
    """A question before something is done, with what has to be said of it. What is no longer possible says so on the page.

    ``action`` decides whether there is anything to ask at all; a subclass has ``perform``.
    """

    action: ClassVar[Action]
    title: ClassVar[Any]
    text: ClassVar[Any] = ""
    done: ClassVar[Any]
    button: ClassVar[Any] = _("确定")
    is_danger: ClassVar[bool] = False
    form_class: type[forms.BaseForm] = SureForm
    template_name = "orders/act.html"

    def perform(self, form: Any) -> None:
        raise NotImplementedError  # each subclass has its own

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.perform(form)
        except DomainError as error:
            self.__dict__.pop("deal", None)  # the page shows it as it is now
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(self.deal.get_centre_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "title": self.title,
            "text": self.text,
            "button": self.button,
            "is_danger": self.is_danger,
            "is_possible": self.action in context["actions"],
        }
