"""Readings of bookings and orders for the two sides' lists."""

from typing import Any

from accounts.models import User
from institutions.models import Consumer, Provider
from orders.models import Deal
from orders.querysets import DealQuerySet
from orders.statuses import Party


def side_of(account: User) -> Party:
    """An external account is of one kind for life."""
    return Party.PROVIDER if account.is_provider else Party.CONSUMER


def own_deals(model: type[Deal], account: User) -> DealQuerySet:
    """As ``visible_to``, by the institution's own key, so that the index of its bookings or orders answers. One query at once."""
    side = side_of(account)
    institutions: Any = Provider if side == Party.PROVIDER else Consumer
    pk = institutions.objects.filter(account=account).values_list("pk", flat=True).first()
    rows: DealQuerySet = model._default_manager.all()  # type: ignore[assignment]  # the manager of every deal is one
    return rows.filter(**{f"{side}_id": pk}) if pk else rows.none()
