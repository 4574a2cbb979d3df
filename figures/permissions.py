"""Who may do what with a provider's year. Predicates only."""

from accounts.models import User
from figures.models import ProviderYear


def owns(user: User, provider_year: ProviderYear) -> bool:
    return provider_year.provider.account_id == user.pk


def may_settle(user: User) -> bool:
    """Open a year for checking, answer, compute anew, open it again."""
    return user.has_perm("figures.settle_provideryear")
