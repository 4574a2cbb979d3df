"""Pools, vouchers and the ledger in the Wagtail admin: read, filtered, exported, never written; and funding a pool."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import auditor, editor, reviewer
from tests.voucher_factories import REASON, a_pool, a_voucher, manager, move
from vouchers import services
from vouchers.models import LedgerEntry, Pool, Voucher

pytestmark = pytest.mark.django_db

POOLS, VOUCHERS, ENTRIES = (f"/admin/vouchers/{name}/" for name in ("pool", "voucher", "ledgerentry"))


@pytest.fixture
def client():
    return signed_in(reviewer())


@pytest.fixture
def voucher():
    """One of four: half used, the others as they were granted, one returned."""
    a_pool("1000000")
    voucher = a_voucher("50000", consumer=ConsumerFactory(approved=True, name="灞桥精密仪器"))
    move(services.reserve, voucher, "25000.50")
    for _number in range(3):
        other = a_voucher("10000")
    services.return_voucher(voucher=other, actor=other.consumer.account, reason="=1+1 项目取消")
    return voucher


def test_the_lists_show_money_as_people_read_it(client, voucher, django_assert_max_num_queries):
    with django_assert_max_num_queries(18):
        html = client.get(POOLS).text
    assert ("1,000,000" in html, "70,000</td>" in html, "930,000" in html, "7.0%" in html) == (True,) * 4
    with django_assert_max_num_queries(14):
        html = client.get(VOUCHERS).text
    assert ("灞桥精密仪器" in html, "50,000" in html, "24,999.50" in html) == (True, True, True)
    assert (html.count("可使用</span>"), html.count("已退券</span>")) == (3, 1)
    with django_assert_max_num_queries(14):
        html = client.get(ENTRIES).text
    assert html.count(voucher.number) == 2
    assert ("注入资金" in html, "DD-1" in html, "项目取消" in html) == (True, True, True)


def test_the_ledger_says_what_an_entry_does_and_what_is_left(client):
    a_pool("1000000")
    voucher = a_voucher("50000")
    for verb, amount in (
        (services.reserve, "25000.50"),
        (services.release, "5000.50"),
        (services.redeem, "20000"),
        (services.claw_back, "100"),
    ):
        move(verb, voucher, amount)
    services.return_voucher(voucher=voucher, actor=voucher.consumer.account, reason="项目取消")
    html = client.get(ENTRIES).text
    columns = [
        re.findall(rf'class="field-{name}[^>]*>(?:<span[^>]*>)?([^<]*)<', html) for name in ("moved", "left")
    ]
    assert list(zip(*columns, strict=True)) == [
        ("−30,000", "0"),
        ("+100", "30,000"),
        ("−20,000", "30,000"),
        ("+5,000.50", "30,000"),
        ("−25,000.50", "24,999.50"),
        ("+50,000", "50,000"),
        ("+1,000,000", "1,000,000"),
    ]


@pytest.mark.parametrize(
    ("issued", "shown"), [("60000", "0.3%"), ("19999999", "99.9%"), ("20000000", "100.0%"), ("0", "0.0%")]
)
def test_a_share_of_the_pool_has_one_decimal_and_is_never_rounded_up(client, issued, shown):
    pool = a_pool("20000000")
    Pool.objects.filter(pk=pool.pk).update(available_amount=pool.amount - Decimal(issued))
    assert shown in client.get(POOLS).text
    assert f"元（{shown}）" in client.get("/admin/reports/vouchers/").text


def test_vouchers_are_filtered_by_state_and_year_and_found_by_number_or_consumer(client, voucher, year):
    assert client.get(f"{VOUCHERS}?status=returned").text.count("已退券</span>") == 1
    assert client.get(f"{VOUCHERS}?status=usable").text.count("可使用</span>") == 3
    assert voucher.number not in client.get(f"{VOUCHERS}?status=expired").text
    assert voucher.number in client.get(f"{VOUCHERS}?year={year}").text
    for junk in ("status=junk", "year=1", "consumer__account__password__startswith=x", "q=%00"):
        assert voucher.number in client.get(f"{VOUCHERS}?{junk}").text
    for words in (voucher.number, voucher.number.lower().replace("-", " "), "灞桥精密仪器"):
        html = client.get(VOUCHERS, {"q": words}).text
        assert html.count("可使用</span>") == 1
        assert voucher.number in html


def test_entries_are_filtered_by_kind_and_year_and_found_by_order(client, voucher, year):
    assert client.get(f"{ENTRIES}?kind__exact=reserve").text.count(voucher.number) == 1
    assert client.get(f"{ENTRIES}?kind__exact=fund").text.count(voucher.number) == 0
    assert client.get(f"{ENTRIES}?year={year}").text.count(voucher.number) == 2
    assert client.get(ENTRIES, {"q": "DD-1"}).text.count(voucher.number) == 1
    assert client.get(ENTRIES, {"q": voucher.number.replace("-", "")}).text.count(voucher.number) >= 2


def test_inspecting_shows_everything_in_chinese(client, voucher, django_assert_max_num_queries):
    entry = LedgerEntry.objects.get(kind="reserve")
    for address, words in [
        (f"{POOLS}inspect/{voucher.pool_id}/", ["资金总额（元）", "末笔校验值", "已发放（%）"]),
        (f"{VOUCHERS}inspect/{voucher.pk}/", ["券号", voucher.number, "兑付截止日", "状态", "可使用"]),
        (f"{ENTRIES}inspect/{entry.pk}/", ["预留", "订单号", "DD-1", entry.hash, "上笔校验值"]),
    ]:
        with django_assert_max_num_queries(12):
            html = client.get(address).text
        assert [word for word in words if word not in html] == []
        assert "Status" not in html


def test_inspecting_shows_amounts_changes_and_moments_as_people_read_them(client, voucher, year):
    entry = LedgerEntry.objects.get(kind="reserve")
    moment = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M")
    for address, words in [
        (f"{POOLS}inspect/{voucher.pool_id}/", [str(year), "1,000,000", "70,000", "930,000", "7.0", "7"]),
        (f"{VOUCHERS}inspect/{voucher.pk}/", ["50,000", "24,999.50", "0", voucher.valid_until.isoformat()]),
        (f"{ENTRIES}inspect/{entry.pk}/", [moment, "25,000.50", "−25,000.50", "+25,000.50", "0"]),
    ]:
        values = re.findall(r"<dd>([^<]*)</dd>", client.get(address).text)
        assert [word for word in words if word not in values] == []
        assert [value for value in values if "年" in value and ":" in value] == []


def test_an_empty_pool_is_inspected_with_its_noughts(client, year):
    pool = Pool.objects.create(year=year)
    values = re.findall(r"<dd>([^<]*)</dd>", client.get(f"{POOLS}inspect/{pool.pk}/").text)
    assert values[:6] == [str(year), "0", "0", "0", "0.0", "0"]


def test_exports_hold_every_row_and_no_formula(client, voucher):
    lines = client.get(f"{ENTRIES}?export=csv").getvalue().decode().splitlines()
    assert len(lines) == 1 + LedgerEntry.objects.count()
    assert lines[0].lstrip("\ufeff").startswith("资金池,序号,时间,类型,创新券,金额（元）")
    assert [line for line in lines if "'=1+1 项目取消" in line] != []
    assert [line for line in lines if ",预留," in line] != []
    lines = client.get(f"{VOUCHERS}?export=csv").getvalue().decode().splitlines()
    assert len(lines) == 5
    assert [line for line in lines if "已退券" in line] != []
    for ledger in (POOLS, VOUCHERS, ENTRIES):
        assert client.get(f"{ledger}?export=xlsx").status_code == 200


def test_an_export_asks_for_no_row_by_itself(client, voucher, django_assert_max_num_queries):
    for ledger in (VOUCHERS, ENTRIES):
        with django_assert_max_num_queries(10):
            client.get(f"{ledger}?export=csv").getvalue()


@pytest.mark.parametrize("someone", [reviewer, auditor, manager])
def test_nobody_writes_the_ledgers(voucher, someone):
    client = signed_in(someone())
    before = [list(model.objects.order_by("pk").values()) for model in (Pool, Voucher, LedgerEntry)]
    entry = LedgerEntry.objects.latest("pk")
    for ledger, pk in ((POOLS, voucher.pool_id), (VOUCHERS, voucher.pk), (ENTRIES, entry.pk)):
        assert client.get(ledger).status_code == 200
        for verb in ("create/", f"edit/{pk}/", f"delete/{pk}/"):
            assert client.post(f"{ledger}{verb}", {"amount": "1", "reason": "改写"}).status_code in {302, 404}
    assert [list(model.objects.order_by("pk").values()) for model in (Pool, Voucher, LedgerEntry)] == before


def test_an_editor_sees_none_of_it(voucher):
    client = signed_in(editor())
    for ledger in (POOLS, VOUCHERS, ENTRIES, "/admin/pools/fund/"):
        assert client.get(ledger).status_code == 302


# funding

FUND = "/admin/pools/fund/"


def test_a_manager_funds_the_pool_from_its_list(django_assert_max_num_queries, year):
    staff = manager()
    client = signed_in(staff)
    assert FUND in client.get(POOLS).text
    with django_assert_max_num_queries(12):
        html = client.get(FUND).text
    assert "年度资金总额：20,000,000 元。" in html
    typed = {"year": year, "amount": "20000000", "reason": "陕财教〔2026〕5 号"}
    html = client.post(FUND, typed).text
    assert f"确定向{year} 年度资金池注入 20,000,000 元吗？现在共 0 元，注入后共 20,000,000 元。" in html
    assert ('name="funded_amount" value="0.00"' in html, "data-once" in html) == (True, True)
    assert 'name="reason" value="陕财教〔2026〕5 号"' in html
    assert not Pool.objects.exists()
    response = client.post(FUND, {**typed, "funded_amount": "0.00"}, follow=True)
    assert "现在共 20,000,000 元，可发放 20,000,000 元" in response.text
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.amount, entry.actor, entry.reason) == (
        "fund",
        Decimal(20_000_000),
        staff,
        "陕财教〔2026〕5 号",
    )


def test_an_answer_that_is_sent_twice_funds_once(year):
    client = signed_in(manager())
    typed = {"year": year, "amount": "500", "reason": REASON, "funded_amount": "0.00"}
    assert client.post(FUND, typed).status_code == 302
    response = client.post(FUND, typed)
    assert response.status_code == 422
    assert f"{year} 年度资金池已有新的资金注入，现在共 500 元；可能是同一笔提交了两次。" in response.text
    assert "已注入 500 元" in response.text
    assert 'value="500"' in response.text
    assert Pool.objects.get().amount == 500
    a_voucher("100")  # a grant in between is no new funding
    assert client.post(FUND, {**typed, "funded_amount": "500.00"}).status_code == 302
    assert Pool.objects.get().amount == 1000


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"amount": "0"}, "金额不能为 0"),
        ({"amount": "-5"}, "金额不能是负数"),
        ({"amount": "1.001"}, "最多保留两位小数"),
        ({"amount": "20000000.01"}, "不能超过项目参数规定的 20,000,000 元"),
        ({"amount": "两千万"}, "请填写数字金额"),
        ({"amount": "1e40"}, "金额太大"),
        ({"amount": ""}, "请填写注入金额。"),
        ({"reason": ""}, "请填写资金来源和依据"),
        ({"year": "2001"}, "2001"),
    ],
)
def test_a_faulty_form_comes_back_with_its_sentence(values, sentence, year):
    response = signed_in(manager()).post(FUND, {"year": year, "amount": "5", "reason": REASON, **values})
    assert response.status_code == 422
    assert sentence in response.text
    assert not LedgerEntry.objects.exists()


def test_full_width_digits_are_read_as_digits(year):
    signed_in(manager()).post(
        FUND, {"year": year, "amount": "２０００．５０", "reason": REASON, "funded_amount": "0"}
    )
    assert Pool.objects.get().amount == Decimal("2000.50")


@pytest.mark.parametrize("someone", [reviewer, auditor])
def test_others_do_not_fund(someone, year):
    client = signed_in(someone())
    a_pool("10")
    assert FUND not in client.get(POOLS).text
    assert client.post(FUND, {"year": year, "amount": "5", "reason": REASON}).status_code == 302
    assert Pool.objects.get().amount == 10
