"""One verb for each action on redemptions, payout batches and objections."""
