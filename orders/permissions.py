"""Who is which side of a booking or an order. Predicates only; the services raise the sentences."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from institutions.models import Provider
from orders.models import Deal, Evaluation
from orders.statuses import Party


def party_of(user: User | AnonymousUser, deal: Deal) -> Party | None:
    """On whose behalf the account may act on it; None for everybody else."""
    if deal.consumer.account_id == user.pk:
        return Party.CONSUMER
    if deal.provider.account_id == user.pk:
        return Party.PROVIDER
    return Party.STAFF if may_mediate(user) else None


def may_mediate(user: User | AnonymousUser) -> bool:
    return user.has_perm("orders.mediate_order")


def may_hide(user: User | AnonymousUser) -> bool:
    return user.has_perm("orders.hide_evaluation")


def may_answer(user: User | AnonymousUser, evaluation: Evaluation) -> bool:
    """The provider, once."""
    return evaluation.order.provider.account_id == user.pk and evaluation.answered_at is None


def keeps(user: User | AnonymousUser, provider: Provider) -> bool:
    return provider.account_id == user.pk
