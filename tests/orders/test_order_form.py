"""确认并下单 and 立即下单: what the forms ask, refuse and keep."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Booking, Order
from orders.services import orders
from orders.statuses import BookingStatus, OrderStatus
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import TestingServiceFactory
from tests.voucher_factories import parameters_with
from workflow import services as workflow

pytestmark = pytest.mark.django_db


def address(booking: Booking) -> str:
    return f"/centre/bookings/{booking.pk}/order/"


def as_accepted(booking: Booking, **fields: Any) -> dict[str, Any]:
    """What the form holds when it is opened."""
    return {
        "items-name": [booking.offer_name],
        "items-quantity": ["3"],
        "items-unit": ["sample"],
        "items-price_amount": ["300"],
        "total_amount": "900",
        "requirements": booking.requirements,
        "delivery_on": str(booking.accepted_delivery_on),
        "terms": booking.accepted_note,
        **fields,
    }


@pytest.fixture
def booking() -> Booking:
    return make.an_accepted_booking("300")


@pytest.fixture
def buyer(booking: Booking) -> Client:
    return signed_in(booking.consumer.account)


def test_the_form_opens_as_the_provider_accepted_it(
    buyer: Client, booking: Booking, django_assert_num_queries
) -> None:
    buyer.get(address(booking))
    with django_assert_num_queries(8):
        page = buyer.get(address(booking))
    form = page.context["form"]
    assert form.initial["items"] == [
        {"name": booking.offer_name, "quantity": 3, "unit": "sample", "price_amount": 300}
    ]
    assert form.initial["total_amount"] == 900
    assert 'value="900"' in page.content.decode()


def test_without_a_change_one_question_and_the_order_is_active(buyer: Client, booking: Booking) -> None:
    asked = buyer.post(address(booking), as_accepted(booking))
    assert "与已接受的预约一致，下单后订单直接开始" in asked.content.decode()
    assert not Order.objects.exists()

    answer = buyer.post(address(booking), as_accepted(booking, confirmed="1"))
    order = Order.objects.get()
    assert answer.url == f"/centre/orders/{order.pk}/"
    assert (order.status, order.changes) == (OrderStatus.ACTIVE, [])


def test_the_question_carries_all_that_was_typed(buyer: Client, booking: Booking) -> None:
    page = buyer.post(address(booking), as_accepted(booking)).content.decode()
    for name, value in (("items-price_amount", "300"), ("total_amount", "900"), ("items-unit", "sample")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_a_change_is_shown_side_by_side_and_needs_the_declaration(buyer: Client, booking: Booking) -> None:
    changed = as_accepted(booking, **{"items-price_amount": ["320"], "total_amount": "960"})
    page = buyer.post(address(booking), changed).content.decode()
    assert "有 2 处不同" in page
    assert "300 元" in page
    assert "320 元" in page
    assert not Order.objects.exists()

    asked = buyer.post(address(booking), changed | {"agrees": "on"}).content.decode()
    assert "须经接券机构接单后才开始" in asked
    buyer.post(address(booking), changed | {"agrees": "on", "confirmed": "1"})
    order = Order.objects.get()
    assert order.status == OrderStatus.PLACED
    assert order.changes == [["单价", "300 元", "320 元"], ["总金额", "900 元", "960 元"]]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"items-quantity": ["0"], "total_amount": "0"}, "应大于 0。"),
        ({"total_amount": "901"}, "总金额 901 元与各项目合计 900 元不一致"),
        ({"total_amount": "壹万元"}, "请填写数字金额"),
        ({"items-price_amount": ["一百"]}, "请填写数字金额"),
        ({"items-price_amount": ["0.004"]}, "最多保留两位小数"),
        ({"items-name": [""]}, "请填写；不需要这一行的，请移除。"),
        ({"items-unit": [""]}, "第 1 行单位：请填写。"),
        ({"items-unit": ["barrel"]}, "不在可选范围内"),
        (
            {name: [] for name in ("items-name", "items-quantity", "items-unit", "items-price_amount")},
            "请至少填写一个订单项目。",
        ),
        ({"delivery_on": ""}, "请填写“交付日期”。"),
        ({"delivery_on": "2020-01-01"}, "交付日期已过"),
        ({"delivery_on": "9999-12-31"}, "交付日期请选在两年以内。"),
        ({"requirements": ""}, "请填写“服务内容与要求”。"),
        ({"requirements": "字" * 2001}, "最多 2000 个字"),
        ({"terms": "合同\x00约定"}, "空字符"),
        ({"items-quantity": ["9999999"], "total_amount": "1"}, "数量太大"),
    ],
)
def test_what_is_refused_stands_at_its_field_and_stays_typed(
    buyer: Client, booking: Booking, fields: dict[str, Any], sentence: str
) -> None:
    posted = as_accepted(booking, **{"terms": "报告一式三份"} | fields)
    page = buyer.post(address(booking), posted | {"confirmed": "1", "agrees": "on"})
    assert page.status_code == 200
    assert sentence in page.content.decode()
    if "terms" not in fields:
        assert "报告一式三份" in page.content.decode()
    assert not Order.objects.exists()
    booking.refresh_from_db()
    assert booking.status == BookingStatus.ACCEPTED


def test_more_than_fifty_lines_are_too_many(buyer: Client, booking: Booking) -> None:
    rows = {
        "items-name": [f"项目 {number}" for number in range(51)],
        "items-quantity": ["1"] * 51,
        "items-unit": ["sample"] * 51,
        "items-price_amount": ["1"] * 51,
        "total_amount": "51",
    }
    page = buyer.post(address(booking), as_accepted(booking, **rows, confirmed="1", agrees="on"))
    assert "最多 50 行，现在有 51 行" in page.content.decode()
    assert not Order.objects.exists()


def test_a_withdrawn_service_cannot_be_ordered(buyer: Client, booking: Booking) -> None:
    workflow.withdraw(record=booking.offer, actor=booking.provider.account)
    page = buyer.post(address(booking), as_accepted(booking, confirmed="1"))
    assert "已撤回或正在修改" in page.content.decode()
    assert not Order.objects.exists()


def test_a_stale_tab_says_that_it_is_ordered_already(buyer: Client, booking: Booking) -> None:
    make.place(booking)
    page = buyer.post(address(booking), as_accepted(booking, confirmed="1"))
    assert "这条预约现在是“已下单”，不能下单。" in page.content.decode()
    assert Order.objects.count() == 1


def test_the_provider_cannot_order_and_strangers_find_nothing(booking: Booking) -> None:
    seller = signed_in(booking.provider.account)
    page = seller.post(address(booking), as_accepted(booking, confirmed="1"))
    assert "不能下单" in page.content.decode()
    stranger = signed_in(ConsumerFactory(approved=True).account)
    assert stranger.get(address(booking)).status_code == 404
    assert stranger.post(address(booking), as_accepted(booking, confirmed="1")).status_code == 404
    assert not Order.objects.exists()


# 立即下单


@pytest.fixture
def offer() -> Any:
    return TestingServiceFactory(approved=True, provider__approved=True)


@pytest.fixture
def company() -> Any:
    return ConsumerFactory(approved=True)


def direct_address(offer: Any) -> str:
    return f"/centre/orders/direct/testing/{offer.pk}/"


def done_work(**fields: Any) -> dict[str, Any]:
    return {
        "items-name": ["成分分析"],
        "items-quantity": ["2"],
        "items-unit": ["sample"],
        "items-price_amount": ["1,500.00"],
        "total_amount": "3000",
        "requirements": "铝合金成分分析，已出报告",
        "delivery_on": str(timezone.localdate() - timedelta(days=4)),
        "terms": "",
        "is_compulsory": "no",
        "is_related": "no",
        **fields,
    }


def test_work_already_done_is_put_on_record(offer: Any, company: Any) -> None:
    client = signed_in(company.account)
    assert "仅用于补录已经完成的服务" in client.get(direct_address(offer)).content.decode()
    assert "接券机构接单后订单才成立" in client.post(direct_address(offer), done_work()).content.decode()
    client.post(direct_address(offer), done_work(confirmed="1"))
    order = Order.objects.get()
    assert (order.is_direct, order.status, order.total_amount) == (True, OrderStatus.PLACED, 3000)
    page = client.get(order.get_centre_url()).content.decode()
    assert "补录" in page


def test_sent_twice_it_counts_once(offer: Any, company: Any) -> None:
    client = signed_in(company.account)
    client.post(direct_address(offer), done_work(confirmed="1"))
    page = client.post(direct_address(offer), done_work(confirmed="1"))
    assert "可能是同一份提交了两次" in page.content.decode()
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"is_compulsory": "yes"}, "强制检测和法定检测不能使用创新券"),
        ({"is_related": "yes"}, "有隶属、共建、产权等关系的，不能使用创新券"),
        ({"is_related": ""}, "请选择“是”或“否”。"),
        ({"delivery_on": "2999-01-01"}, "完成日期不能晚于今天"),
        ({"delivery_on": "2019-01-01"}, "完成日期在两年以前"),
    ],
)
def test_what_is_no_work_to_put_on_record(offer: Any, company: Any, fields: Any, sentence: str) -> None:
    page = signed_in(company.account).post(direct_address(offer), done_work(confirmed="1", **fields))
    assert sentence in page.content.decode()
    assert not Order.objects.exists()


def test_with_the_switch_off_the_address_says_why(offer: Any, company: Any) -> None:
    client = signed_in(company.account)
    parameters_with(direct_orders=False)
    page = client.get(direct_address(offer))
    assert page.status_code == 200
    assert "“立即下单”目前已关闭" in page.content.decode()
    assert page.context["form"] is None
    sent = client.post(direct_address(offer), done_work(confirmed="1"))
    assert "“立即下单”目前已关闭" in sent.content.decode()
    assert not Order.objects.exists()


def test_an_order_shows_its_figures_to_both_sides_and_to_nobody_else(django_assert_num_queries) -> None:
    order = make.an_order("placed")
    for account in (order.consumer.account, order.provider.account):
        client = signed_in(account)
        client.get(order.get_centre_url())
        page = client.get(order.get_centre_url()).content.decode()
        assert order.number in page
        assert "与已接受的预约的差异" in page
        assert "960" in page
    orders.accept_order(order=order, actor=order.provider.account)
    assert signed_in(ConsumerFactory(approved=True).account).get(order.get_centre_url()).status_code == 404
