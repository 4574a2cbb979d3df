"""A consumer's own vouchers: what is left of them, all that moved, and giving one back."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.voucher_factories import ApplicationFactory, a_pool, a_voucher, move
from vouchers import services
from vouchers.models import LedgerEntry, Pool
from workflow import services as workflow

pytestmark = pytest.mark.django_db

LIST, DASHBOARD = reverse("vouchers:list"), reverse("centre:dashboard")


@pytest.fixture
def voucher(client):
    consumer = ConsumerFactory(approved=True)
    client.force_login(consumer.account)
    return a_voucher("50000", consumer=consumer)


def page_of(client, address):
    return client.get(address).content.decode()


def give_back(client, voucher, confirmed=True, **data):
    data = {"amount": "10000", "reason": "检测改由合作单位承担", **data}
    if confirmed:
        data = {"confirmed": "1", "last_entry": voucher.entries.latest("pk").pk, **data}
    return client.post(reverse("vouchers:return", args=[voucher.pk]), data, follow=confirmed)


def test_entries_are_said_in_words_and_staff_stay_unnamed(client, voucher):
    move(services.reserve, voucher, "8000")
    move(services.redeem, voucher, "8000")
    give_back(client, voucher)
    page = page_of(client, reverse("vouchers:voucher", args=[voucher.pk]))
    for words in (
        "发放 50,000 元",
        "订单 DD-1 申请兑付，占用 8,000 元",
        "订单 DD-1 已兑付 8,000 元",
        "退券 10,000 元",
        "（余额 32,000 元）",
        "运营部门",
    ):
        assert words in page
    for name in LedgerEntry.objects.exclude(actor=voucher.consumer.account).values_list(
        "actor__username", flat=True
    ):
        assert str(name) not in page


def test_part_of_a_voucher_is_given_back_after_it_was_confirmed(client, voucher):
    page = give_back(client, voucher, confirmed=False).content.decode()
    assert f"确定退回 10,000 元吗？创新券 {voucher.number} 退回后余额 40,000 元；" in page
    focus = BeautifulSoup(page, "html.parser").select("dialog [autofocus]")
    assert [one.get_text() for one in focus] == ["取消"]
    assert 'value="检测改由合作单位承担"' in page
    voucher.refresh_from_db()
    assert voucher.returned_amount == 0
    available = Pool.objects.get().available_amount
    assert "已退回 10,000 元。" in give_back(client, voucher).content.decode()
    voucher.refresh_from_db()
    assert (voucher.balance_amount, voucher.returned_amount) == (Decimal(40000), Decimal(10000))
    assert Pool.objects.get().available_amount == available + 10000
    give_back(client, voucher, amount="４０,000")
    voucher.refresh_from_db()
    assert voucher.balance_amount == 0
    page = page_of(client, reverse("vouchers:voucher", args=[voucher.pk]))
    assert "已退券" in page
    assert reverse("vouchers:return", args=[voucher.pk]) not in page


def test_an_answer_that_is_sent_twice_gives_back_once(client, voucher):
    page = give_back(client, voucher, confirmed=False).content.decode()
    last_entry = voucher.entries.latest("pk").pk
    assert f'name="last_entry" value="{last_entry}"' in page
    assert "data-once" in page
    assert give_back(client, voucher, last_entry=last_entry).status_code == 200
    page = give_back(client, voucher, last_entry=last_entry).content.decode()
    assert "的资金有变动，余额现在是 40,000 元；可能是同一笔提交了两次。" in page
    assert "余额 40,000 元，可以全部退回" in page
    assert "检测改由合作单位承担" in page
    assert "有变动" in give_back(client, voucher, last_entry="").content.decode()
    voucher.refresh_from_db()
    assert voucher.returned_amount == 10000


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"amount": "50000.01"}, "退回金额不能超过余额 50,000 元。"),
        ({"amount": "0"}, "退回金额应大于 0 元。"),
        ({"amount": "1.001"}, "金额最多保留两位小数（分）。"),
        ({"amount": ""}, "请填写退回金额。"),
        ({"reason": " "}, "请填写退券原因。"),
    ],
)
def test_what_cannot_be_given_back_is_refused(client, voucher, data, sentence):
    assert sentence in give_back(client, voucher, **data).content.decode()
    voucher.refresh_from_db()
    assert voucher.returned_amount == 0


def test_a_voucher_with_a_claim_under_way_is_not_given_back(client, voucher):
    move(services.reserve, voucher, "1")
    assert reverse("vouchers:return", args=[voucher.pk]) not in page_of(
        client, reverse("vouchers:voucher", args=[voucher.pk])
    )
    assert "正在兑付审核中" in give_back(client, voucher).content.decode()
    voucher.refresh_from_db()
    assert voucher.returned_amount == 0


def test_what_ends_soon_is_pointed_out_on_the_list_and_the_dashboard(client, voucher):
    assert "即将到期" not in page_of(client, DASHBOARD)
    day = voucher.valid_until - datetime.timedelta(days=30)
    with time_machine.travel(
        datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC), tick=False
    ):
        client = signed_in(voucher.consumer.account)
        assert "请尽快安排服务" in page_of(client, LIST)
        assert f"创新券 {voucher.number} 即将到期" in page_of(client, DASHBOARD)


def test_the_dashboard_shows_the_balance_and_the_next_step(client, voucher, django_assert_max_num_queries):
    client.get(DASHBOARD)
    with django_assert_max_num_queries(16):
        page = page_of(client, DASHBOARD)
    assert "还有 50,000 元可用" in page
    ApplicationFactory(consumer=voucher.consumer, returned=True)
    page = page_of(client, DASHBOARD)
    assert page.index("创新券申请被退回") < page.index("使用创新券")


def test_the_dashboard_of_one_who_has_none_offers_to_apply(client):
    consumer = ConsumerFactory(approved=True)
    client.force_login(consumer.account)
    assert "暂时不能申请创新券" in page_of(client, DASHBOARD)
    a_pool()
    page = page_of(client, DASHBOARD)
    assert reverse("vouchers:apply") in page


@pytest.mark.parametrize(
    ("state", "button", "title"),
    [
        ("draft", "继续填写申请", "可以先填写申请，暂时不能提交"),
        ("returned", "修改被退回的申请", "可以先填写申请，暂时不能提交"),
        ("pending", "查看正在办理的申请", "申请暂时不能获批"),
    ],
)
def test_an_open_application_of_a_withdrawn_institution_says_what_is_in_its_way(client, state, button, title):
    consumer = ConsumerFactory(approved=True)
    client.force_login(consumer.account)
    application = ApplicationFactory(consumer=consumer, state=state)
    page = page_of(client, LIST)
    assert "reasons-title" not in page
    assert "先完成机构信息" not in page_of(client, DASHBOARD)
    assert ("还没有提交" in page) is (state == "draft")

    workflow.withdraw(record=consumer, actor=consumer.account)
    page = page_of(client, LIST)
    assert button in page
    assert title in page
    assert f'href="{application.get_centre_url()}"' in page
    assert "机构信息目前是“未提交”状态" in page
    assert "一家机构同时只能办理一份申请" not in page
    assert "先完成机构信息" in page_of(client, DASHBOARD)


def test_an_application_of_the_institutions_other_account_is_said_and_not_linked(client):
    other = ApplicationFactory(pending=True)
    consumer = ConsumerFactory(approved=True, code=other.consumer.code)
    client.force_login(consumer.account)
    for address in (LIST, DASHBOARD):
        page = page_of(client, address)
        assert "一家机构同时只能办理一份申请" in page
        assert other.get_centre_url() not in page


def test_what_is_pending_is_taken_off_what_may_be_applied_for(client):
    consumer = ConsumerFactory(approved=True)
    client.force_login(consumer.account)
    ApplicationFactory(consumer=consumer, pending=True)
    assert client.get(LIST).context["left_amount"] == Decimal(120000)
