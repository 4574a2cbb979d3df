"""Who may keep an institution, who may suspend it, and who sees its bank account. Predicates only; the services raise the sentences."""

from accounts.models import User
from institutions.models import Consumer, Provider


def may_keep_provider(user: User, provider: Provider) -> bool:
    """A provider account keeps its own institution, and no other account has one."""
    return user.is_provider and provider.account_id == user.pk


def may_keep_consumer(user: User, consumer: Consumer) -> bool:
    return user.is_consumer and consumer.account_id == user.pk


def may_view_bank_account(user: User) -> bool:
    """Those who pay, and nobody who reviews."""
    return user.has_perm("institutions.view_bank_account")


def may_ban(user: User) -> bool:
    """Staff with the permission; reviewers have it to begin with."""
    return user.has_perm("institutions.add_consumerban")


def may_lift_ban(user: User) -> bool:
    return user.has_perm("institutions.change_consumerban")


def may_suspend(user: User) -> bool:
    """Staff with the permission; reviewers have it to begin with."""
    return user.has_perm("institutions.add_suspension")


def may_lift_suspension(user: User) -> bool:
    return user.has_perm("institutions.change_suspension")
