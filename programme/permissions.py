"""Who may settle the programme's parameters. Predicates only; the services raise the sentences."""

from accounts.models import User
from programme.models import ProgrammeParameters


def may_settle(user: User, parameters: ProgrammeParameters) -> bool:
    """Staff with the permission; a set that is not stored yet is an addition."""
    return user.has_perm(f"programme.{'add' if parameters.pk is None else 'change'}_programmeparameters")


def may_drop(user: User) -> bool:
    return user.has_perm("programme.delete_programmeparameters")
