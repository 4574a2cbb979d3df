"""The audit trail of a redemption, as the consumer reads it. Staff stay unnamed."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.money import format_yuan
from redemptions.models import Redemption
from vouchers.selectors import Line
from workflow.models import AuditEntry
from workflow.statuses import Action

TONES = {
    Action.APPROVE_CLAIM: "good",
    Action.PAY: "good",
    Action.RETURN_CLAIM: "bad",
    Action.REFUSE_CLAIM: "bad",
    Action.FAIL_PAYMENT: "bad",
    Action.CLAW_BACK: "bad",
}
# What happens inside the house is not the consumer's to read.
INTERNAL = frozenset(
    {
        Action.MAKE_BATCH,
        Action.LEAVE_BATCH,
        Action.DRAW,
        Action.INSPECT,
        Action.EXPORT_BATCH,
        Action.OBJECT,
        Action.ANSWER_OBJECTION,  # one that is upheld shows as what came of it
    }
)
# Of these the remark is the consumer's too; a checker's is for the decider.
TOLD = frozenset(
    {
        Action.APPROVE_CLAIM,
        Action.RETURN_CLAIM,
        Action.REFUSE_CLAIM,
        Action.FAIL_PAYMENT,
        Action.PAY,
        Action.RENEW_ACCOUNT,
        Action.CLAW_BACK,
    }
)


def history(redemption: Redemption) -> Sequence[Line]:
    """Newest first, for components/timeline.html."""
    own = redemption.consumer.account_id
    return [
        Line(
            title=str(Action(entry.action).label),
            time=entry.at,
            actor=_("本机构") if entry.actor_id == own else _("运营部门"),
            text=_text(entry),
            tone=TONES.get(Action(entry.action), "info"),
        )
        for entry in AuditEntry.objects.of(redemption)
        if Action(entry.action) not in INTERNAL
    ]


def _text(entry: AuditEntry) -> str:
    words = []
    if "amount" in entry.changes:
        words.append(_("金额 %s 元") % format_yuan(Decimal(entry.changes["amount"][1])))
    if entry.reason and Action(entry.action) in TOLD:
        words.append(entry.reason)
    return "，".join(words)
