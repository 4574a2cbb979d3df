"""Redemptions, how they are paid, and what their checks look things up in."""

from redemptions.models.accounts import ProviderAccount
from redemptions.models.batches import BankResult, ClawBack, Objection, PayoutBatch, PayoutLine
from redemptions.models.claims import Redemption, RedemptionShare
from redemptions.models.evidence import ScanHash, SignIn

__all__ = [
    "BankResult",
    "ClawBack",
    "Objection",
    "PayoutBatch",
    "PayoutLine",
    "ProviderAccount",
    "Redemption",
    "RedemptionShare",
    "ScanHash",
    "SignIn",
]
