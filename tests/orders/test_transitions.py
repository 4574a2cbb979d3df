"""Every (state, action, actor) of bookings and orders, through the services: what the tables allow works, all else is refused.

One world for each action, put into each state by an update and back by a savepoint: what is asked is the same every time.
"""

import itertools
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Message, User
from orders.exceptions import OrderError
from orders.models import Booking, BookingMessage, Order
from orders.moves import allowed, move
from orders.services import bookings, orders
from orders.statuses import (
    AWAITED,
    BOOKING_MOVES,
    HOLDING,
    OPEN_BOOKINGS,
    ORDER_MOVES,
    BookingStatus,
    OrderStatus,
    Party,
)
from tests import order_factories as make
from tests.consumer_factories import ConsumerFactory
from tests.factories import ProviderFactory, UserFactory
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db

REASON = "样品报废"
# Who tries, and on whose behalf that would be.
ACTORS: dict[str, Party | None] = {
    "consumer": Party.CONSUMER,
    "provider": Party.PROVIDER,
    "mediator": Party.STAFF,
    "clerk": None,
    "another consumer": None,
    "another provider": None,
    "system": Party.SYSTEM,
}
# An order in which its booking is brought along by the action, where the order alone would allow it.
ALONG: dict[tuple[Action, str], OrderStatus] = {
    (Action.PLACE_ORDER, "consumer"): OrderStatus.CANCELLED,
    (Action.REFUSE_ORDER, "provider"): OrderStatus.PLACED,
    (Action.WITHDRAW_ORDER, "consumer"): OrderStatus.PLACED,
    (Action.AGREE_CANCEL, "provider"): OrderStatus.CONSUMER_CANCELS,
    (Action.AGREE_CANCEL, "consumer"): OrderStatus.PROVIDER_CANCELS,
    (Action.MEDIATE_CANCEL, "mediator"): OrderStatus.DISPUTED,
}


def a_world() -> SimpleNamespace:
    """A booking with its order, and all who try. The system is nobody."""
    order = make.an_order("placed")
    actors: dict[str, User | None] = {
        "consumer": order.consumer.account,
        "provider": order.provider.account,
        "mediator": make.mediator(),
        "clerk": UserFactory(staff=True),
        "another consumer": ConsumerFactory().account,
        "another provider": ProviderFactory().account,
        "system": None,
    }
    return SimpleNamespace(booking=order.booking, order=order, actors=actors)


def with_reason(verb: Any) -> Callable[[Any, Any], Any]:
    return lambda deal, actor: verb(order=deal, actor=actor, reason=REASON)


def without(verb: Any) -> Callable[[Any, Any], Any]:
    return lambda deal, actor: verb(order=deal, actor=actor)


def mediation(action: Action) -> Callable[[Any, Any], Any]:
    return lambda deal, actor: orders.mediate(order=deal, action=action, actor=actor, reason=REASON)


def accept(booking: Booking, actor: Any) -> Any:
    return bookings.accept_booking(
        booking=booking,
        actor=actor,
        quantity=Decimal(3),
        price_amount=Decimal(300),
        delivery_on=make.in_days(10),
    )


def place(booking: Booking, actor: Any) -> Any:
    item = make.accepted_item(booking)
    order = Order(requirements=booking.requirements, delivery_on=booking.accepted_delivery_on)
    return orders.place_order(
        booking=booking, order=order, items=[item], total_amount=item.amount, actor=actor, agrees=True
    )


def expire(booking: Booking, actor: Any) -> Any:
    """No verb lets an account do it: only what is below the verbs can be asked."""
    if actor is None:
        return bookings.expire_booking(booking=booking)
    return move(booking, Action.EXPIRE_BOOKING, actor=actor)


ORDER_VERBS: dict[Action, Callable[[Any, Any], Any]] = {
    Action.ACCEPT_ORDER: without(orders.accept_order),
    Action.REFUSE_ORDER: with_reason(orders.refuse_order),
    Action.WITHDRAW_ORDER: with_reason(orders.withdraw_order),
    Action.PROPOSE_CANCEL: with_reason(orders.propose_cancel),
    Action.AGREE_CANCEL: without(orders.agree_to_cancel),
    Action.DECLINE_CANCEL: with_reason(orders.decline_to_cancel),
    Action.DROP_CANCEL: without(orders.drop_cancel),
    Action.DELIVER: lambda order, actor: orders.deliver(order=order, actor=actor, note="已重测"),
    Action.CONFIRM: without(orders.confirm),
    Action.DISPUTE: with_reason(orders.dispute),
    **{action: mediation(action) for action in orders.MEDIATIONS},
}
BOOKING_VERBS: dict[Action, Callable[[Any, Any], Any]] = {
    Action.REPLY: lambda deal, actor: bookings.reply(booking=deal, actor=actor, text="请问何时送样？"),
    Action.ACCEPT_BOOKING: accept,
    Action.REFUSE_BOOKING: lambda deal, actor: bookings.refuse_booking(
        booking=deal, actor=actor, reason=REASON
    ),
    Action.CANCEL_BOOKING: lambda deal, actor: bookings.cancel_booking(
        booking=deal, actor=actor, reason=REASON
    ),
    Action.PLACE_ORDER: place,
    Action.EXPIRE_BOOKING: expire,
    **{
        action: lambda deal, actor, verb=ORDER_VERBS[action]: verb(deal.orders.get(), actor)
        for action in (
            Action.REFUSE_ORDER,
            Action.WITHDRAW_ORDER,
            Action.AGREE_CANCEL,
            Action.MEDIATE_CANCEL,
        )
    },
}


