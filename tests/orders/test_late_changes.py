"""What happens between one step and the next: a time that is moved, a provider that is suspended, a day that has passed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Message
from institutions.suspension import suspend_provider
from orders.exceptions import OrderError
from orders.models import Booking
from orders.services import documents, orders
from orders.statuses import BookingStatus, OrderStatus
from tests import order_factories as make
from tests.conftest import signed_in
from tests.factories import InstrumentFactory, UserFactory, reviewer
from workflow.models import AuditEntry
from workflow.setup import REVIEWERS

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def test_a_moved_time_is_told_and_stays_on_record() -> None:
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    make.open_all_week(instrument)
    booking = make.a_booking(offer=instrument, slot=make.a_slot(days=1))
    other = make.a_slot(days=2)
    booking = make.accept(booking, slot=other)
    said = Message.objects.filter(recipient=booking.consumer.account).latest("pk").body
    assert f"上机时间改为 {other}。" in said
    assert AuditEntry.objects.of(booking).latest("pk").reason == f"上机时间改为 {other}。"
    page = signed_in(booking.consumer.account).get(booking.get_centre_url()).content.decode()
    assert page.count(str(other)) == 2  # in what was accepted, and in the record


def test_nothing_is_delivered_before_the_time_on_the_instrument() -> None:
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    make.open_all_week(instrument)
    booking = make.a_booking(offer=instrument, slot=make.a_slot(days=5))
    with pytest.raises(OrderError, match="承诺交付日期早于上机日期"):
        make.accept(booking, delivery_on=make.in_days(4))


def suspended(order: object) -> None:
    suspend_provider(provider=order.provider, actor=reviewer(), reason="核查中", until=make.in_days(30))


def test_a_suspended_provider_accepts_no_order_but_may_refuse_it() -> None:
    order = make.an_order("placed")
    suspended(order)
    with pytest.raises(OrderError, match="不能接新的订单"):
        orders.accept_order(order=order, actor=order.provider.account)
    order.refresh_from_db()
    assert order.status == OrderStatus.PLACED
    assert orders.refuse_order(order=order, actor=order.provider.account, reason="暂停中").status == (
        OrderStatus.REFUSED
    )


def test_a_booking_past_its_day_is_neither_accepted_nor_ordered() -> None:
    waiting, accepted = make.a_booking(), make.an_accepted_booking()
    yesterday = timezone.localdate() - timedelta(days=1)
    Booking.objects.update(expires_on=yesterday)
    for booking in (waiting, accepted):
        booking.refresh_from_db()
    with pytest.raises(OrderError, match="已过期，不能再接受"):
        make.accept(waiting)
    with pytest.raises(OrderError, match="过期，不能下单"):
        make.place(accepted)
    accepted.refresh_from_db()
    assert accepted.status == BookingStatus.ACCEPTED


def test_taking_an_order_back_gains_no_time() -> None:
    order = make.an_order("placed")
    Booking.objects.update(expires_on=make.in_days(2))
    orders.withdraw_order(order=order, actor=order.consumer.account, reason="再改改")
    assert Booking.objects.get().expires_on == make.in_days(2)


def test_those_who_mediate_hear_of_a_dispute() -> None:
    mediator, editor = make.mediator(), UserFactory(staff=True, groups=["编辑"])
    order = make.an_order("disputed")
    told = Message.objects.get(recipient=mediator)
    assert told.link == f"/admin/orders/{order.pk}/mediate/"
    assert order.dispute_reason in told.body
    assert not Message.objects.filter(recipient=editor).exists()
    assert REVIEWERS in mediator.groups.values_list("name", flat=True)


def test_the_other_side_hears_of_papers_and_of_invoices() -> None:
    invoice = make.an_invoice()
    told = Message.objects.filter(recipient=invoice.order.provider.account).latest("pk")
    assert invoice.number in told.body


def test_an_order_takes_twenty_invoices_and_no_more(monkeypatch) -> None:
    monkeypatch.setattr(documents, "MOST_INVOICES", 1)
    invoice = make.an_invoice()
    with pytest.raises(OrderError, match="最多 1 张发票"):
        make.an_invoice(invoice.order, number="24617000000012345679")
    assert invoice.order.invoices.count() == 1
