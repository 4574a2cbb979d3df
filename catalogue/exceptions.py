"""Refusals of the catalogue app."""

from accounts.exceptions import DomainError


class CatalogueError(DomainError):
    """An action on a catalogue record was refused."""
