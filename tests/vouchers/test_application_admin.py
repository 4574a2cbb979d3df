"""Applications and the figures of a year in the Wagtail admin: read, filtered, exported, never written."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.conftest import signed_in
from tests.consumer_factories import ACCOUNT_NUMBER, ConsumerFactory
from tests.factories import UserFactory, auditor, editor, reviewer
from tests.voucher_factories import ApplicationFactory, a_pool, decider, move
from vouchers import services
from vouchers.statistics import funnel, months
from workflow import services as workflow
from workflow.charts import bar_chart

pytestmark = pytest.mark.django_db

LEDGER = "/admin/vouchers/voucherapplication/"
STATISTICS = reverse("voucher_statistics")


@pytest.fixture
def application():
    """Granted for less than applied for; one more is pending."""
    a_pool("1000000")
    consumer = ConsumerFactory(approved=True, name="灞桥精密仪器")
    application = workflow.approve(
        record=ApplicationFactory(consumer=consumer, checked=True),
        actor=decider(),
        comment="按需核定",
        details={"granted_amount": Decimal(50000)},
    )
    ApplicationFactory(pending=True)
    return application


def test_the_ledger_lists_filters_finds_and_inspects(application, django_assert_max_num_queries, year):
    client = signed_in(auditor())
    client.get(LEDGER)
    with django_assert_max_num_queries(14):
        html = client.get(LEDGER).text
    for shown in ("灞桥精密仪器", "80,000", "50,000", application.grant.voucher.number):
        assert shown in html
    for query, count in (
        ("status__exact=approved", 1),
        ("status__exact=pending", 1),
        (f"year={year}", 2),
        ("q=灞桥", 1),
    ):
        assert client.get(f"{LEDGER}?{query}").text.count('data-object-pk="') == count, query
    html = client.get(f"{LEDGER}inspect/{application.pk}/").text
    decided = timezone.localtime(application.decided_at).strftime("%Y-%m-%d %H:%M")
    for shown in (
        "<dd>80,000</dd>",
        f"<dd>{decided}</dd>",
        "按需核定",
        "•••• 4321",
        "审核页",
        application.get_review_url(),
    ):
        assert shown in html
    assert ACCOUNT_NUMBER not in html


def test_the_ledger_is_exported_without_bank_data(application):
    response = signed_in(reviewer()).get(f"{LEDGER}?export=xlsx")
    content = response.getvalue() if hasattr(response, "getvalue") else b"".join(response.streaming_content)
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0][:5] == ("用券机构", "统一社会信用代码", "申请额度（元）", "批准额度（元）", "券号")
    (granted,) = [row for row in rows if row[0] == "灞桥精密仪器"]
    assert (granted[2], granted[3], granted[5]) == (80000, 50000, "按需核定")
    assert ACCOUNT_NUMBER not in str(rows)
    assert "4321" not in str([row[2:] for row in rows])


def test_nothing_in_the_ledger_is_editable(application):
    client = signed_in(UserFactory(admin=True))
    html = client.get(LEDGER).text
    for name in ("create", f"edit/{application.pk}", f"delete/{application.pk}"):
        assert f"{LEDGER}{name}/" not in html
        assert client.post(f"{LEDGER}{name}/", {"applied_amount": "1"}).status_code == 302
    application.refresh_from_db()
    assert application.applied_amount == Decimal("80000.00")


def test_the_funnel_counts_each_stage_once(application, year):
    voucher = application.grant.voucher
    move(services.reserve, voucher, "20000")
    move(services.redeem, voucher, "15000")
    ApplicationFactory()  # a draft has not been applied with
    stages = {stage.label: (stage.count, stage.amount, stage.share_percent) for stage in funnel(year)}
    assert stages == {
        "申领": (2, Decimal("160000.00"), 100),
        "获批": (1, Decimal("50000.00"), 50),
        "使用": (1, Decimal("20000.00"), 50),
        "兑付": (1, Decimal("15000.00"), 50),
    }
    this_month = months(year)[timezone.localdate().month - 1]
    assert (this_month.applied_count, this_month.granted_count) == (2, 1)
    assert this_month.granted_amount == Decimal("50000.00")
    assert [stage.count for stage in funnel(year - 1)] == [0, 0, 0, 0]


def test_the_page_of_figures_has_charts_and_the_same_in_tables(application, django_assert_max_num_queries):
    client = signed_in(auditor())
    client.get(STATISTICS)
    with django_assert_max_num_queries(15):
        html = client.get(STATISTICS).text
    assert html.count('role="img"') == 3
    assert "<script" not in html.partition("<svg")[2].partition("</figure>")[0]
    assert "kozea" not in html
    assert re.search(r'<h1 class="w-header__title"[^>]*>(?:(?!</h1>).)*创新券统计', html, re.DOTALL)
    for word in ("使用", "兑付"):
        assert html.count(f"“{word}”计") == 1
    for shown in (
        "申领",
        "获批",
        "160,000",
        "950,000",
        "还可发放",
        ">16.0<",
        "50.0%",
        "已发放 50,000 元（5.0%）",
    ):
        assert shown in html
    assert client.get(f"{STATISTICS}?year=junk").status_code == 200
    assert client.get(f"{STATISTICS}?year=1999").status_code == 200


def test_figures_are_for_those_who_read_vouchers():
    assert signed_in(editor()).get(STATISTICS).status_code == 302
    assert signed_in(reviewer()).get(STATISTICS).status_code == 200


def test_a_chart_says_what_it_shows_and_runs_nothing():
    svg = bar_chart(["甲<b>", "乙"], {"数量": [3, 0]}, title="各类“数量”")
    assert 'aria-label="各类“数量”"' in svg
    assert "<script" not in svg
    assert "<b>" not in svg
    assert "甲&lt;b&gt;" in svg
    assert "http://www.w3.org/2000/svg" in svg


def test_the_figures_of_a_chart_stand_clear_of_the_bars_and_of_the_grid():
    svg = bar_chart(["甲", "乙"], {"万元": [9.6, 3]}, title="金额", horizontal=True, decimals=1)
    assert (">9.6<" in svg, ">3.0<" in svg) == (True, True)
    bars = re.findall(r'<rect x="([\d.]+)" y="[\d.]+"[^>]* width="([\d.]+)"[^>]* class="rect', svg)
    texts = re.findall(r'<text text-anchor="start" x="([\d.]+)" y="[\d.]+" class="value"', svg)
    assert len(bars) == len(texts) == 2
    for (start, width), text in zip(bars, texts, strict=True):
        assert float(text) > float(start) + float(width) + 3
    for chart in (svg, bar_chart(["甲", "乙"], {"家次": [9, 3]}, title="数量")):
        assert 'guide line"' not in chart
