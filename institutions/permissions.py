"""Who may keep an institution. Predicates only; the services raise the sentences."""

from accounts.models import User
from institutions.models import Provider


def may_keep_provider(user: User, provider: Provider) -> bool:
    """A provider account keeps its own institution, and no other account has one."""
    return user.is_provider and provider.account_id == user.pk
