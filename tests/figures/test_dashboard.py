"""The dashboard of a year: exact figures, the lists behind them, who may read it, and its queries."""

import datetime
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from figures import dashboard
from figures.refreshing import refresh
from institutions.models import Consumer
from tests import order_factories as deals
from tests.consumer_factories import ConsumerFactory, payer
from tests.factories import InstrumentFactory, UserFactory, auditor, editor, reviewer
from tests.redemption_factories import a_claim
from tests.voucher_factories import ApplicationFactory, a_pool, a_voucher, manager, move
from vouchers import services

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/reports/programme/"


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def year():
    """2026, on 2 March: two vouchers, one used by half; two orders, one 补录; one application waits."""
    with time_machine.travel("2026-03-02 10:00+08:00"):
        a_pool("100000")
        half, idle = (
            ConsumerFactory(approved=True, name=name) for name in ("用了一半的公司", "没有用的公司")
        )
        order = deals.an_order("completed", consumer=half)
        deals.a_direct_order(consumer=half, price="300")
        voucher = a_voucher("1000", consumer=half)
        move(services.reserve, voucher, "450", order_number=order.number)
        move(services.redeem, voucher, "450", order_number=order.number)
        a_voucher("9000", consumer=idle)
        ApplicationFactory(consumer=idle, pending=True)
        refresh()
        yield 2026


def test_the_funnel_goes_from_application_to_payment(year):
    assert [(one.count, one.amount, one.percent) for one in dashboard.funnel(year)] == [
        (1, Decimal(80_000), None),
        (2, Decimal(10_000), Decimal("200.0")),
        (2, Decimal(1500), Decimal("100.0")),
        (1, Decimal(900), Decimal("50.0")),
        (1, Decimal(450), Decimal("100.0")),
        (1, Decimal(450), Decimal("100.0")),
    ]


def test_the_pool_lasts_at_the_pace_of_90_days(year):
    [found] = dashboard.forecasts()
    # 90,000 left, 10,000 in 90 days: 810 days
    assert (found.available, found.granted) == (Decimal(90_000), Decimal(10_000))
    assert (found.months, found.ends_on.isoformat()) == (Decimal("26.6"), "2028-05-20")


def test_a_pool_nobody_draws_on_lasts_for_ever():
    a_pool("500")
    [found] = dashboard.forecasts()
    assert (found.months, found.ends_on) == (None, None)


def test_what_waits_is_counted_by_its_age_in_working_days(year):
    with time_machine.travel("2026-03-06 10:00+08:00"):
        InstrumentFactory(pending=True)
    with time_machine.travel("2026-03-09 10:00+08:00"):
        found = {queue.label: queue for queue in dashboard.queues()}
    application = found["创新券申请"]
    assert (application.count, list(application.ages), application.overdue, application.longest) == (
        1,
        [0, 0, 0, 1, 0],
        1,
        5,
    )
    instrument = found["仪器"]
    assert (instrument.count, list(instrument.ages), instrument.overdue, instrument.longest) == (
        1,
        [1, 0, 0, 0, 0],
        0,
        1,
    )
    assert dashboard.age_labels() == ["0–1 天", "2 天", "3 天", "4–5 天", "6 天及以上"]


def test_orders_by_the_way_they_were_placed(year):
    assert [
        (one.label, one.count, one.amount, one.count_percent, one.amount_percent)
        for one in dashboard.ways(year)
    ] == [
        ("预约下单", 1, Decimal(900), Decimal("50.0"), Decimal("60.0")),
        ("补录", 1, Decimal(600), Decimal("50.0"), Decimal("40.0")),
    ]


def test_consumers_by_what_they_used_and_those_who_used_little(year):
    assert [(one.label, one.consumers, one.granted, one.used) for one in dashboard.bands(year)] == [
        ("未使用", 1, Decimal(9000), Decimal(0)),
        ("30% 以下", 0, Decimal(0), Decimal(0)),
        ("30%–60%", 1, Decimal(1000), Decimal(450)),
        ("60%–100%", 0, Decimal(0), Decimal(0)),
        ("全部用完", 0, Decimal(0), Decimal(0)),
    ]
    assert [(one.consumer, one.percent) for one in dashboard.low_use(year)] == [
        ("没有用的公司", Decimal("0.0"))
    ]


def test_every_figure_leads_to_its_list(year):
    client = signed_in(UserFactory(admin=True))
    page = client.get(ADDRESS).content.decode()
    stages, [first, *_rest] = dashboard.funnel(year), dashboard.queues()
    lists = [stage.url for stage in stages] + [way.url for way in dashboard.ways(year)]
    lists += [use.url for use in dashboard.low_use(year)] + [
        first.url,
        first.overdue_url,
        dashboard.forecasts()[0].url,
    ]
    for address in lists:
        assert f'href="{address.replace("&", "&amp;")}"' in page
        assert client.get(address).status_code == 200
    found = client.get(dashboard.low_use(year)[0].url).content.decode()
    assert "没有用的公司" in found
    assert "用了一半的公司" not in found


@pytest.mark.parametrize("staff", [reviewer, manager, payer, auditor])
def test_staff_of_the_programme_read_it(staff, year):
    client = signed_in(staff())
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert "项目总览" in response.content.decode()


def test_nobody_else_does(year):
    assert signed_in(editor()).get(ADDRESS).status_code == 302
    assert signed_in(editor()).get(f"{ADDRESS}export/").status_code == 302
    assert signed_in(Consumer.objects.first().account).get(ADDRESS).status_code == 302


def test_payers_get_no_links_to_lists_they_may_not_open(year):
    page = signed_in(payer()).get(ADDRESS).content.decode()
    assert "/admin/vouchers/voucher/?year=2026" in page
    assert "/admin/orders/order/" not in page


def test_the_workbook_has_a_sheet_for_each_part(year):
    book = load_workbook(BytesIO(signed_in(auditor()).get(f"{ADDRESS}export/?year=2026").getvalue()))
    assert book.sheetnames == ["申请到兑付", "审核时效", "资金预测", "下单方式", "使用率", "使用率低的机构"]
    assert [cell.value for cell in book["申请到兑付"][3]] == ["发放", 2, 200, 10_000]


def test_claims_wait_in_queues_of_their_own():
    a_claim("checked")
    a_claim()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=30)):
        found = {queue.label: queue for queue in dashboard.queues()}
    waiting, checked = found["兑付申请（待初审）"], found["兑付申请（待复审）"]
    assert (waiting.count, waiting.overdue, waiting.ages[-1]) == (1, 1, 1)
    assert (checked.count, checked.overdue) == (1, 1)
    assert waiting.url == "/admin/redemptions/redemption/?status=submitted"


def test_the_queries_of_the_dashboard(year, django_assert_num_queries):
    client = signed_in(manager())
    client.get(ADDRESS)
    with django_assert_num_queries(20) as queries:
        client.get(ADDRESS)
    assert not any("orders_order" in query["sql"] for query in queries.captured_queries)
