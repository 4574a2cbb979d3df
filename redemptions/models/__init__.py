"""Redemptions, and how they are paid."""

from redemptions.models.accounts import ProviderAccount
from redemptions.models.batches import BankResult, Objection, PayoutBatch, PayoutLine
from redemptions.models.claims import Redemption, RedemptionShare

__all__ = [
    "BankResult",
    "Objection",
    "PayoutBatch",
    "PayoutLine",
    "ProviderAccount",
    "Redemption",
    "RedemptionShare",
]