def everything() -> list[Any]:
    """What a refusal leaves as it was."""
    rows = [list(model.objects.order_by("pk").values()) for model in (Booking, Order)]
    return [*rows, *(model.objects.count() for model in (AuditEntry, Message, BookingMessage))]


def fault_of(deal: Any, actor: User | None, action: Action, verb: Any, after: str | None) -> str:
    """What is wrong with how the attempt ended; empty where nothing is. ``after``: the table's state, None where it has none."""
    before, entries = everything(), AuditEntry.objects.of(deal).count()
    status = deal.status
    try:
        with transaction.atomic():
            verb(deal, actor)
    except OrderError as error:
        if after is not None:
            return f"refused: {error}"
        if not str(error).endswith("。") or len(str(error)) < 10:
            return f"no sentence: {error}"
        return "" if everything() == before else "refused, but something changed"
    if after is None:
        return "worked"
    deal.refresh_from_db()
    found = AuditEntry.objects.of(deal).order_by("pk")
    last = found.last()
    changes = {} if status == after else {"status": [status, after]}
    expected = (after, entries + 1, action, actor, changes)
    seen = (deal.status, found.count(), last.action, last.actor, last.changes)
    return "" if seen == expected else f"{seen} instead of {expected}"


def attempts(model: Any, action: Action, verb: Any, prepare: Callable[[Any, str, Any], None]) -> list[str]:
    """The faults of that action in every state by every actor."""
    world, faults = a_world(), []
    moves = BOOKING_MOVES if model is Booking else ORDER_MOVES
    statuses = BookingStatus if model is Booking else OrderStatus
    deal_pk = (world.booking if model is Booking else world.order).pk
    for status, (name, party) in itertools.product(statuses, ACTORS.items()):
        savepoint = transaction.savepoint()
        prepare(world, name, status)
        deal = model.objects.select_related("consumer", "provider").get(pk=deal_pk)
        after = moves.get((status, action, party)) if party else None
        fault = fault_of(deal, world.actors[name], action, verb, after)
        faults += [f"{status} by {name}: {fault}"] if fault else []
        transaction.savepoint_rollback(savepoint)
    return faults


@pytest.mark.parametrize("action", ORDER_VERBS, ids=str)
def test_an_order_moves_by_the_table_and_no_other_way(action: Action) -> None:
    def prepare(world: Any, _actor: str, status: OrderStatus) -> None:
        Order.objects.filter(pk=world.order.pk).update(status=status)

    assert attempts(Order, action, ORDER_VERBS[action], prepare) == []


@pytest.mark.parametrize("action", BOOKING_VERBS, ids=str)
def test_a_booking_moves_by_the_table_and_no_other_way(action: Action) -> None:
    def prepare(world: Any, actor: str, status: BookingStatus) -> None:
        ended = {"expires_on": make.in_days(-1)} if action == Action.EXPIRE_BOOKING else {}
        Booking.objects.filter(pk=world.booking.pk).update(status=status, **ended)
        along = ALONG.get((action, actor), OrderStatus.PLACED)
        Order.objects.filter(pk=world.order.pk).update(status=along)

    assert attempts(Booking, action, BOOKING_VERBS[action], prepare) == []


def test_every_action_of_the_tables_is_walked() -> None:
    assert {action for _status, action, _party in ORDER_MOVES} == set(ORDER_VERBS)
    assert {action for _status, action, _party in BOOKING_MOVES} == set(BOOKING_VERBS)


def test_nobody_but_the_consumer_completes_an_order() -> None:
    completing = {
        (action, party)
        for (_status, action, party), after in ORDER_MOVES.items()
        if after == OrderStatus.COMPLETED
    }
    assert completing == {(Action.CONFIRM, Party.CONSUMER)}


def test_what_has_ended_does_not_begin_again() -> None:
    ended_orders = {OrderStatus.COMPLETED, OrderStatus.REFUSED, OrderStatus.CANCELLED}
    ended_bookings = {BookingStatus.REFUSED, BookingStatus.CANCELLED, BookingStatus.EXPIRED}
    assert set(OrderStatus) - {status for status, _action, _party in ORDER_MOVES} == ended_orders
    assert set(BookingStatus) - {status for status, _action, _party in BOOKING_MOVES} == ended_bookings
    assert set(BookingStatus) == OPEN_BOOKINGS | HOLDING | ended_bookings


@pytest.mark.parametrize("status", AWAITED, ids=lambda status: f"{type(status).__name__}-{status}")
def test_who_is_waited_for_can_end_the_waiting(status: Any) -> None:
    deal = (Booking if isinstance(status, BookingStatus) else Order)(status=status)
    moves = BOOKING_MOVES if isinstance(deal, Booking) else ORDER_MOVES
    party = AWAITED[status]
    assert any(moves[status, action, party] != status for action in allowed(deal, party))
