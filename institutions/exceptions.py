"""Refusals of the institutions app."""

from accounts.exceptions import DomainError


class InstitutionError(DomainError):
    """An action on an institution was refused."""
