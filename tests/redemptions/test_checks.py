"""The automatic checks: what passes, what does not, with which numbers; and what they cost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from orders.models import Invoice, Order
from orders.services.documents import remove_invoice
from redemptions import checks
from redemptions.checks import patterns
from redemptions.models import Redemption, RedemptionShare, SignIn
from redemptions.services.checking import run_checks
from redemptions.services.claims import submit_claim
from redemptions.services.review import check_claim
from supervision.models import Alert
from tests.consumer_factories import ConsumerFactory
from tests.factories import TestingServiceFactory
from tests.order_factories import an_invoice, an_order
from tests.redemption_factories import a_claim, a_claimable_order, the_checker
from tests.redemptions.checking import found
from tests.voucher_factories import a_voucher
from vouchers.models import Voucher

pytestmark = pytest.mark.django_db


# all of them


def test_a_plain_claim_passes_all_that_can_be_checked():
    claim = a_claim()
    assert [(check["key"], check["passed"]) for check in claim.checks] == [
        ("dates", True),
        ("parties", True),
        ("relation", True),
        ("ban", True),
        ("numbers", True),
        ("scans", True),
        ("amount", None),
        ("device", None),
        ("splitting", True),
        ("burst", True),
    ]
    assert (claim.failed_checks, claim.checks_at.date()) == (0, timezone.now().date())


def test_a_check_that_breaks_is_told_and_keeps_nothing_back(monkeypatch, caplog):
    def broken(case):
        list(Order.objects.raw("select no_such_column from orders_order"))

    monkeypatch.setitem(checks.CHECKS, "amount", ("金额没有异常", broken))
    claim = a_claim()
    claim.refresh_from_db()
    assert (claim.status, claim.failed_checks) == ("submitted", 1)
    [told] = [one for one in claim.checks if one["is_error"]]
    assert (told["key"], told["passed"], told["text"]) == (
        "amount",
        None,
        "未能核查，请人工核对，或稍后重新核查。",
    )
    assert "check failed to run" in caplog.text
    # nobody is warned about: it says nothing of the claim
    assert not Alert.objects.exists()


def test_what_they_cost_does_not_grow(django_assert_max_num_queries):
    service = TestingServiceFactory(approved=True, provider__approved=True)
    consumer = ConsumerFactory(approved=True)
    a_voucher("10000", consumer=consumer)
    orders = [
        a_claimable_order(consumer=consumer, offer=service, voucher=None, invoices=["300", "600"])
        for _each in range(3)
    ]
    claims = [submit_claim(order=order, actor=consumer.account) for order in orders]
    with django_assert_max_num_queries(21 + 2 * len(checks.CHECKS)):  # and a savepoint each
        checks.run(claims[-1])


def test_what_was_decided_on_stays_as_it_was():
    claim = a_claim("approved")
    before = claim.checks_at
    run_checks(redemption=claim)
    claim.refresh_from_db()
    assert claim.checks_at == before


# dates and parties


def test_dates_outside_the_validity():
    claim = a_claim()
    voucher, invoice = Voucher.objects.get(), Invoice.objects.get()
    passed, text, _names = found(claim, "dates")
    assert (passed, str(voucher.valid_until) in text) == (True, True)
    Invoice.objects.update(issued_on=voucher.valid_from - timedelta(days=1))
    passed, text, names = found(claim, "dates")
    assert (passed, names) == (False, [invoice.number])
    assert text.startswith(
        f"发票 {invoice.number} 的开票日期 {voucher.valid_from - timedelta(days=1)} 不在有效期内。"
    )
    Invoice.objects.update(issued_on=voucher.valid_from)
    Order.objects.update(delivered_at=timezone.now() - timedelta(days=2))
    passed, text, names = found(claim, "dates")
    assert (passed, names) == (False, [voucher.number])
    assert "服务完成日期" in text


def test_an_invoice_between_others():
    claim = a_claim()
    Invoice.objects.update(seller_name="别家检测公司", buyer_code="91110000600037341L")
    passed, text, _names = found(claim, "parties")
    assert passed is False
    assert f"销售方名称“别家检测公司”与登记的“{claim.provider.host_name}”不一致" in text
    assert f"购买方代码 91110000600037341L 与登记的 {claim.consumer.code} 不一致" in text


def test_names_that_differ_in_width_and_space_are_the_same():
    claim = a_claim(consumer=ConsumerFactory(approved=True, name="渭河软件（西安）公司"))
    Invoice.objects.update(buyer_name="渭河软件(西安) 公司")
    assert found(claim, "parties")[0] is True


@pytest.mark.parametrize(
    ("of_consumer", "of_provider", "told"),
    [
        ({"legal_representative": "李建国"}, {}, "法定代表人 李建国"),
        ({"contact_name": "赵敏"}, {}, "联系人 赵敏"),
        ({"address": "科技路１号"}, {}, "地址 科技路１号"),
        ({"contact_phone": "02988881234"}, {}, "电话 02988881234"),
        ({"contact_email": "a@weihe.cn"}, {"contact_email": "b@WEIHE.cn"}, "邮箱域名 weihe.cn"),
    ],
)
def test_what_strangers_do_not_have_in_common(of_consumer, of_provider, told):
    claim = a_claim()
    type(claim.consumer).objects.filter(pk=claim.consumer_id).update(**of_consumer)
    type(claim.provider).objects.filter(pk=claim.provider_id).update(**of_provider)
    passed, text, names = found(claim, "relation")
    assert (passed, text) == (False, f"双方相同的登记信息：{told}。")
    assert len(names) == 2


def test_a_public_mailbox_is_nothing_in_common():
    claim = a_claim()
    for side in (claim.consumer, claim.provider):
        type(side).objects.filter(pk=side.pk).update(contact_email="someone@163.com")
    assert found(claim, "relation")[0] is True


# papers that were used before


def test_an_invoice_that_another_order_had_and_removed():
    order = an_order("completed")
    claim = a_claim()
    mine = claim.order.invoices.get()
    other = an_invoice(order, number="24617000000055555555")
    remove_invoice(invoice=other, actor=order.consumer.account)
    Invoice.objects.filter(pk=other.pk).update(
        number=mine.number, seller_code=mine.seller_code, seller_name="改过的名称"
    )
    passed, text, names = found(claim, "numbers")
    assert (passed, names) == (False, [order.number])
    assert text == (
        f"发票 {mine.number} 也在订单 {order.number} 中：改过的名称，{other.issued_on}，900 元，已移除。"
    )


def test_the_same_number_by_another_seller_counts_where_amount_and_day_agree():
    claim, order = a_claim(), an_order("completed")
    number = claim.order.invoices.get().number
    other = an_invoice(order, number=number)
    assert found(claim, "numbers")[0] is False
    Invoice.objects.filter(pk=other.pk).update(amount=Decimal("899.99"))
    assert found(claim, "numbers")[0] is True


def test_an_invoice_replaced_in_its_own_order_is_no_other():
    order = a_claimable_order()
    mine = order.invoices.get()
    remove_invoice(invoice=mine, actor=order.consumer.account)
    an_invoice(order, number=mine.number)
    assert found(a_claim(order=Order.objects.get(pk=order.pk)), "numbers")[0] is True


# what stands out


def test_an_amount_of_three_times_the_median():
    service = TestingServiceFactory(approved=True, provider__approved=True)
    claim = a_claim(offer=service)
    for _each in range(4):
        an_order("completed", offer=service)
    assert found(claim, "amount")[:2] == (
        None,
        "同类服务已完成的其他订单只有 4 份，不足 5 份，无从比较。",
    )
    an_order("completed", offer=service)
    others = Order.objects.exclude(pk=claim.order_id)
    others.update(total_amount=Decimal("300"))
    assert found(claim, "amount")[:2] == (
        True,
        "订单金额 900 元；同一服务已完成的 5 份订单金额中位数 300 元，是它的 3.0 倍（超过 3 倍须核实）。",
    )
    others.update(total_amount=Decimal("299.99"))
    assert found(claim, "amount")[0] is False


def test_where_too_few_have_it_the_class_is_compared():
    claim = a_claim()
    kept = claim.order.offer
    for _each in range(5):
        service = TestingServiceFactory(approved=True, provider__approved=True)
        type(service).objects.filter(pk=service.pk).update(field=kept.field)
        an_order("completed", offer=service)
    passed, text, _names = found(claim, "amount")
    assert (passed, "同类服务已完成的 5 份订单" in text) == (True, True)


def test_three_orders_for_the_same_thing_within_seven_days():
    service = TestingServiceFactory(approved=True, provider__approved=True)
    consumer = ConsumerFactory(approved=True)
    claim = a_claim(consumer=consumer, offer=service)
    second, third = (an_order(consumer=consumer, offer=service) for _each in range(2))
    passed, text, names = found(claim, "splitting")
    assert (passed, names) == (False, [second.number, third.number])
    assert text == "双方就同一服务在 7 天内下单 3 份，合计 2,700 元（3 份以上须核实是否拆单）。"
    Order.objects.filter(pk=third.pk).update(created_at=claim.order.created_at + timedelta(days=8))
    assert found(claim, "splitting")[0] is True
    # a window that ends with this one counts too
    Order.objects.filter(pk=third.pk).update(created_at=claim.order.created_at - timedelta(days=6))
    Order.objects.filter(pk=second.pk).update(created_at=claim.order.created_at - timedelta(days=3))
    assert found(claim, "splitting")[0] is False


def test_a_rush_before_a_voucher_ends():
    claim = a_claim(voucher="1000")
    assert found(claim, "burst")[0] is True
    voucher = Voucher.objects.get()
    last = timezone.make_aware(timezone.datetime.combine(voucher.valid_until, timezone.datetime.min.time()))
    others = [a_claim(), a_claim()]
    for other, amount in zip(others, ("50.00", "10.00"), strict=True):
        RedemptionShare.objects.filter(redemption=other).update(voucher=voucher, amount=amount)
    Redemption.objects.update(submitted_at=last - timedelta(days=29))
    claim.refresh_from_db()
    passed, text, names = found(claim, "burst")
    assert (passed, names) == (False, [voucher.number])
    assert f"最后 {patterns.BURST_DAYS} 天内 3 份申请共 510 元，占券额 51.0%。" in text
    RedemptionShare.objects.filter(redemption=others[0]).update(amount="40.00")
    assert found(claim, "burst")[0] is True
    RedemptionShare.objects.filter(redemption=others[0]).update(amount="50.00")
    Redemption.objects.filter(pk=others[1].pk).update(submitted_at=last - timedelta(days=30))
    assert found(claim, "burst")[0] is True


# from where they sign in


def signed_in_from(account, address, device="a", days=0):
    SignIn.objects.create(
        account=account, address=address, device=device, last_at=timezone.now() - timedelta(days=days)
    )


def test_both_sides_from_one_address():
    claim = a_claim()
    consumer, provider = claim.consumer.account, claim.provider.account
    assert found(claim, "device")[0] is None
    signed_in_from(consumer, "203.0.113.7")
    signed_in_from(provider, "203.0.113.8")
    assert found(claim, "device")[:2] == (
        True,
        "近 90 天双方没有从同一地址登录过（用券机构 1 处，接券机构 1 处）。",
    )
    signed_in_from(provider, "203.0.113.7", "b", days=89)
    assert found(claim, "device")[:2] == (False, "近 90 天双方都从这些地址登录过：203.0.113.7。")
    SignIn.objects.filter(device="b").update(device="a", last_at=timezone.now() - timedelta(days=89))
    assert found(claim, "device")[1] == "近 90 天双方都从这些地址登录过：203.0.113.7（同一设备）。"
    SignIn.objects.filter(account=provider, address="203.0.113.7").update(
        last_at=timezone.now() - timedelta(days=91)
    )
    assert found(claim, "device")[0] is True


def test_a_network_that_many_share_says_nothing(settings):
    claim = a_claim()
    for account in (claim.consumer.account, claim.provider.account):
        signed_in_from(account, "203.0.113.7")
    settings.SHARED_NETWORKS = ["203.0.113.0/24"]
    assert found(claim, "device")[0] is True
    settings.SHARED_NETWORKS = []
    for _each in range(8):
        signed_in_from(ConsumerFactory().account, "203.0.113.7")
    passed, text, _names = found(claim, "device")
    assert (passed, "多家共用的网络 1 处不计" in text) == (True, True)


def test_signing_in_is_remembered_of_institutions_only(client):
    from tests.factories import PASSWORD, UserFactory

    consumer, staff = UserFactory(consumer=True), UserFactory(staff=True)
    SignIn.objects.create(
        account=consumer, address="203.0.113.9", device="", last_at=timezone.now() - timedelta(days=91)
    )
    for account in (consumer, consumer, staff):
        client.post(
            "/accounts/login/",
            {"login": account.username, "password": PASSWORD},
            headers={"user-agent": "Firefox"},
        )
        client.logout()
    call_command("prune_sign_ins")
    [row] = SignIn.objects.all()
    assert (row.account, row.address, len(row.device)) == (consumer, "127.0.0.1", 16)


def test_before_a_decision_the_checks_are_run_again():
    claim = a_claim()
    Invoice.objects.update(buyer_name="别家")
    check_claim(redemption=claim, actor=the_checker(), answers={"parties": "已更名，见证照。"})
    claim.refresh_from_db()
    assert (claim.status, claim.failed_checks) == ("checked", 1)
