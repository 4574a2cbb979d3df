"""A booking and an order as each side reads them: facts, what comes next, the other side, and what happened."""

from typing import Any

import pytest

from orders.services import bookings, orders
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def page_of(deal: Any, side: str) -> Any:
    page = signed_in(getattr(deal, side).account).get(deal.get_centre_url())
    assert page.status_code == 200
    return page


def buttons(page: Any) -> list[tuple[str, str]]:
    return [(str(one.label), one.look) for one in page.context["buttons"]]


@pytest.mark.parametrize(
    ("state", "side", "expected"),
    [
        ("placed", "provider", [("接单", "primary"), ("拒绝接单", "")]),
        ("placed", "consumer", [("撤回订单", "quiet")]),
        ("active", "provider", [("完成", "primary"), ("提议取消", "quiet")]),
        ("active", "consumer", [("提议取消", "quiet")]),
        ("delivered", "consumer", [("确认完成", "primary"), ("提出异议", "")]),
        ("delivered", "provider", []),
        ("disputed", "provider", [("完成", "primary")]),
        ("disputed", "consumer", [("确认完成", "primary")]),
        ("completed", "consumer", []),
    ],
)
def test_an_order_offers_what_that_side_may_do(state: str, side: str, expected: Any) -> None:
    page = page_of(make.an_order(state), side)
    assert buttons(page) == expected
    assert page.context["step"]


def test_the_other_sides_contact_is_there_from_the_booking_on() -> None:
    booking = make.a_booking()
    seen = page_of(booking, "provider").content.decode()
    assert booking.consumer.contact_mobile in seen
    assert booking.consumer.contact_name in seen
    assert booking.offer.contact_name in page_of(booking, "consumer").content.decode()


def test_a_booking_and_its_order_lead_to_each_other() -> None:
    order = make.an_order("active")
    assert order.get_centre_url() in page_of(order.booking, "consumer").content.decode()
    assert order.booking.get_centre_url() in page_of(order, "provider").content.decode()


def test_the_history_names_institutions_and_the_department_and_gives_reasons() -> None:
    order = make.an_order("disputed")
    orders.mediate(
        order=order,
        action=orders.MEDIATIONS[0],
        actor=make.mediator(first_name="某人"),
        reason="双方继续履行",
    )
    events = page_of(order, "consumer").context["events"]
    assert {event.actor for event in events} == {str(order.consumer), str(order.provider), "运营部门"}
    assert "双方继续履行" in [event.text for event in events]
    assert "报告缺少页码" in [event.text for event in events]


def test_the_reason_of_a_refused_booking_stands_there() -> None:
    booking = make.a_booking()
    bookings.refuse_booking(booking=booking, actor=booking.provider.account, reason="设备检修到月底")
    page = page_of(booking, "consumer")
    assert "设备检修到月底" in page.content.decode()
    assert buttons(page) == []


def test_work_put_on_record_is_marked() -> None:
    order = make.a_direct_order()
    assert ">补录</span>" in page_of(order, "provider").content.decode()
    assert "服务完成日期" in page_of(order, "provider").content.decode()


@pytest.mark.parametrize("kind", ["booking", "order"])
def test_nobody_else_finds_them(kind: str) -> None:
    order = make.an_order("active")
    address = (order.booking if kind == "booking" else order).get_centre_url()
    for stranger in (ConsumerFactory(approved=True).account, UserFactory(kind="provider")):
        assert signed_in(stranger).get(address).status_code == 404


@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_a_page_needs_few_queries(side: str, django_assert_max_num_queries: Any) -> None:
    order = make.an_order("completed")
    client = signed_in(getattr(order, side).account)
    for deal in (order, order.booking):
        client.get(deal.get_centre_url())
        with django_assert_max_num_queries(12):
            client.get(deal.get_centre_url())
