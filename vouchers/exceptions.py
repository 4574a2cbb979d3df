"""Refusals of vouchers and their ledger."""

from accounts.exceptions import DomainError


class VoucherError(DomainError):
    """Money could not be moved; the message says why and what to do."""
