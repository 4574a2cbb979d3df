"""The only place that changes the state of a redemption."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.services import notify
from redemptions.exceptions import RedemptionError
from redemptions.models import Redemption
from redemptions.permissions import roles_of
from redemptions.statuses import MOVES, RedemptionStatus, Role
from workflow.audit import record_step
from workflow.statuses import Action


def allowed(redemption: Redemption, actor: User) -> set[Action]:
    """What the actor may do with it now."""
    roles = roles_of(actor, redemption)
    return {action for status, action, role in MOVES if status == redemption.status and role in roles}


def acting(redemption: Redemption, actor: User | None, action: Action) -> Role:
    """In which capacity the actor does it, None being the system. Raises RedemptionError where it is not theirs, or not now."""
    roles = roles_of(actor, redemption) if actor else {Role.SYSTEM}
    mine = {role for _status, one, role in MOVES if one == action and role in roles}
    require(
        bool(mine),
        RedemptionError(_("您没有对兑付申请进行“%s”的权限，请联系系统管理员。") % action.label),
    )
    now = {role for status, one, role in MOVES if (status, one) == (redemption.status, action)} & mine
    require(
        bool(now),
        RedemptionError(
            _("兑付申请 %(number)s 现在是“%(status)s”，不能再%(action)s。请刷新页面，查看最新进展。")
            % {
                "number": redemption.number,
                "status": redemption.consumer_label
                if Role.CONSUMER in mine
                else redemption.get_status_display(),
                "action": action.label,
            }
        ),
    )
    return min(now)


def move(
    redemption: Redemption,
    action: Action,
    *,
    actor: User | None,
    note: str = "",
    evidence: Mapping[str, list[str]] | None = None,
    **values: Any,
) -> RedemptionStatus:
    """Change the state by the table, with the values that go with it, and append to the audit trail.

    ``evidence`` goes into the entry's changes: staff read it, the consumer does not.

    The row is locked; the condition on the old state holds where there are no row locks (SQLite). Raises RedemptionError where the
    table has no such move for the actor, and then has changed nothing.
    """
    role = acting(redemption, actor, action)
    before = RedemptionStatus(redemption.status)
    after = MOVES[before, action, role]
    changes = {"status": [before.value, after.value]} if before != after else {}
    if "amount" in values and values["amount"] != redemption.amount:
        changes["amount"] = [str(redemption.amount), str(values["amount"])]
    changes |= evidence or {}
    values |= {"status": after, "updated_at": timezone.now()}
    written = Redemption.objects.filter(pk=redemption.pk, status=before).update(**values)
    require(
        written == 1,
        RedemptionError(_("兑付申请 %s 刚刚有了变化，请刷新页面后再试一次。") % redemption.number),
    )
    for name, value in values.items():
        setattr(redemption, name, value)
    record_step(record=redemption, actor=actor, action=action, changes=changes, reason=note)
    return after


def tell(redemption: Redemption, subject: str, body: str) -> None:
    """Put a message into the consumer's inbox, mailed and texted once the transaction has committed.

    The text has the subject up to its colon, after which amounts stand: the number may be a stranger's.
    """
    notify(
        recipient=redemption.consumer.account,
        subject=subject,
        body=_("兑付申请 %(number)s（订单 %(order)s，%(offer)s）：%(body)s")
        % {
            "number": redemption.number,
            "order": redemption.order.number,
            "offer": redemption.order.offer_name,
            "body": body,
        },
        link=redemption.get_centre_url(),
        text=_("%(subject)s（编号 %(number)s）")
        % {"number": redemption.number, "subject": subject.partition("：")[0]},
    )


def required_reason(text: str, question: str = "") -> str:
    """Raises RedemptionError where there is none."""
    require(bool(text.strip()), RedemptionError(question or _("请填写原因，用券机构会看到。")))
    return text.strip()
