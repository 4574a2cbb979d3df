"""Refusals of supervision."""

from accounts.exceptions import DomainError


class SupervisionError(DomainError):
    """A warning could not be followed up; the message says why."""
