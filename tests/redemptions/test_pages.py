"""The consumer's pages: what is claimed, asked before it is done; how far a claim has come."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from orders.models import Order
from redemptions.models import Redemption
from redemptions.services import review
from redemptions.services.claims import withdraw_claim
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import UserFactory
from tests.order_factories import an_order
from tests.redemption_factories import a_claim, a_claimable_order, the_checker, the_decider
from vouchers.models import LedgerEntry

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def claim_address(order) -> str:
    return reverse("redemptions:claim", args=[order.pk])


# claiming


def test_the_page_says_the_amount_and_how_it_comes_about():
    order = a_claimable_order()
    page = text_of(signed_in(order.consumer.account).get(claim_address(order)))
    for words in (
        "订单总金额 900 元，发票合计 900 元，按较小的计算",
        "计入 900 元 × 补助比例 50%",
        "可兑付金额 450 元",
        "西安高新支行",
        "•••• 4321",
    ):
        assert words in page
    assert "3700021809200004321" not in page
    assert not Redemption.objects.exists()


def test_it_is_asked_before_it_is_done():
    order = a_claimable_order()
    client = signed_in(order.consumer.account)
    asked = client.post(claim_address(order))
    assert "确定申请兑付 450 元吗？" in text_of(asked)
    assert not Redemption.objects.exists()
    done = client.post(claim_address(order), {"confirmed": "1", "amount": "450.00"})
    claim = Redemption.objects.get()
    assert done.url == reverse("redemptions:detail", args=[claim.pk])
    assert (claim.amount, claim.status) == (450, "submitted")
    # a second click, another tab
    again = client.post(claim_address(order), {"confirmed": "1", "amount": "450.00"})
    assert f"已提交过兑付申请 {claim.number}，不能重复提交" in text_of(again)
    assert client.get(claim_address(order)).url == claim.get_centre_url()
    assert LedgerEntry.objects.filter(kind="reserve").count() == 1


@pytest.mark.parametrize("amount", ["", "449.99", "NaN", "x" * 5000, "1e99999"])
def test_another_amount_than_was_shown_claims_nothing(amount):
    order = a_claimable_order()
    page = signed_in(order.consumer.account).post(claim_address(order), {"confirmed": "1", "amount": amount})
    assert "可兑付金额有变化，现在是 450 元" in text_of(page)
    assert not Redemption.objects.exists()


def test_all_that_is_in_the_way_is_said_and_nothing_can_be_sent():
    order = an_order("completed")
    client = signed_in(order.consumer.account)
    for response in (client.get(claim_address(order)), client.post(claim_address(order))):
        page = text_of(response)
        assert "还不能提交" in page
        assert "还没有评价。" in page
        assert "还没有发票。" in page
        assert "确定申请兑付" not in page


def test_another_accounts_order_is_not_found():
    order = a_claimable_order()
    for account in (order.provider.account, ConsumerFactory(approved=True).account):
        client = signed_in(account)
        assert client.get(claim_address(order)).status_code == 404
        assert client.post(claim_address(order), {"confirmed": "1", "amount": "450.00"}).status_code == 404
    assert not Redemption.objects.exists()


# on the order's page


def test_the_orders_page_leads_to_the_claim_and_then_to_its_progress():
    order = a_claimable_order()
    client = signed_in(order.consumer.account)
    page = client.get(order.get_centre_url())
    assert claim_address(order) in page.content.decode()
    claim = a_claim(order=order)
    page = client.get(order.get_centre_url())
    assert f"已提交 兑付申请 {claim.number}，450 元。" in text_of(page)
    assert claim_address(order) not in page.content.decode()
    # frozen: nothing to upload, replace or take away
    assert "替换" not in text_of(page)
    provider = signed_in(order.provider.account).get(order.get_centre_url())
    assert "使用创新券" not in text_of(provider).replace("可使用创新券", "")


def test_before_it_is_completed_there_is_nothing_to_claim():
    order = an_order("delivered")
    page = signed_in(order.consumer.account).get(order.get_centre_url())
    assert claim_address(order) not in page.content.decode()


# one claim


def test_a_claim_shows_where_it_stands():
    claim = a_claim("approved")
    for person, name in ((the_checker(), "郑初"), (the_decider(), "钱审")):
        User.objects.filter(pk=person.pk).update(contact_name=name)
    page = signed_in(claim.consumer.account).get(claim.get_centre_url())
    words = text_of(page)
    assert "审核通过，待公示" in words
    assert re.findall(r'aria-current="step".*?</li>', page.content.decode(), re.S)[0].count("审核中") == 1
    # who checked and decided stays inside the house
    for name in ("郑初", "钱审"):
        assert name not in words


def test_a_returned_claim_says_what_is_to_be_put_right_and_goes_in_again():
    claim = a_claim()
    invoice = claim.order.invoices.get()
    review.return_claim(
        redemption=claim,
        actor=the_checker(),
        reason="请补正。",
        document_reasons={f"invoice-{invoice.pk}": "缺少盖章", "gone-7": "看不清"},
    )
    client = signed_in(claim.consumer.account)
    page = text_of(client.get(claim.get_centre_url()))
    assert f"发票 {invoice.number} 缺少盖章" in page
    assert "订单 看不清" in page
    assert "上次提交被退回： 请补正。" in text_of(client.get(claim_address(claim.order)))
    client.post(claim_address(claim.order), {"confirmed": "1", "amount": "450.00"})
    claim.refresh_from_db()
    assert (claim.status, claim.document_reasons, claim.reason) == ("submitted", {}, "")


def test_withdrawing_is_asked_and_frees_the_papers():
    claim = a_claim()
    client = signed_in(claim.consumer.account)
    address = reverse("redemptions:withdraw", args=[claim.pk])
    assert "预留的 450 元退还创新券余额" in text_of(client.get(address))
    client.post(address)
    claim.refresh_from_db()
    assert claim.status == "withdrawn"
    assert Order.objects.get(pk=claim.order_id).claimed_at is None
    assert "不能撤回" in text_of(client.get(address))
    # sent twice
    page = client.post(address, follow=True)
    assert "不能再撤回兑付申请" in text_of(page)


@pytest.mark.parametrize("name", ["detail", "withdraw"])
def test_another_institutions_claim_is_not_found(name):
    claim = a_claim()
    address = reverse(f"redemptions:{name}", args=[claim.pk])
    for account in (UserFactory(consumer=True), claim.provider.account):
        assert signed_in(account).get(address).status_code == 404
        assert signed_in(account).post(address).status_code in {404, 405}
    assert Client().get(address).url.startswith("/accounts/login/")
    claim.refresh_from_db()
    assert claim.status == "submitted"


# the list


def test_the_list_has_claims_by_state_and_orders_to_claim():
    consumer = ConsumerFactory(approved=True)
    claim = a_claim(consumer=consumer)
    withdrawn = withdraw_claim(redemption=a_claim(consumer=consumer, voucher=None), actor=consumer.account)
    order = an_order("completed", consumer=consumer)
    client = signed_in(consumer.account)
    page = client.get(reverse("redemptions:list")).content.decode()
    assert claim.number in page
    assert withdrawn.number in page
    assert claim_address(order) in page
    assert claim_address(claim.order) not in page
    page = client.get(reverse("redemptions:list"), {"status": "withdrawn"}).content.decode()
    assert claim.number not in page
    assert withdrawn.number in page


def test_an_empty_list_says_what_to_do():
    page = signed_in(ConsumerFactory(approved=True).account).get(reverse("redemptions:list"))
    assert "还没有兑付申请" in text_of(page)


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_however_many(count, django_assert_num_queries):
    consumer = ConsumerFactory(approved=True)
    for number in range(count):
        a_claim(consumer=consumer, voucher=None if number else "10000")
    client = signed_in(consumer.account)
    client.get(reverse("redemptions:list"))
    with django_assert_num_queries(7):
        client.get(reverse("redemptions:list"))


def test_a_claims_page_costs_no_more_than(django_assert_num_queries):
    claim = a_claim("approved")
    client = signed_in(claim.consumer.account)
    client.get(claim.get_centre_url())
    with django_assert_num_queries(6):
        client.get(claim.get_centre_url())


def test_the_dashboard_says_what_waits():
    consumer = ConsumerFactory(approved=True)
    a_claim("returned", consumer=consumer)
    an_order("completed", consumer=consumer)
    page = text_of(signed_in(consumer.account).get("/centre/"))
    assert "有 1 份兑付申请被退回" in page
    assert "有 1 份已完成的订单还没有申请兑付" in page
