"""Bookings and orders for tests, all made by the real services."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from orders.calendar import Span
from orders.differences import accepted_item
from orders.models import Booking, Evaluation, Invoice, Offer, OpeningHours, Order, OrderItem, line_amount
from orders.services import bookings, calendar, orders
from orders.services.documents import upload_invoice
from orders.services.evaluations import evaluate
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory, TestingServiceFactory, UserFactory
from workflow.setup import REVIEWERS


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def a_slot(days: int = 1, hour: int = 9, hours: int = 2) -> Span:
    """That many days from today, beginning on the hour."""
    start = timezone.make_aware(datetime.datetime.combine(in_days(days), datetime.time(hour)))
    return Span(start, start + datetime.timedelta(hours=hours))


def open_all_week(instrument: Any) -> None:
    """Every day from 8 to 18."""
    hours = [OpeningHours(weekday=day, opens=datetime.time(8), closes=datetime.time(18)) for day in range(7)]
    calendar.set_opening_hours(instrument=instrument, hours=hours, actor=instrument.provider.account)


def a_booking(
    *,
    offer: Offer | None = None,
    consumer: Any = None,
    slot: Span | None = None,
    files: Any = (),
    **fields: Any,
) -> Booking:
    """待回复, of an approved consumer with a public provider."""
    offer = offer or TestingServiceFactory(approved=True, provider__approved=True)
    consumer = consumer or ConsumerFactory(approved=True)
    values = {
        "sample": "铝合金板材 3 块，无危险性",
        "requirements": "按 GB/T 228.1 测拉伸强度",
        "quantity": Decimal(3),
        "unit": "sample",
        "wished_on": in_days(10),
    }
    booking = Booking(**values | fields)
    booking.offer = offer
    if slot:
        booking.starts_at, booking.ends_at = slot.start, slot.end
    return bookings.book(
        booking=booking, actor=consumer.account, is_compulsory=False, is_related=False, files=files
    )


def accept(booking: Booking, price: Any = "300", **options: Any) -> Booking:
    values = {"quantity": booking.quantity, "delivery_on": in_days(10), **options}
    return bookings.accept_booking(
        booking=booking, actor=booking.provider.account, price_amount=Decimal(price), **values
    )


def an_accepted_booking(price: Any = "300", **options: Any) -> Booking:
    return accept(a_booking(**options), price)


def place(booking: Booking, *, price: Any = None, agrees: bool = True, **texts: Any) -> Order:
    """From an accepted booking: 进行中, or 待接单 where ``price`` or a text differs from what was accepted."""
    item = accepted_item(booking)
    if price is not None:
        item.price_amount = Decimal(price)
    total = line_amount(item.quantity, item.price_amount)
    values = {
        "requirements": booking.requirements,
        "delivery_on": booking.accepted_delivery_on,
        "terms": booking.accepted_note,
    }
    return orders.place_order(
        booking=booking,
        order=Order(**values | texts),
        items=[item],
        total_amount=total,
        actor=booking.consumer.account,
        agrees=agrees,
    )


def an_order(state: str = "active", **options: Any) -> Order:
    """Brought to the state by the services, 900 yuan: placed, active, delivered, disputed or completed."""
    booking = an_accepted_booking(**options)
    if state == "placed":
        return place(booking, price="320")
    order = place(booking)
    if state in {"delivered", "disputed", "completed"}:
        order = orders.deliver(order=order, actor=order.provider.account)
    if state == "disputed":
        order = orders.dispute(order=order, actor=order.consumer.account, reason="报告缺少页码")
    if state == "completed":
        order = orders.confirm(order=order, actor=order.consumer.account)
    return order


def a_direct_order(
    *, offer: Offer | None = None, consumer: Any = None, price: Any = "500", **texts: Any
) -> Order:
    """补录, 待接单."""
    consumer = consumer or ConsumerFactory(approved=True)
    order = Order(**{"requirements": "已完成的成分分析", "delivery_on": in_days(-3)} | texts)
    order.offer = offer or TestingServiceFactory(approved=True, provider__approved=True)
    item = OrderItem(name=order.offer_name, quantity=Decimal(2), unit="sample", price_amount=Decimal(price))
    return orders.place_direct_order(
        order=order,
        items=[item],
        total_amount=line_amount(item.quantity, item.price_amount),
        actor=consumer.account,
        is_compulsory=False,
        is_related=False,
    )


def invoice_of(order: Order, **fields: Any) -> Invoice:
    """As it would be typed for the order, not stored."""
    values = {
        "number": "24617000000012345678",
        "issued_on": in_days(0),
        "seller_name": order.provider.host_name,
        "seller_code": order.provider.host_code,
        "buyer_name": order.consumer.name,
        "buyer_code": order.consumer.code,
        "amount": order.total_amount,
    }
    file = fields.pop("file", None) or PrivateFileFactory(owner=order.consumer.account)
    return Invoice(file=file, **values | fields)


def an_invoice(order: Order | None = None, **fields: Any) -> Invoice:
    order = order or an_order("completed")
    return upload_invoice(order=order, invoice=invoice_of(order, **fields), actor=order.consumer.account)


def an_evaluation(order: Order | None = None, **fields: Any) -> Evaluation:
    order = order or an_order("completed")
    values = {"quality": 5, "speed": 4, "service": 3, "text": "报告清楚"}
    return evaluate(order=order, evaluation=Evaluation(**values | fields), actor=order.consumer.account)


def mediator(**fields: Any) -> User:
    return UserFactory(staff=True, groups=[REVIEWERS], **fields)
