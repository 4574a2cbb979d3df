"""The only place that changes the state of a booking or an order."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.exceptions import require
from accounts.models import User
from accounts.public_version import public_changed
from accounts.selectors import staff_who_may
from accounts.services import notify
from orders.exceptions import OrderError
from orders.models import Booking, Deal
from orders.permissions import party_of
from orders.statuses import BOOKING_MOVES, HOLDING, ORDER_MOVES, Party
from workflow.audit import record_step
from workflow.statuses import Action


def moves_of(deal: Deal) -> Mapping[tuple[Any, Action, Party], Any]:
    return BOOKING_MOVES if isinstance(deal, Booking) else ORDER_MOVES


def allowed(deal: Deal, party: Party | None) -> set[Action]:
    """What that side may do with it now."""
    return {action for status, action, who in moves_of(deal) if status == deal.status and who == party}


def acting(deal: Deal, actor: User | None, action: Action) -> Party:
    """On whose behalf the actor does it; nobody is the system. Raises OrderError where it is not theirs to do, or not now."""
    party = Party.SYSTEM if actor is None else party_of(actor, deal)
    mine = any(who == party and one == action for _status, one, who in moves_of(deal))
    require(
        mine,
        OrderError(
            _("您不能对%(deal)s进行“%(action)s”操作。") % {"deal": named(deal), "action": action.label}
        ),
    )
    require(
        action in allowed(deal, party),
        OrderError(
            _("%(deal)s现在是“%(status)s”，不能再%(action)s。请刷新页面，查看最新进展。")
            % {"deal": named(deal), "status": deal.label_for(party or Party.STAFF), "action": action.label}
        ),
    )
    return party  # type: ignore[return-value]  # `mine` has settled that it is one


def move(deal: Deal, action: Action, *, actor: User | None, reason: str = "", **values: Any) -> Party:
    """Change the state by the table, with the values that go with it, and append to the audit trail.

    The row is locked; the condition on the old state holds where there are no row locks (SQLite). Raises OrderError where the
    table has no such move for the actor's side, and then has changed nothing. Returns on whose behalf it was made.
    """
    party = acting(deal, actor, action)
    before, after = deal.status, moves_of(deal)[deal.status, action, party]
    now = timezone.now()
    values |= {"status": after, "updated_at": now}
    if before != after:  # another side's turn begins; one more message neither begins nor prolongs it
        values |= {"reminded_at": None} | ({"waiting_since": now} if isinstance(deal, Booking) else {})
    conditions = {"pk": deal.pk, "status": before}
    written = type(deal)._default_manager.filter(**conditions).update(**values)
    require(
        written == 1,
        OrderError(_("%s刚刚有了变化，请刷新页面后再试一次。") % named(deal)),
    )
    for name, value in values.items():
        setattr(deal, name, value)
    if isinstance(deal, Booking) and deal.starts_at and (before in HOLDING) != (after in HOLDING):
        public_changed()  # visitors read when the instrument is free
    changes = {"status": [str(before), str(after)]} if before != after else {}
    record_step(record=deal, actor=actor, action=action, changes=changes, reason=reason)
    return party


def named(deal: Deal) -> str:
    """As sentences have it: 订单 DD20261128-7K3M9QX."""
    return f"{deal._meta.verbose_name} {deal.number} "


def tell(deal: Deal, party: Party, subject: str, body: str) -> None:
    """Put a message into that side's inbox, and mail it once the transaction has committed."""
    notify(
        recipient=deal.account_of(party),
        subject=subject,
        body=_("%(deal)s（%(offer)s）：%(body)s")
        % {"deal": named(deal).strip(), "offer": deal.offer_name, "body": body},
        link=deal.get_centre_url(),
    )


def tell_mediators(order: Deal, reason: str) -> None:
    """Every member of staff who may mediate: a dispute waits for them too."""
    for account in staff_who_may("orders.mediate_order"):
        notify(
            recipient=account,
            subject=_("订单有异议：%s") % order.offer_name,
            body=_("%(deal)s：%(consumer)s 对 %(provider)s 的服务提出异议。原因：%(reason)s")
            % {
                "deal": named(order).strip(),
                "consumer": order.consumer,
                "provider": order.provider,
                "reason": reason,
            },
            link=reverse("mediate_order", args=[order.pk]),
        )


def other(party: Party) -> Party:
    """The other of the two sides."""
    return Party.PROVIDER if party == Party.CONSUMER else Party.CONSUMER


def required_reason(text: str) -> str:
    """Raises OrderError where there is none."""
    require(bool(text.strip()), OrderError(_("请填写原因，对方会看到。")))
    return text.strip()
