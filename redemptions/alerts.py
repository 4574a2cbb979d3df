"""The one place from which a failed check goes on to supervision."""

import logging
from collections.abc import Sequence

from redemptions.checks.base import Check
from redemptions.models import Redemption

logger = logging.getLogger("audit")


def report(redemption: Redemption, failed: Sequence[Check]) -> None:
    """On submission. For now into the structured log alone; supervision has no list of alerts yet."""
    for check in failed:
        logger.warning("claim %s failed check %s", redemption.number, check.key, extra={"check": check.key})
