"""Who is what to a redemption. Predicates only; the services raise the sentences."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from redemptions.models import Redemption
from redemptions.statuses import Role


def may_check(user: User | AnonymousUser) -> bool:
    return user.has_perm("redemptions.check_redemption")


def may_decide(user: User | AnonymousUser) -> bool:
    return user.has_perm("redemptions.decide_redemption")


def may_pay(user: User | AnonymousUser) -> bool:
    return user.has_perm("redemptions.pay_redemption")


def roles_of(user: User | AnonymousUser, redemption: Redemption) -> set[Role]:
    """All the capacities in which the account may act on it: staff may have several, one for each step."""
    roles = {
        Role.CONSUMER: redemption.consumer.account_id == user.pk,
        Role.CHECKER: may_check(user),
        Role.DECIDER: may_decide(user),
        Role.PAYER: may_pay(user),
    }
    return {role for role, has in roles.items() if has}
