"""Refusals of figures."""

from accounts.exceptions import DomainError


class FiguresError(DomainError):
    """A provider's year could not be confirmed, disputed, answered or opened; the message says why."""
