"""Refusals of the programme's parameters."""

from accounts.exceptions import DomainError


class ProgrammeError(DomainError):
    """A set of parameters could not be stored or found; the message says why and what to do."""
