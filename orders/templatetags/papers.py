"""What belongs to an order, its evaluation, and what the public reads of evaluations."""

from typing import Any

from django import template

from accounts.paging import page_number
from institutions.models import Provider
from orders.documents import documents_of
from orders.evaluations import evaluation_of, public_evaluations, public_name
from orders.models import Evaluation, Offer, Order

register = template.Library()
register.filter(public_name)
register.simple_tag(documents_of, name="order_documents")


@register.simple_tag
def order_evaluation(order: Order) -> Evaluation | None:
    return evaluation_of(order)


@register.inclusion_tag("orders/evaluations/public.html", takes_context=True)
def evaluations_of(context: Any, subject: Provider | Offer) -> dict[str, Any]:
    """What the public reads of a provider, an instrument or a service; pages by ``?reviews=``."""
    request = context["request"]
    found = public_evaluations(subject, page_number(request.GET.get("reviews")))
    return {"found": found, "request": request, "in_chinese": context.get("in_chinese", "")}


@register.inclusion_tag("orders/evaluations/stars.html")
def stars(number: Any) -> dict[str, Any]:
    """So many of five stars drawn, and said for screen readers."""
    return {"number": number, "full": range(round(number)), "empty": range(5 - round(number))}
