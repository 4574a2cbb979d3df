"""Who is told of what: each verb puts one message into the right inbox, and mails it with the address of the page."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from accounts.models import Message
from orders.models import Booking, Evaluation
from orders.services import bookings, evaluations, orders
from tests import order_factories as make

pytestmark = pytest.mark.django_db


def expired() -> Booking:
    booking = make.a_booking()
    Booking.objects.update(expires_on=make.in_days(-1))
    return booking


def cancelling(side: str) -> Any:
    order = make.an_order("active")
    return orders.propose_cancel(order=order, actor=getattr(order, side).account, reason="样品报废")


def evaluated() -> Any:
    order = make.an_order("completed")
    stars = {"quality": 5, "speed": 5, "service": 5}
    evaluations.evaluate(order=order, evaluation=Evaluation(**stars), actor=order.consumer.account)
    return order


def by(side: str, verb: Any, **options: Any) -> Callable[[Any], Any]:
    """The verb, of that side of the booking or order it is called for."""
    return lambda deal: verb(**{deal._meta.model_name: deal}, actor=getattr(deal, side).account, **options)


WHY = {"reason": "样品报废"}
OFFERED = {"quantity": Decimal(3), "price_amount": Decimal(300), "delivery_on": make.in_days(5)}
MEDIATED = {"reason": "双方已协商"}
# What begins it, what is done, who is told, and of what.
STEPS: dict[str, tuple[Callable[[], Any], Callable[[Any], Any], set[str], str]] = {
    "book": (lambda: None, lambda _none: make.a_booking(), {"provider"}, "收到新的预约"),
    "reply": (make.a_booking, by("provider", bookings.reply, text="样品？"), {"consumer"}, "预约有新留言"),
    "answer": (make.a_booking, by("consumer", bookings.reply, text="三块"), {"provider"}, "预约有新留言"),
    "accept": (
        make.a_booking,
        by("provider", bookings.accept_booking, **OFFERED),
        {"consumer"},
        "预约已被接受",
    ),
    "refuse": (make.a_booking, by("provider", bookings.refuse_booking, **WHY), {"consumer"}, "预约被拒绝"),
    "cancel": (make.a_booking, by("consumer", bookings.cancel_booking, **WHY), {"provider"}, "预约已取消"),
    "provider cancels": (
        make.an_accepted_booking,
        by("provider", bookings.cancel_booking, **WHY),
        {"consumer"},
        "预约已取消",
    ),
    "expire": (
        expired,
        lambda deal: bookings.expire_booking(booking=deal),
        {"consumer", "provider"},
        "预约已过期",
    ),
    "place": (make.an_accepted_booking, make.place, {"provider"}, "收到新的订单"),
    "place directly": (lambda: None, lambda _none: make.a_direct_order(), {"provider"}, "收到新的订单"),
    "accept order": (
        lambda: make.an_order("placed"),
        by("provider", orders.accept_order),
        {"consumer"},
        "接券机构已接单",
    ),
    "refuse order": (
        lambda: make.an_order("placed"),
        by("provider", orders.refuse_order, **WHY),
        {"consumer"},
        "接券机构未接单",
    ),
    "withdraw": (
        lambda: make.an_order("placed"),
        by("consumer", orders.withdraw_order, **WHY),
        {"provider"},
        "订单已撤回",
    ),
    "propose": (
        make.an_order,
        by("consumer", orders.propose_cancel, **WHY),
        {"provider"},
        "对方提议取消订单",
    ),
    "provider proposes": (
        make.an_order,
        by("provider", orders.propose_cancel, **WHY),
        {"consumer"},
        "对方提议取消订单",
    ),
    "agree": (
        lambda: cancelling("consumer"),
        by("provider", orders.agree_to_cancel),
        {"consumer"},
        "订单已取消",
    ),
    "decline": (
        lambda: cancelling("provider"),
        by("consumer", orders.decline_to_cancel, **WHY),
        {"provider"},
        "对方不同意取消订单",
    ),
    "drop": (
        lambda: cancelling("provider"),
        by("provider", orders.drop_cancel),
        {"consumer"},
        "对方撤回了取消提议",
    ),
    "deliver": (make.an_order, by("provider", orders.deliver), {"consumer"}, "服务已完成，请确认"),
    "confirm": (
        lambda: make.an_order("delivered"),
        by("consumer", orders.confirm),
        {"provider"},
        "用券机构已确认完成",
    ),
    "dispute": (
        lambda: make.an_order("delivered"),
        by("consumer", orders.dispute, **WHY),
        {"provider"},
        "用券机构提出异议",
    ),
    **{
        action: (
            lambda: make.an_order("disputed"),
            lambda order, action=action: orders.mediate(
                order=order, action=action, actor=make.mediator(), **MEDIATED
            ),
            {"consumer", "provider"},
            "异议的调解结果",
        )
        for action in orders.MEDIATIONS
    },
    "answer evaluation": (
        evaluated,
        lambda order: evaluations.answer_evaluation(
            evaluation=order.evaluation, actor=order.provider.account, text="感谢"
        ),
        {"consumer"},
        "接券机构回复了您的评价",
    ),
}


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_the_right_side_is_told_in_its_inbox_and_by_mail_with_a_link(
    step: str, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    begin, act, sides, subject = STEPS[step]
    deal = begin()
    seen = set(Message.objects.values_list("pk", flat=True))
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        done = act(deal)
    if step in {"reply", "answer", "answer evaluation"}:
        done = deal
    told = [one for one in Message.objects.all() if one.pk not in seen and "机构信息" not in one.subject]
    of_the_deal = [one for one in told if one.subject.startswith(subject)]
    assert {one.recipient for one in of_the_deal} == {getattr(done, side).account for side in sides}
    assert len(of_the_deal) == len(sides)
    assert not {one.recipient for one in told if one.link == done.get_centre_url()} - {
        getattr(done, side).account for side in sides
    }
    url = f"{settings.WAGTAILADMIN_BASE_URL}{done.get_centre_url()}"
    for message in of_the_deal:
        assert message.subject == f"{subject}：{done.offer_name}"
        assert message.link == done.get_centre_url()
        assert done.number in message.body
        (letter,) = [
            one for one in mail.outbox if subject in one.subject and one.to == [message.recipient.email]
        ]
        assert letter.body.endswith(url)


def test_an_action_that_is_refused_tells_nobody() -> None:
    order = make.an_order("delivered")
    before = Message.objects.count()
    with pytest.raises(orders.OrderError):
        orders.deliver(order=order, actor=order.provider.account)
    assert Message.objects.count() == before
