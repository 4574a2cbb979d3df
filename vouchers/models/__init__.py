"""Money and its ledger, and the applications it is granted for."""

from vouchers.models.applications import ApplicationProject, Grant, VoucherApplication
from vouchers.models.ledger import (
    GENESIS_HASH,
    HASHED,
    TERMS,
    Deadline,
    LedgerEntry,
    Pool,
    Voucher,
    VoucherNotice,
    content_of,
    entry_hash,
    money_field,
    terms_text,
)

__all__ = [
    "GENESIS_HASH",
    "HASHED",
    "TERMS",
    "ApplicationProject",
    "Deadline",
    "Grant",
    "LedgerEntry",
    "Pool",
    "Voucher",
    "VoucherApplication",
    "VoucherNotice",
    "content_of",
    "entry_hash",
    "money_field",
    "terms_text",
]
