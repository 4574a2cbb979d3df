"""A booking becomes an order, and the order is completed: states, who is told, what is on record."""

from decimal import Decimal

import pytest

from accounts.models import Message
from orders.exceptions import OrderError, SlotTaken
from orders.models import Order
from orders.services import bookings, orders
from orders.statuses import BookingStatus, OrderStatus
from tests import order_factories as make
from tests.factories import InstrumentFactory
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db


def actions_on(record: object) -> list[str]:
    return list(AuditEntry.objects.of(record).order_by("pk").values_list("action", flat=True))


def test_an_unchanged_order_is_active_at_once_and_runs_to_its_completion() -> None:
    booking = make.a_booking()
    assert booking.status == BookingStatus.WAITING
    assert (
        Message.objects.filter(recipient=booking.provider.account, subject__startswith="收到新的预约").count()
        == 1
    )

    bookings.reply(booking=booking, actor=booking.provider.account, text="样品请寄到 3 号楼")
    booking.refresh_from_db()
    assert booking.status == BookingStatus.REPLIED

    booking = make.accept(booking)
    assert booking.status == BookingStatus.ACCEPTED
    assert booking.accepted_amount == Decimal("900.00")

    order = make.place(booking)
    booking.refresh_from_db()
    assert (order.status, booking.status) == (OrderStatus.ACTIVE, BookingStatus.ORDERED)
    assert order.changes == []
    assert order.total_amount == Decimal("900.00")

    order = orders.deliver(order=order, actor=order.provider.account)
    order = orders.confirm(order=order, actor=order.consumer.account)
    assert order.status == OrderStatus.COMPLETED
    assert actions_on(order) == [Action.PLACE_ORDER, Action.DELIVER, Action.CONFIRM]
    assert actions_on(booking) == [Action.BOOK, Action.REPLY, Action.ACCEPT_BOOKING, Action.PLACE_ORDER]


def test_a_changed_order_waits_for_the_provider_and_names_the_changes() -> None:
    booking = make.an_accepted_booking("300")
    with pytest.raises(OrderError, match="已与接券机构沟通一致"):
        make.place(booking, price="320", agrees=False)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.ACCEPTED
    assert not Order.objects.exists()

    order = make.place(booking, price="320")
    assert order.status == OrderStatus.PLACED
    assert order.changes == [["单价", "300 元", "320 元"], ["总金额", "900 元", "960 元"]]
    assert orders.accept_order(order=order, actor=order.provider.account).status == OrderStatus.ACTIVE


def test_a_refused_order_leaves_the_booking_to_be_ordered_again() -> None:
    order = make.an_order("placed")
    order = orders.refuse_order(order=order, actor=order.provider.account, reason="单价与商定的不同")
    order.booking.refresh_from_db()
    assert (order.status, order.booking.status) == (OrderStatus.REFUSED, BookingStatus.ACCEPTED)
    assert make.place(order.booking).status == OrderStatus.ACTIVE


def test_a_booking_is_ordered_once() -> None:
    booking = make.an_accepted_booking()
    make.place(booking)
    with pytest.raises(OrderError, match="现在是“已下单”"):
        make.place(booking)
    assert Order.objects.count() == 1


def test_a_time_is_accepted_once_and_free_again_after_a_cancelled_order() -> None:
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    make.open_all_week(instrument)
    slot = make.a_slot()
    first, second = (make.a_booking(offer=instrument, slot=slot) for _each in range(2))
    first = make.accept(first)
    with pytest.raises(SlotTaken, match="最近的空闲时间"):
        make.accept(second)
    second.refresh_from_db()
    assert second.status == BookingStatus.WAITING

    order = make.place(first)
    order = orders.propose_cancel(order=order, actor=order.consumer.account, reason="样品报废")
    order = orders.agree_to_cancel(order=order, actor=order.provider.account)
    first.refresh_from_db()
    assert (order.status, first.status) == (OrderStatus.CANCELLED, BookingStatus.CANCELLED)
    assert make.accept(second).status == BookingStatus.ACCEPTED


def test_a_direct_order_waits_for_the_provider() -> None:
    order = make.a_direct_order()
    assert (order.status, order.is_direct, order.total_amount) == (
        OrderStatus.PLACED,
        True,
        Decimal("1000.00"),
    )


def test_an_invoice_is_used_once() -> None:
    invoice = make.an_invoice()
    order = invoice.order
    with pytest.raises(OrderError, match="已在本平台使用过"):
        make.an_invoice(order)
    assert order.invoices.count() == 1
