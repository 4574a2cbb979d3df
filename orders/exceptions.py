"""Refusals of bookings and orders."""

from accounts.exceptions import DomainError


class OrderError(DomainError):
    """A booking or an order could not be moved; the message says why and what to do."""


class SlotTaken(OrderError):
    """The instrument is not free at that time."""
