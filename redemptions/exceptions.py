from accounts.exceptions import DomainError


class RedemptionError(DomainError):
    """Refusals of redemptions, payout batches and what belongs to them."""
