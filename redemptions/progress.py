"""已提交 → 审核中 → 公示中 → 待拨付 → 已拨付: where a claim stands, for its consumer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from redemptions.models import Redemption
from redemptions.statuses import RedemptionStatus

# The states that each step of the way holds.
WAY: tuple[tuple[str | Promise, frozenset[RedemptionStatus]], ...] = (
    (_("已提交"), frozenset({RedemptionStatus.SUBMITTED})),
    (_("审核中"), frozenset({RedemptionStatus.CHECKED, RedemptionStatus.APPROVED})),
    (_("公示中"), frozenset({RedemptionStatus.PUBLISHED})),
    (_("待拨付"), frozenset({RedemptionStatus.PAYABLE, RedemptionStatus.FAILED})),
    (_("已拨付"), frozenset({RedemptionStatus.PAID})),
)


@dataclass(frozen=True)
class WayPoint:
    label: str | Promise
    is_done: bool
    is_current: bool


def progress_of(redemption: Redemption) -> Sequence[WayPoint]:
    """Empty for one that is off the way: returned, withdrawn or refused."""
    at = next((place for place, (_label, states) in enumerate(WAY) if redemption.status in states), None)
    if at is None:
        return []
    return [WayPoint(label, place < at, place == at) for place, (label, _states) in enumerate(WAY)]
