"""Bookings, orders, invoices and evaluations in the Wagtail admin: read, filtered, found, exported, never written."""

import pytest
from django.utils import timezone

from orders.models import Booking, Evaluation, Invoice, Order
from orders.services import bookings
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import TestingServiceFactory, UserFactory, auditor, editor, reviewer
from tests.order_factories import a_booking, a_direct_order, an_evaluation, an_invoice, an_order, mediator
from tests.workflow.test_admin_exports import exported

pytestmark = pytest.mark.django_db

LEDGERS = {
    Booking: "/admin/orders/booking/",
    Order: "/admin/orders/order/",
    Invoice: "/admin/orders/invoice/",
    Evaluation: "/admin/orders/evaluation/",
}
BOOKINGS, ORDERS, INVOICES, EVALUATIONS = LEDGERS.values()
YEAR = timezone.localdate().year


@pytest.fixture
def order():
    """Completed, with a changed price, an invoice and an evaluation, between institutions with names to find."""
    return an_order(
        "completed",
        consumer=ConsumerFactory(approved=True, name="灞桥精密仪器"),
        offer=TestingServiceFactory(approved=True, provider__approved=True, provider__name="浐河检测中心"),
    )


def rows_at(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.text.count('data-object-pk="')


@pytest.mark.parametrize("query", ["", "?q=灞桥", f"?year={YEAR}&kind=testing"])
@pytest.mark.parametrize("model", LEDGERS)
def test_every_ledger_costs_at_most_12_queries_however_long(model, query, django_assert_max_num_queries):
    for _number in range(4):
        an_evaluation(an_invoice(number=f"2461700000001234567{_number}").order)
    client = signed_in(auditor())
    client.get(LEDGERS[model])
    with django_assert_max_num_queries(12):
        client.get(LEDGERS[model] + query)


@pytest.mark.parametrize("query", ["", "?direct=0", "?q=DD2", "?o=5"])
def test_a_list_counts_its_rows_once(query, django_assert_max_num_queries):
    an_order()
    client = signed_in(auditor())
    client.get(ORDERS)
    with django_assert_max_num_queries(12) as asked:
        assert "共 1 条" in client.get(ORDERS + query).text
    counts = [
        query["sql"] for query in asked if "COUNT(*)" in query["sql"] and "orders_order" in query["sql"]
    ]
    assert len(counts) == 1


def test_orders_are_filtered_and_found(order):
    an_order("disputed")
    a_direct_order()
    client = signed_in(auditor())
    assert rows_at(client, ORDERS) == 3
    for query, count in (
        ("status=completed", 1),
        ("status=disputed", 1),
        ("kind=testing", 3),
        ("kind=lab", 0),
        ("direct=1", 1),
        ("direct=0", 2),
        (f"year={YEAR}", 3),
        ("year=1999", 3),
        ("status=junk", 3),
        (f"q={order.number}", 1),
        (f"q={order.number.lower()}", 1),
        (f"q={order.number[-7:]}", 1),
        ("q=灞桥", 1),
        ("q=浐河", 1),
        ("q=浐河 灞桥", 1),
        ("q=浐河 别处", 0),
        ("q=%00", 3),
        ("consumer__account__password__startswith=p", 3),
    ):
        assert rows_at(client, f"{ORDERS}?{query}") == count, query


def test_equal_amounts_are_listed_in_the_direction_of_the_column():
    """One index serves both."""
    first, second = an_order(), an_order()
    client = signed_in(auditor())
    for query, listed in (("o=5", [first, second]), ("o=-5", [second, first]), ("", [second, first])):
        assert client.get(f"{ORDERS}?{query}").context["object_list"] == listed, query


def test_what_filters_leave_nothing_of_is_told_from_what_there_is_nothing_of():
    client = signed_in(auditor())
    assert "changelist-filter" not in client.get(ORDERS).text
    narrowed = client.get(f"{ORDERS}?direct=1").text
    assert "changelist-filter" in narrowed
    assert "no-search-results" in narrowed


def test_a_row_leads_to_its_page_and_to_what_can_be_done(order):
    disputed = an_order("disputed")
    listed = signed_in(mediator()).get(ORDERS).text.partition("<tbody>")[2]
    assert listed.count(f'href="{ORDERS}inspect/{order.pk}/"') == 2
    assert listed.count("/mediate/") == 1
    assert f"/admin/orders/{disputed.pk}/mediate/" in listed
    assert "灞桥精密仪器" in listed


def test_bookings_are_filtered_and_found():
    booking = a_booking()
    bookings.refuse_booking(booking=booking, actor=booking.provider.account, reason="设备检修")
    a_booking(consumer=ConsumerFactory(approved=True, name="灞桥精密仪器"))
    client = signed_in(auditor())
    for query, count in (
        ("", 2),
        ("status=refused", 1),
        ("status=waiting", 1),
        ("kind=testing", 2),
        (f"year={YEAR}", 2),
        (f"q={booking.number}", 1),
        ("q=灞桥", 1),
    ):
        assert rows_at(client, f"{BOOKINGS}?{query}") == count, query


def test_invoices_and_evaluations_are_filtered_and_found(order):
    invoice = an_invoice(order)
    an_evaluation(order)
    client = signed_in(auditor())
    for ledger in (INVOICES, EVALUATIONS):
        for query, count in (
            ("", 1),
            ("q=灞桥", 1),
            ("q=浐河", 1),
            (f"q={order.number}", 1),
            ("q=别处", 0),
            ("kind=testing", 1),
            ("kind=lab", 0),
            ("direct=1", 0),
            (f"year={YEAR}", 1),
        ):
            assert rows_at(client, f"{ledger}?{query}") == count, (ledger, query)
    assert rows_at(client, f"{INVOICES}?q={invoice.number}") == 1
    assert rows_at(client, f"{INVOICES}?q={invoice.number[-5:]}") == 1
    assert rows_at(client, f"{INVOICES}?q={invoice.number} {order.number.lower()}") == 1
    assert rows_at(client, f"{INVOICES}?q={invoice.number} DD1999") == 0
    assert rows_at(client, f"{INVOICES}?used=1") == 1
    assert rows_at(client, f"{INVOICES}?used=0") == 0
    assert rows_at(client, f"{EVALUATIONS}?shown=1") == 1
    assert rows_at(client, f"{EVALUATIONS}?shown=0") == 0


def test_work_put_on_record_is_marked_in_the_list_the_page_and_the_export(order):
    direct = a_direct_order()
    client = signed_in(auditor())
    listed = client.get(f"{ORDERS}?direct=1").text.partition("<tbody>")[2]
    assert '<span class="w-status w-status--label">补录</span>' in listed
    assert "补录" not in client.get(f"{ORDERS}?direct=0").text.partition("<tbody>")[2]
    assert "补录：为已完成的服务补录的订单" in client.get(f"{ORDERS}inspect/{direct.pk}/").text
    rows = {row["编号"]: row for row in exported(f"{ORDERS}?export=xlsx", auditor())}
    assert rows[direct.number]["补录"] == "是"
    assert rows[order.number]["补录"] == "否"


def test_the_page_of_an_order_has_all_that_belongs_to_it(django_assert_max_num_queries):
    booking = an_order("placed").booking
    changed = booking.orders.get()
    client = signed_in(reviewer())
    html = client.get(f"{ORDERS}inspect/{changed.pk}/").text
    for shown in ("900 元", "960 元", "还没有上传发票", "还没有评价", f"{BOOKINGS}inspect/{booking.pk}/"):
        assert shown in html, shown
    order = an_invoice().order
    evaluation = an_evaluation(order)
    with django_assert_max_num_queries(30):
        html = client.get(f"{ORDERS}inspect/{order.pk}/").text
    for shown in (
        order.number,
        "<dd>900</dd>",
        "24617000000012345678",
        f"{EVALUATIONS}inspect/{evaluation.pk}/",
        "5 星，共 5 星",
        "报告清楚",
        "没有差异",
        "状态：进行中 → 待确认",
        order.provider.account.get_full_name(),
        str(order.consumer),
    ):
        assert shown in html, shown


def test_the_page_of_a_booking_has_its_thread_and_its_orders():
    order = an_order()
    booking = order.booking
    bookings.reply(booking=booking, actor=booking.provider.account, text="样品请寄到三楼")
    html = signed_in(auditor()).get(f"{BOOKINGS}inspect/{booking.pk}/").text
    for shown in ("样品请寄到三楼", order.number, "铝合金板材", "<dd>3</dd>", "接受预约"):
        assert shown in html, shown


def test_invoices_and_evaluations_lead_to_their_order(order):
    client = signed_in(auditor())
    for ledger, row in ((INVOICES, an_invoice(order)), (EVALUATIONS, an_evaluation(order))):
        html = client.get(f"{ledger}inspect/{row.pk}/").text
        assert f"{ORDERS}inspect/{order.pk}/" in html
        assert "灞桥精密仪器" in html


def test_every_ledger_is_exported_as_filtered(order):
    an_invoice(order)
    an_evaluation(order, text="=1+1")
    an_order()
    [row] = exported(f"{ORDERS}?export=xlsx&q=灞桥", auditor())
    assert (row["编号"], row["状态"], row["总金额（元）"]) == (order.number, "已完成", 900)
    assert row["预约"] == order.booking.number
    assert row["确认完成时间"].date() == timezone.localdate()
    assert [row["状态"] for row in exported(f"{BOOKINGS}?export=xlsx", auditor())] == ["已接单"] * 2
    [invoice] = exported(f"{INVOICES}?export=xlsx", auditor())
    assert (invoice["发票号码"], invoice["价税合计（元）"]) == ("24617000000012345678", 900)
    [evaluation] = exported(f"{EVALUATIONS}?export=xlsx", auditor())
    assert (evaluation["评价内容"], evaluation["服务质量"], evaluation["公开"]) == ("=1+1", 5, "公开")
    assert "export=csv" not in signed_in(auditor()).get(ORDERS).text


@pytest.mark.parametrize("model", LEDGERS)
def test_nothing_in_a_ledger_is_editable(order, model):
    an_invoice(order)
    an_evaluation(order)
    row = model.objects.get()
    before = model.objects.values().get()
    client = signed_in(UserFactory(admin=True))
    html = client.get(LEDGERS[model]).text
    for name in ("create", f"edit/{row.pk}", f"delete/{row.pk}"):
        assert f"{LEDGERS[model]}{name}/" not in html
        assert client.post(f"{LEDGERS[model]}{name}/", {"number": "1"}).status_code == 302
    assert model.objects.values().get() == before


@pytest.mark.parametrize("ledger", LEDGERS.values())
def test_ledgers_are_for_those_who_may_read_them(ledger):
    for who in (auditor(), reviewer(), mediator()):
        assert signed_in(who).get(ledger).status_code == 200
    for who in (editor(), an_order().consumer.account):
        response = signed_in(who).get(ledger)
        assert response.status_code == 302
        assert not response.url.startswith(ledger)


@pytest.mark.parametrize("key", ["0", "junk", "99999999999999999999"])
@pytest.mark.parametrize("ledger", LEDGERS.values())
def test_a_row_that_is_none_is_not_found(ledger, key):
    assert signed_in(auditor()).get(f"{ledger}inspect/{key}/").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "99", "junk"])
def test_an_odd_page_number_is_answered(order, page):
    assert rows_at(signed_in(auditor()), f"{ORDERS}?p={page}") == 1
