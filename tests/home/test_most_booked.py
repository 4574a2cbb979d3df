"""The section of the most booked instruments, and what bookings and orders ask for on the dashboard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from home.selectors import most_booked_instruments
from orders.models import Booking
from orders.services import bookings, orders
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, TestingServiceFactory
from tests.home.front import arrange, front, headings
from workflow import services as workflow

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def booked(instrument, times):
    return [make.a_booking(offer=instrument) for _each in range(times)]


def test_the_most_booked_come_first_within_a_year() -> None:
    seldom, often, long_ago, never = (
        InstrumentFactory(approved=True, provider__approved=True) for _each in range(4)
    )
    booked(seldom, 1)
    booked(often, 2)
    for booking in booked(long_ago, 3):
        Booking.objects.filter(pk=booking.pk).update(created_at=timezone.now() - timedelta(days=366))
    make.a_booking(offer=TestingServiceFactory(approved=True, provider__approved=True))

    assert most_booked_instruments(4) == [often, seldom]
    assert most_booked_instruments(1) == [often]
    assert never not in most_booked_instruments(4)


def test_a_withdrawn_instrument_is_not_shown_however_often_it_was_booked() -> None:
    instrument = InstrumentFactory(approved=True, provider__approved=True)
    booked(instrument, 2)
    workflow.withdraw(record=instrument, actor=instrument.provider.account)
    assert most_booked_instruments(4) == []


def test_the_section_is_there_once_there_are_bookings(client) -> None:
    arrange(("booked", {"number": 2}))
    assert "预约最多的仪器" not in headings(front(client))
    instrument = InstrumentFactory(approved=True, provider__approved=True, name="场发射扫描电镜")
    booked(instrument, 1)
    page = front(client)
    assert "预约最多的仪器" in headings(page)
    assert "场发射扫描电镜" in page


def todo_titles(account) -> list[str]:
    dashboard = signed_in(account).get("/centre/").context["dashboard"]
    return [todo.title for todo in dashboard.todos]


def test_what_waits_for_a_side_is_on_its_dashboard() -> None:
    provider = TestingServiceFactory(approved=True, provider__approved=True).provider
    consumer = ConsumerFactory(approved=True)
    offer = provider.testing_services.get()
    first, second = (make.a_booking(offer=offer, consumer=consumer) for _each in range(2))

    assert "有 2 条预约等待答复" in todo_titles(provider.account)
    bookings.reply(booking=first, actor=provider.account, text="样品要多大？")
    order = make.place(make.accept(second))
    orders.deliver(order=order, actor=provider.account)

    assert not any("等待答复" in title for title in todo_titles(provider.account))
    titles = todo_titles(consumer.account)
    assert titles[:2] == ["有 1 条预约，机构已回复", "有 1 份订单等待您确认完成"]


def test_a_todo_leads_to_the_list_in_that_state() -> None:
    booking = make.a_booking()
    dashboard = signed_in(booking.provider.account).get("/centre/").context["dashboard"]
    [todo] = [one for one in dashboard.todos if "等待答复" in one.title]
    assert todo.url == "/centre/bookings/?status=waiting"
