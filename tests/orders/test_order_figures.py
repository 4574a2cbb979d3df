"""The figures of a year's orders: exact numbers, and a page that has them drawn and in tables."""

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import BookingMessage
from orders.services import bookings, orders
from orders.statistics import completions, figures, first_answers, years
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import LabServiceFactory, auditor, editor, reviewer
from tests.order_factories import a_booking, a_direct_order, accept, an_order

pytestmark = pytest.mark.django_db

FIGURES = reverse("order_figures")


def moment(month, day, year=2026, hour=12):
    return datetime.datetime(year, month, day, hour, tzinfo=timezone.get_default_timezone())


def made(deal, at, **fields):
    type(deal).objects.filter(pk=deal.pk).update(created_at=at, **fields)
    deal.refresh_from_db()
    return deal


def plain(rows):
    return {
        row.label: (row.count, row.amount, row.direct_count, row.direct_amount) for row in rows if row.count
    }


def test_orders_are_counted_by_month_kind_and_state_with_what_is_put_on_record():
    made(an_order("completed"), moment(1, 15))
    made(an_order(offer=LabServiceFactory(approved=True, provider__approved=True)), moment(1, 31, hour=23))
    made(a_direct_order(), moment(3, 1, hour=0))
    refused = made(a_direct_order(price="700"), moment(3, 2))
    orders.refuse_order(order=refused, actor=refused.provider.account, reason="没有这项服务")
    made(an_order(), moment(12, 31, year=2025, hour=23))
    found = figures(2026)
    assert (found.total.count, found.total.amount) == (3, Decimal("2800.00"))
    assert plain(found.months) == {
        "1": (2, Decimal("1800.00"), 0, Decimal("0.00")),
        "3": (1, Decimal("1000.00"), 1, Decimal("1000.00")),
    }
    assert plain(found.kinds) == {
        "检验检测": (2, Decimal("1900.00"), 1, Decimal("1000.00")),
        "实验服务": (1, Decimal("900.00"), 0, Decimal("0.00")),
    }
    assert plain(found.statuses) == {
        "待接单": (1, Decimal("1000.00"), 1, Decimal("1000.00")),
        "进行中": (1, Decimal("900.00"), 0, Decimal("0.00")),
        "已完成": (1, Decimal("900.00"), 0, Decimal("0.00")),
        "已拒绝接单": (1, Decimal("1400.00"), 1, Decimal("1400.00")),
    }
    assert (found.direct_count_percent, found.direct_amount_percent) == (Decimal("33.3"), Decimal("35.7"))
    assert [row.share_percent for row in found.statuses if row.count] == [Decimal("25.0")] * 4
    assert (figures(2025).total.count, figures(2024).total.count) == (1, 0)


def test_disputes_are_counted_also_when_they_are_settled():
    an_order("completed")
    an_order("disputed")
    settled = an_order("disputed")
    orders.confirm(order=settled, actor=settled.consumer.account)
    found = figures(timezone.localdate().year).disputes
    assert (found.count, found.share_percent) == (2, Decimal("66.6"))
    assert found.now == [("有异议", 1), ("已完成", 1)]


def test_the_first_answer_is_what_the_provider_did_first():
    written = made(accept(a_booking()), moment(5, 1), accepted_at=moment(5, 6))
    bookings.reply(booking=written, actor=written.consumer.account, text="请问何时可送样？")
    bookings.reply(booking=written, actor=written.provider.account, text="随时")
    sent = iter((moment(5, 2), moment(5, 4)))  # asked after a day, answered after three
    for message in BookingMessage.objects.order_by("pk"):
        BookingMessage.objects.filter(pk=message.pk).update(at=next(sent))
    made(accept(a_booking()), moment(5, 1), accepted_at=moment(5, 2))
    refused = bookings.refuse_booking(
        booking=(booking := a_booking()), actor=booking.provider.account, reason="设备检修"
    )
    made(refused, moment(5, 1), updated_at=moment(5, 3, hour=0))
    made(a_booking(), moment(5, 1))  # nobody has answered
    made(accept(a_booking()), moment(5, 1, year=2025))
    found = first_answers(2026)
    assert (found.count, found.days) == (3, Decimal("1.8"))  # 3, 1 and 1.5 days
    assert (first_answers(2024).count, first_answers(2024).days) == (0, None)


def test_completion_is_measured_from_the_booking_and_only_of_what_was_booked():
    for days in (10, 5):
        order = made(an_order("completed"), moment(6, 3), completed_at=moment(6, 1 + days))
        made(order.booking, moment(6, 1))
    made(an_order(), moment(6, 3))
    direct = orders.accept_order(order=(one := a_direct_order()), actor=one.provider.account)
    direct = orders.deliver(order=direct, actor=direct.provider.account)
    orders.confirm(order=direct, actor=direct.consumer.account)
    found = completions(2026)
    assert (found.count, found.days) == (2, Decimal("7.5"))


def test_years_go_back_to_the_first_order():
    this_year = timezone.localdate().year
    assert years() == [this_year]
    made(an_order(), moment(1, 1, year=this_year - 2, hour=0))
    assert years() == [this_year, this_year - 1, this_year - 2]


def test_the_page_has_the_figures_drawn_and_in_tables(django_assert_max_num_queries):
    an_order("completed")
    an_order("disputed", consumer=ConsumerFactory(approved=True))
    a_direct_order()
    client = signed_in(auditor())
    client.get(FIGURES)
    with django_assert_max_num_queries(12):
        html = client.get(FIGURES).text
    assert html.count('role="img"') == 5
    assert "<script" not in html.partition("<svg")[2].rpartition("</svg>")[0]
    assert "kozea" not in html
    for shown in (
        "补录",
        "33.3%",
        "35.7%",
        "2,800",
        "检验检测",
        "有异议",
        "0.0</strong>天：从预约到机构首次答复",
    ):
        assert shown in html, shown
    month = timezone.localdate().month
    row = re.search(rf'<th scope="row">{month} 月</th>(.*?)</tr>', html).group(1)
    assert re.findall(r">([^<]+)</td>", row) == ["3", "100.0%", "2,800", "1", "1,000"]
    for year in ("junk", "1999", "\0"):
        assert client.get(FIGURES, {"year": year}).status_code == 200


def test_a_year_without_orders_says_so():
    html = signed_in(auditor()).get(FIGURES).text
    assert "这一年的订单没有提出过异议。" in html
    assert "<strong>—</strong>天：从预约到确认完成" in html


def test_figures_are_for_those_who_read_orders():
    for who in (editor(), an_order().consumer.account):
        assert signed_in(who).get(FIGURES).status_code == 302
    assert signed_in(reviewer()).get(FIGURES).status_code == 200
    assert FIGURES in signed_in(auditor()).get("/admin/").text
    assert FIGURES not in signed_in(editor()).get("/admin/").text
