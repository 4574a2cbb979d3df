"""The life of a submission as its owner may read it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from workflow.models import AuditEntry, Submission
from workflow.statuses import Action


@dataclass(frozen=True)
class HistoryEvent:
    """One decision in the life of a record, for components/timeline.html."""

    title: str
    time: Any
    actor: str
    text: str
    tone: str


TONES = {
    Action.SUBMIT: "info",
    Action.APPROVE_STEP: "info",
    Action.APPROVE: "good",
    Action.RETURN: "bad",
    Action.WITHDRAW: "wait",
    Action.SUSPEND: "bad",
    Action.LIFT: "good",
    Action.BAN: "bad",
    Action.LIFT_BAN: "good",
}


def history(record: Submission, viewer: User) -> list[HistoryEvent]:
    """What happened to the record, newest first, as its owner may know it: reviewers stay unnamed."""
    entries = AuditEntry.objects.of(record).filter(action__in=[Action.CREATE, *TONES])
    return [
        HistoryEvent(
            title=str(Action(entry.action).label),
            time=entry.at,
            actor=entry.actor_name if entry.actor_id in {viewer.pk, None} else _("审核人员"),
            text=entry.reason,
            tone=TONES.get(Action(entry.action), "neutral"),
        )
        for entry in entries
    ]
