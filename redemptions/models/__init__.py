"""Redemptions, and how they are paid."""

from redemptions.models.batches import BankResult, Objection, PayoutBatch, PayoutLine
from redemptions.models.claims import Redemption, RedemptionShare

__all__ = ["BankResult", "Objection", "PayoutBatch", "PayoutLine", "Redemption", "RedemptionShare"]
