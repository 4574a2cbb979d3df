"""预约管理 and 订单管理: what each side finds, by state and filter, and exports."""

import datetime
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from orders.models import Booking, Order
from orders.services import bookings
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import InstrumentFactory, TestingServiceFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

LISTS = {"bookings": "/centre/bookings/", "orders": "/centre/orders/"}


@pytest.fixture
def service() -> Any:
    return TestingServiceFactory(approved=True, provider__approved=True, name="拉伸试验")


@pytest.fixture
def company() -> Any:
    return ConsumerFactory(approved=True, name="秦岭精密制造有限公司")


def found(client: Any, kind: str, /, **query: Any) -> list[Any]:
    page = client.get(LISTS[kind], query)
    assert page.status_code == 200
    return list(page.context["page_obj"])


def tabs(client: Any, kind: str, /, **query: Any) -> dict[str, int]:
    return {str(tab["label"]): tab["count"] for tab in client.get(LISTS[kind], query).context["tabs"]}


def sheet(response: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_each_side_finds_its_own_and_nobody_elses(kind: str, side: str) -> None:
    order, another = make.an_order("active"), make.an_order("active")
    mine, foreign = (order, another) if kind == "orders" else (order.booking, another.booking)
    client = signed_in(getattr(order, side).account)
    assert found(client, kind) == [mine]
    page = client.get(LISTS[kind]).content.decode()
    other = order.provider if side == "consumer" else order.consumer
    assert mine.get_centre_url() in page
    assert str(other) in page
    assert foreign.number not in page


@pytest.mark.parametrize("kind", LISTS)
def test_an_account_without_an_institution_reads_what_to_do(kind: str) -> None:
    page = signed_in(UserFactory(kind="provider")).get(LISTS[kind])
    assert list(page.context["page_obj"]) == []
    assert "还没有" in page.content.decode()


def test_tabs_count_each_state_in_that_sides_words(service: Any, company: Any) -> None:
    make.a_booking(offer=service, consumer=company)
    make.an_accepted_booking(offer=service, consumer=company)
    buyer, seller = signed_in(company.account), signed_in(service.provider.account)
    counts = tabs(buyer, "bookings")
    assert (counts["全部"], counts["等待回复"], counts["已接受，待下单"], counts["已取消"]) == (2, 1, 1, 0)
    counts = tabs(seller, "bookings")
    assert (counts["全部"], counts["待回复"], counts["已接受，待对方下单"]) == (2, 1, 1)
    assert [one.status for one in found(buyer, "bookings", status="accepted")] == ["accepted"]


def test_the_manuals_states_of_orders_always_have_a_tab(service: Any, company: Any) -> None:
    make.an_order("delivered", offer=service, consumer=company)
    counts = tabs(signed_in(service.provider.account), "orders")
    assert (counts["进行中"], counts["待对方确认"], counts["已完成"]) == (0, 1, 0)
    assert "对方提议取消，待您答复" not in counts
    assert "对方提议取消，待您答复" in tabs(
        signed_in(service.provider.account), "orders", status="consumer_cancels"
    )


def test_words_are_looked_for_in_number_service_and_other_side(service: Any, company: Any) -> None:
    booking = make.a_booking(offer=service, consumer=company)
    other = make.a_booking(
        offer=InstrumentFactory(approved=True, provider=service.provider, name="扫描电镜"),
        consumer=ConsumerFactory(approved=True, name="渭河材料有限公司"),
    )
    client = signed_in(service.provider.account)
    for number in (booking.number, booking.number.lower(), booking.number[-7:], f"{booking.number} 拉伸"):
        assert found(client, "bookings", q=number) == [booking], number
    assert found(client, "bookings", q=f"{booking.number} {other.number}") == []
    assert found(client, "bookings", q="拉伸") == [booking]
    assert found(client, "bookings", q="渭河 电镜") == [other]
    assert found(client, "bookings", q="渭河 拉伸") == []
    assert found(client, "bookings", kind="instrument") == [other]
    assert tabs(client, "bookings", q="渭河")["全部"] == 1


def test_days_are_counted_from_midnight_to_midnight_here(service: Any, company: Any) -> None:
    booking = make.a_booking(offer=service, consumer=company)
    late = datetime.datetime(2026, 3, 31, 23, 59, tzinfo=timezone.get_default_timezone())
    Booking.objects.update(created_at=late)
    client = signed_in(company.account)
    assert found(client, "bookings", since="2026-03-31", until="2026-03-31") == [booking]
    assert found(client, "bookings", since="2026-04-01") == []
    assert found(client, "bookings", until="2026-03-30") == []


def test_orders_put_on_record_are_marked_and_found(service: Any, company: Any) -> None:
    direct = make.a_direct_order(offer=service, consumer=company)
    booked = make.an_order("active", offer=service, consumer=company)
    client = signed_in(company.account)
    assert found(client, "orders", direct="1") == [direct]
    assert found(client, "orders", direct="0") == [booked]
    assert client.get(LISTS["orders"], {"direct": "1"}).content.decode().count(">补录</span>") == 1


@pytest.mark.parametrize(
    "query",
    [
        {"status": "x"},
        {"kind": "x\x00"},
        {"since": "昨天"},
        {"until": "9999-12-31"},
        {"page": "-1"},
        {"page": "99999999999999999999"},
        {"q": "\x00"},
        {"direct": "maybe"},
    ],
)
@pytest.mark.parametrize("kind", LISTS)
def test_what_is_not_understood_is_left_out(service: Any, company: Any, kind: str, query: Any) -> None:
    make.an_order("active", offer=service, consumer=company)
    assert len(found(signed_in(company.account), kind, **query)) == 1


@pytest.mark.parametrize("kind", LISTS)
def test_a_day_that_is_none_is_said_beside_its_field(service: Any, company: Any, kind: str) -> None:
    make.an_order("active", offer=service, consumer=company)
    page = signed_in(company.account).get(LISTS[kind], {"since": "昨天"})
    assert len(page.context["page_obj"]) == 1
    assert page.context["form"].errors["since"] == ["日期格式不对，应如 2021-06-30。"]
    html = page.content.decode()
    assert 'id="filter-since_error"' in html
    assert "filter-until_error" not in html


def test_what_filters_leave_nothing_of_says_so(service: Any, company: Any) -> None:
    make.a_booking(offer=service, consumer=company)
    page = signed_in(company.account).get(LISTS["bookings"], {"q": "没有的东西"})
    assert "没有符合条件的预约" in page.content.decode()


def test_pages_of_twenty_with_as_many_queries_as_one_row(
    service: Any, company: Any, django_assert_num_queries: Any
) -> None:
    for _each in range(21):
        make.a_booking(offer=service, consumer=company)
    client = signed_in(company.account)
    client.get(LISTS["bookings"])
    # session, account, institution, states counted, keys and rows of the page, unread
    with django_assert_num_queries(7):
        page = client.get(LISTS["bookings"])
    assert len(page.context["page_obj"]) == 20
    assert len(found(client, "bookings", page="2")) == 1
    assert len(found(client, "bookings", page="9")) == 1
    with django_assert_num_queries(5):
        client.get(LISTS["orders"])


def test_the_export_holds_what_the_list_shows(service: Any, company: Any) -> None:
    order = make.an_order("active", offer=service, consumer=company)
    make.a_direct_order(offer=service, consumer=company)
    client = signed_in(service.provider.account)
    rows = sheet(client.get("/centre/orders/export/", {"direct": "0"}))
    assert len(rows) == 2
    assert dict(zip(rows[0], rows[1], strict=True)) | {"下单时间": None, "交付日期": None} == {
        "编号": order.number,
        "服务类型": "检验检测",
        "服务名称": order.offer_name,
        "用券机构": company.name,
        "状态": "进行中",
        "下单方式": "预约下单",
        "总金额（元）": 900,
        "交付日期": None,
        "预约编号": order.booking.number,
        "下单时间": None,
        "确认完成时间": None,
    }


def test_a_name_that_looks_like_a_formula_stays_text(service: Any, company: Any) -> None:
    booking = make.a_booking(offer=service, consumer=company)
    Booking.objects.filter(pk=booking.pk).update(offer_name='=HYPERLINK("http://x")')
    response = signed_in(company.account).get("/centre/bookings/export/")
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    cell = book.active["C2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x")', "s")


def test_an_export_needs_as_many_queries_for_many_rows(
    service: Any, company: Any, django_assert_num_queries: Any
) -> None:
    for _each in range(3):
        make.an_order("active", offer=service, consumer=company)
    client = signed_in(company.account)
    with django_assert_num_queries(4):
        assert len(sheet(client.get("/centre/orders/export/"))) == 4
    assert Order.objects.count() == 3


def test_a_refused_booking_is_found_under_its_state(service: Any, company: Any) -> None:
    booking = make.a_booking(offer=service, consumer=company)
    bookings.refuse_booking(booking=booking, actor=service.provider.account, reason="设备检修")
    client = signed_in(company.account)
    assert found(client, "bookings", status="refused") == [booking]
    assert "机构已拒绝" in client.get(LISTS["bookings"]).content.decode()
