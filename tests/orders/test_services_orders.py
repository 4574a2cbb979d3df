"""Verbs of orders: what each needs, what becomes of the booking, and that a refusal leaves nothing."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Message
from orders.exceptions import OrderError
from orders.models import Order, OrderItem
from orders.services import orders
from orders.services.orders import settled_items
from orders.statuses import BookingStatus, OrderStatus
from tests import order_factories as make
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db


def an_item(**values: Any) -> OrderItem:
    fields = {"name": "拉伸试验", "quantity": Decimal(3), "unit": "sample", "price_amount": Decimal(300)}
    return OrderItem(**fields | values)


def place(booking: Any, items: list[OrderItem], total: str = "900", **texts: Any) -> Order:
    values = {"requirements": booking.requirements, "delivery_on": booking.accepted_delivery_on}
    return orders.place_order(
        booking=booking,
        order=Order(**values | texts),
        items=items,
        total_amount=Decimal(total),
        actor=booking.consumer.account,
        agrees=True,
    )


def test_an_order_keeps_its_items_and_their_sum() -> None:
    booking = make.an_accepted_booking()
    items = [an_item(), an_item(name="弯曲试验", quantity=Decimal("2.5"), price_amount=Decimal("10.10"))]
    order = place(booking, items, "925.25")
    order.refresh_from_db()
    assert order.number.startswith("DD")
    assert order.total_amount == Decimal("925.25")
    assert [(one.name, one.amount) for one in order.items.all()] == [
        ("拉伸试验", Decimal("900.00")),
        ("弯曲试验", Decimal("25.25")),
    ]
    assert (order.consumer, order.provider, order.offer) == (
        booking.consumer,
        booking.provider,
        booking.offer,
    )


@pytest.mark.parametrize(
    ("items", "total", "sentence"),
    [
        ([], "0", "请至少填写一个订单项目。"),
        ([an_item(quantity=Decimal(0))], "0", "“拉伸试验”的数量应大于 0。"),
        ([an_item(quantity=Decimal(-3))], "-900", "“拉伸试验”的数量应大于 0。"),
        ([an_item(price_amount=Decimal(0))], "0", "“拉伸试验”的单价应大于 0 元。"),
        ([an_item(quantity=Decimal(100000), price_amount=Decimal("0.01"))], "1000", "“拉伸试验”的数量过大"),
        (
            [an_item(quantity=Decimal("0.01"), price_amount=Decimal("0.01"))],
            "0",
            "“拉伸试验”的金额不足 0.01 元",
        ),
        (
            [an_item()],
            "900.01",
            "总金额 900.01 元与各项目合计 900 元不一致，请核对数量、单价和总金额。",
        ),
        ([an_item()], "-900", "不一致"),
        ([an_item()] * 51, "45900", "一份订单最多 50 个项目"),
        ([an_item(price_amount=Decimal("33333333.34"))], "100000000.02", "总金额过大"),
    ],
)
def test_items_that_are_not_in_order_place_nothing(items: Any, total: str, sentence: str) -> None:
    booking = make.an_accepted_booking()
    messages, entries = Message.objects.count(), AuditEntry.objects.count()
    with pytest.raises(OrderError, match=sentence):
        place(booking, items, total)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.ACCEPTED
    assert not Order.objects.exists()
    assert (Message.objects.count(), AuditEntry.objects.count()) == (messages, entries)


def test_fifty_items_and_a_fen_less_than_a_hundred_million_are_settled() -> None:
    assert len(settled_items([an_item()] * 50, Decimal(45000))) == 50
    (item,) = settled_items(
        [an_item(quantity=Decimal(1), price_amount=Decimal("99999999.99"))], Decimal("99999999.99")
    )
    assert item.amount == Decimal("99999999.99")


def test_a_day_of_delivery_that_has_passed_is_refused() -> None:
    booking = make.an_accepted_booking()
    with pytest.raises(OrderError, match="交付日期已过"):
        make.place(booking, delivery_on=make.in_days(-1))
    assert not Order.objects.exists()
    assert make.place(booking, delivery_on=make.in_days(0)).status == OrderStatus.PLACED


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(1, "完成日期不能晚于今天"), (-731, "完成日期在两年以前")],
)
def test_a_direct_order_is_for_work_done_in_the_last_two_years(days: int, sentence: str) -> None:
    with pytest.raises(OrderError, match=sentence):
        make.a_direct_order(delivery_on=make.in_days(days))
    assert not Order.objects.exists()


@pytest.mark.parametrize("days", [0, -730])
def test_work_of_today_and_of_two_years_ago_is_put_on_record(days: int) -> None:
    order = make.a_direct_order(delivery_on=make.in_days(days))
    assert (order.status, order.is_direct, order.booking) == (OrderStatus.PLACED, True, None)


@pytest.mark.parametrize("declared", ["is_compulsory", "is_related"])
def test_what_is_declared_refuses_a_direct_order(declared: str) -> None:
    order = Order(requirements="成分分析", delivery_on=make.in_days(-1))
    order.offer = make.TestingServiceFactory(approved=True, provider__approved=True)
    declares = {"is_compulsory": False, "is_related": False, declared: True}
    with pytest.raises(OrderError, match="不能使用创新券"):
        orders.place_direct_order(
            order=order,
            items=[an_item()],
            total_amount=Decimal(900),
            actor=make.ConsumerFactory(approved=True).account,
            **declares,
        )
    assert not Order.objects.exists()


@pytest.mark.parametrize("verb", [orders.refuse_order, orders.withdraw_order])
def test_a_refused_or_withdrawn_order_lets_its_booking_be_ordered_again(verb: Any) -> None:
    order = make.an_order("placed")
    side = order.provider if verb is orders.refuse_order else order.consumer
    order = verb(order=order, actor=side.account, reason="单价不符")
    order.booking.refresh_from_db()
    assert (order.booking.status, order.booking.closing_reason) == (BookingStatus.ACCEPTED, "")
    assert order.closing_reason == "单价不符"
    again = make.place(order.booking)
    assert again.status == OrderStatus.ACTIVE
    assert again.booking.orders.count() == 2


def test_a_direct_order_is_refused_and_withdrawn_without_a_booking() -> None:
    first, second = make.a_direct_order(), make.a_direct_order()
    first = orders.refuse_order(order=first, actor=first.provider.account, reason="没有这项服务")
    second = orders.withdraw_order(order=second, actor=second.consumer.account, reason="填错了")
    assert (first.status, second.status) == (OrderStatus.REFUSED, OrderStatus.CANCELLED)


def test_an_order_cancelled_by_both_closes_its_booking() -> None:
    order = make.an_order("active")
    order = orders.propose_cancel(order=order, actor=order.provider.account, reason="仪器故障")
    order = orders.agree_to_cancel(order=order, actor=order.consumer.account)
    order.booking.refresh_from_db()
    assert (order.status, order.closing_reason) == (OrderStatus.CANCELLED, "仪器故障")
    assert (order.booking.status, order.booking.closing_reason) == (BookingStatus.CANCELLED, "仪器故障")
    with pytest.raises(OrderError, match="已取消"):
        make.place(order.booking)


def test_a_proposal_that_is_declined_or_dropped_leaves_no_reason_behind() -> None:
    order = make.an_order("active")
    consumer, provider = order.consumer.account, order.provider.account
    order = orders.propose_cancel(order=order, actor=consumer, reason="样品报废")
    with pytest.raises(OrderError, match="不能再完成"):
        orders.deliver(order=order, actor=provider)
    order = orders.decline_to_cancel(order=order, actor=provider, reason="已经做完")
    assert (order.status, order.closing_reason) == (OrderStatus.ACTIVE, "")
    order = orders.propose_cancel(order=order, actor=provider, reason="仪器故障")
    order = orders.drop_cancel(order=order, actor=provider)
    order.refresh_from_db()
    assert (order.status, order.closing_reason) == (OrderStatus.ACTIVE, "")


@pytest.mark.parametrize("reason", ["", " \n\u3000"])
@pytest.mark.parametrize(
    ("state", "side", "verb"),
    [
        ("placed", "provider", orders.refuse_order),
        ("placed", "consumer", orders.withdraw_order),
        ("active", "consumer", orders.propose_cancel),
        ("active", "provider", orders.propose_cancel),
        ("consumer_cancels", "provider", orders.decline_to_cancel),
        ("delivered", "consumer", orders.dispute),
    ],
)
def test_saying_no_needs_a_reason(state: str, side: str, verb: Any, reason: str) -> None:
    order = make.an_order("active" if state == "consumer_cancels" else state)
    if state == "consumer_cancels":
        order = orders.propose_cancel(order=order, actor=order.consumer.account, reason="样品报废")
    before = (Order.objects.values().get(), Message.objects.count(), AuditEntry.objects.count())
    with pytest.raises(OrderError, match="请填写原因，对方会看到"):
        verb(order=order, actor=getattr(order, side).account, reason=reason)
    assert (Order.objects.values().get(), Message.objects.count(), AuditEntry.objects.count()) == before


@pytest.mark.parametrize("action", orders.MEDIATIONS)
def test_staff_mediate_a_dispute_with_a_reason(action: Action) -> None:
    order = make.an_order("disputed")
    staff = make.mediator()
    with pytest.raises(OrderError, match="请填写原因"):
        orders.mediate(order=order, action=action, actor=staff, reason=" ")
    order = orders.mediate(order=order, action=action, actor=staff, reason="双方已协商")
    expected = {
        Action.MEDIATE_RESUME: (OrderStatus.ACTIVE, BookingStatus.ORDERED),
        Action.MEDIATE_CONFIRM: (OrderStatus.DELIVERED, BookingStatus.ORDERED),
        Action.MEDIATE_CANCEL: (OrderStatus.CANCELLED, BookingStatus.CANCELLED),
    }[action]
    order.booking.refresh_from_db()
    assert (order.status, order.booking.status) == expected
    assert (order.completed_at, order.dispute_reason) == (None, "报告缺少页码")


def test_a_mediation_is_one_of_three() -> None:
    order = make.an_order("disputed")
    with pytest.raises(OrderError, match="请选择调解结果"):
        orders.mediate(order=order, action=Action.CONFIRM, actor=make.mediator(), reason="直接确认")
    order.refresh_from_db()
    assert order.status == OrderStatus.DISPUTED


def test_a_dispute_is_settled_by_delivering_again() -> None:
    order = make.an_order("disputed")
    first = order.delivered_at
    with pytest.raises(OrderError, match="请说明做了什么处理"):
        orders.deliver(order=order, actor=order.provider.account, note=" ")
    assert Order.objects.get().status == OrderStatus.DISPUTED
    order = orders.deliver(order=order, actor=order.provider.account, note="重测了 2 号样品")
    assert (order.status, order.delivered_at > first) == (OrderStatus.DELIVERED, True)
    assert AuditEntry.objects.of(order).first().reason == "重测了 2 号样品"
    told = Message.objects.filter(recipient=order.consumer.account).order_by("-pk").first()
    assert "处理说明：重测了 2 号样品" in told.body
    order = orders.confirm(order=order, actor=order.consumer.account)
    assert order.completed_at is not None


def test_a_page_opened_before_moves_nothing_that_has_moved_since() -> None:
    stale = make.an_order("delivered")
    orders.confirm(order=stale, actor=stale.consumer.account)
    with pytest.raises(OrderError) as caught:
        orders.dispute(order=stale, actor=stale.consumer.account, reason="报告缺页")
    assert str(caught.value) == (
        f"订单 {stale.number} 现在是“已完成”，不能再提出异议。请刷新页面，查看最新进展。"
    )
