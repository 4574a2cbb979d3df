"""The life of a booking or an order as its two sides may read it, for components/timeline.html."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Deal
from workflow.models import AuditEntry
from workflow.statuses import Action

TONES = {
    Action.ACCEPT_BOOKING: "good",
    Action.REFUSE_BOOKING: "bad",
    Action.CANCEL_BOOKING: "bad",
    Action.EXPIRE_BOOKING: "bad",
    Action.PLACE_ORDER: "good",
    Action.ACCEPT_ORDER: "good",
    Action.REFUSE_ORDER: "bad",
    Action.WITHDRAW_ORDER: "bad",
    Action.PROPOSE_CANCEL: "wait",
    Action.AGREE_CANCEL: "bad",
    Action.DELIVER: "info",
    Action.CONFIRM: "good",
    Action.DISPUTE: "bad",
    Action.MEDIATE_RESUME: "info",
    Action.MEDIATE_CONFIRM: "info",
    Action.MEDIATE_CANCEL: "bad",
}
# What was written stands in the thread.
SAID_ELSEWHERE = (Action.REPLY,)


@dataclass(frozen=True)
class DealEvent:
    title: str
    time: Any
    actor: str
    text: str
    tone: str


def history(deal: Deal) -> Sequence[DealEvent]:
    """What happened, newest first: the two sides by their institutions, staff as one."""
    entries = AuditEntry.objects.of(deal).exclude(action__in=SAID_ELSEWHERE)
    sides = {
        None: _("系统"),
        deal.consumer.account_id: str(deal.consumer),
        deal.provider.account_id: str(deal.provider),
    }
    return [
        DealEvent(
            title=str(Action(entry.action).label),
            time=entry.at,
            actor=sides.get(entry.actor_id, _("运营部门")),
            text=entry.reason,
            tone=TONES.get(Action(entry.action), "neutral"),
        )
        for entry in entries
    ]
