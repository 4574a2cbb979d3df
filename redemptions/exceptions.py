from collections.abc import Sequence

from accounts.exceptions import DomainError


class RedemptionError(DomainError):
    """Refusals of redemptions, payout batches and what belongs to them."""


class FileProblems(RedemptionError):
    """All that is wrong with a file, or with the lines of a batch, each in a sentence of its own."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("".join(problems))
        self.problems = list(problems)
