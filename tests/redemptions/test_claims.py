"""What is claimed, computed and reserved; and given back when the claim comes to nothing."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Message
from institutions.bans import ban_consumer
from institutions.models import Consumer
from orders.exceptions import OrderError
from orders.models import DocumentKind, Order
from orders.services.documents import remove_invoice, upload_document
from redemptions.exceptions import RedemptionError
from redemptions.models import Redemption
from redemptions.services import review
from redemptions.services.claims import assess, submit_claim, withdraw_claim
from supervision.models import Alert
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory, UserFactory
from tests.order_factories import an_order
from tests.redemption_factories import a_claim, a_claimable_order, add_papers, the_checker, the_decider
from tests.voucher_factories import a_voucher, parameters_with
from vouchers.audit import audit_ledger
from vouchers.models import LedgerEntry, Voucher
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


def money(consumer):
    """(balance, reserved) of each of its vouchers."""
    rows = Voucher.objects.filter(consumer=consumer).order_by("pk")
    return [(str(one.balance_amount), str(one.reserved_amount)) for one in rows]


def refused(verb, **options):
    entries, steps = LedgerEntry.objects.count(), AuditEntry.objects.count()
    with pytest.raises(RedemptionError) as caught:
        verb(**options)
    assert (LedgerEntry.objects.count(), AuditEntry.objects.count()) == (entries, steps)
    return str(caught.value)


# what it comes to


def test_half_of_the_invoice_is_claimed_and_explained_line_by_line():
    claim = a_claim()
    assert (claim.amount, claim.claimed_amount, claim.status) == (Decimal(450), Decimal(450), "submitted")
    number = claim.order.invoices.get().number
    voucher = Voucher.objects.get()
    today = timezone.localdate()
    assert claim.lines == [
        ["可计入金额", "订单总金额 900 元，发票合计 900 元，按较小的计算", "900.00"],
        [f"发票 {number}", "计入 900 元 × 补助比例 50%", "450.00"],
        [
            f"使用创新券 {voucher.number}",
            f"余额 10,000 元，有效期 {today} 至 {voucher.valid_until}",
            "450.00",
        ],
        ["可兑付金额", "以上合计", "450.00"],
    ]
    assert money(claim.consumer) == [("9550.00", "450.00")]
    assert audit_ledger().broken is None


def test_what_is_invoiced_above_the_order_does_not_count():
    plan = assess(a_claimable_order(invoices=["600", "500.01"])).plan
    assert [str(line.amount) for line in plan.lines] == ["900.00", "300.00", "150.00", "450.00", "450.00"]
    assert "发票金额 500.01 元，超出订单总金额的部分不计；计入 300 元" in plan.lines[2].text


def test_shares_are_cut_to_the_fen():
    assert assess(a_claimable_order(invoices=["333.33"])).plan.amount == Decimal("166.66")


def test_whole_yuan_only():
    order = a_claimable_order(invoices=["333.33"])
    parameters_with(whole_yuan_only=True)
    plan = assess(order).plan
    assert plan.amount == Decimal(166)
    assert plan.lines[-2].as_list() == [
        "不兑付",
        "按比例应为 166.66 元，超出创新券余额或不足整元的部分不兑付",
        "0.66",
    ]


def test_several_vouchers_are_used_the_one_that_ends_first_before_the_others():
    consumer = ConsumerFactory(approved=True)
    later = a_voucher("1000", consumer=consumer)
    sooner = a_voucher("300", consumer=consumer, parameters=parameters_with(validity_days=30))
    claim = a_claim(consumer=consumer, voucher=None)
    assert {share.voucher: share.amount for share in claim.shares.all()} == {
        sooner: Decimal(300),
        later: Decimal(150),
    }
    assert money(consumer) == [("850.00", "150.00"), ("0.00", "300.00")]


def test_never_more_than_the_balance():
    claim = a_claim(voucher="100.01")
    assert claim.amount == Decimal("100.01")
    assert claim.lines[-2][2] == "349.99"
    assert money(claim.consumer) == [("0.00", "100.01")]


def test_the_share_is_that_of_the_kind_of_service():
    order = a_claimable_order()
    parameters_with(testing_share_percent=30, instrument_share_percent=60)
    assert assess(order).plan.amount == Decimal(270)


def test_a_voucher_pays_for_what_was_served_and_invoiced_in_its_validity():
    order = a_claimable_order(voucher=None)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        a_voucher("1000", consumer=order.consumer)
        found = assess(order)
        day = timezone.localdate()
    assert found.plan.amount == 0
    assert found.problems == [
        f"服务完成日期 {day - datetime.timedelta(days=1)} 不在有余额的创新券的有效期"
        f"（{day} 至 {day + datetime.timedelta(days=364)}）内，不能使用。"
    ]


def test_claims_are_taken_to_the_last_day_and_no_longer():
    order = a_claimable_order()
    voucher = Voucher.objects.get()
    noon = datetime.datetime.combine(voucher.redeem_by, datetime.time(12), timezone.get_current_timezone())
    with time_machine.travel(noon):
        assert assess(order).problems == []
    with time_machine.travel(noon + datetime.timedelta(days=1)):
        assert "没有可以使用的创新券" in refused(submit_claim, order=order, actor=order.consumer.account)


# what keeps it


def test_all_that_is_missing_is_said_at_once():
    order = an_order("delivered")
    assert [sentence[:10] for sentence in assess(order).problems] == [
        "订单现在是“待您确认",
        "还没有评价。请先在订",
        "还没有发票。请先上传",
        "还没有合同。请先上传",
        "还没有检测报告或服务",
        "没有可以使用的创新券",
    ]
    assert "还没有合同" in refused(submit_claim, order=order, actor=order.consumer.account)
    assert not Redemption.objects.exists()


def test_only_its_own_consumer_claims_an_order():
    order = a_claimable_order()
    for actor in (order.provider.account, UserFactory(consumer=True), UserFactory(admin=True)):
        assert "只能为本机构的订单" in refused(submit_claim, order=order, actor=actor)


@pytest.mark.reviewed
def test_a_consumer_whose_right_is_suspended_claims_nothing():
    order = a_claimable_order()
    ban = ban_consumer(consumer=order.consumer, actor=UserFactory(admin=True), reason="核查中")
    assert assess(Order.objects.get(pk=order.pk)).problems == [
        f"贵单位的用券资格已暂停，暂停期间不能申请兑付。{ban.facts}"
    ]


def test_a_failed_check_warns_supervision_once():
    order = a_claimable_order()
    Consumer.objects.update(legal_representative="李建国")  # as the provider's
    claim = submit_claim(order=order, actor=order.consumer.account)
    alert = Alert.objects.get(code="redemptions.relation")
    assert alert.severity == "serious"
    assert alert.title == f"供需双方可能有关联：兑付申请 {claim.number}"
    withdraw_claim(redemption=claim, actor=order.consumer.account)
    submit_claim(order=order, actor=order.consumer.account)
    assert Alert.objects.get(code="redemptions.relation") == alert


def test_an_order_is_claimed_once():
    claim = a_claim()
    message = refused(submit_claim, order=claim.order, actor=claim.consumer.account)
    assert message == f"这份订单已提交过兑付申请 {claim.number}，不能重复提交。"
    assert money(claim.consumer) == [("9550.00", "450.00")]


def test_what_the_page_said_must_still_hold():
    order = a_claimable_order()
    message = refused(submit_claim, order=order, actor=order.consumer.account, expected_amount=Decimal("451"))
    assert message == "可兑付金额有变化，现在是 450 元。请核对新的计算过程后重新提交。"


def test_the_papers_are_frozen_while_it_is_claimed():
    claim = a_claim()
    order, account = claim.order, claim.consumer.account
    with pytest.raises(OrderError, match="已申请使用创新券，材料不能再改动"):
        remove_invoice(invoice=order.invoices.get(), actor=account)
    with pytest.raises(OrderError, match="材料不能再改动"):
        upload_document(
            order=order, kind=DocumentKind.REPORT, file=PrivateFileFactory(owner=account), actor=account
        )
    assert (order.invoices.filter(removed_at=None).count(), order.documents.count()) == (1, 2)


# taken back, sent back, refused, reduced


def test_withdrawn_the_money_is_free_and_the_papers_too():
    claim = a_claim()
    withdraw_claim(redemption=claim, actor=claim.consumer.account)
    claim.refresh_from_db()
    assert (claim.status, claim.shares.count()) == ("withdrawn", 0)
    assert money(claim.consumer) == [("10000.00", "0.00")]
    add_papers(Order.objects.get(pk=claim.order_id))
    again = submit_claim(order=claim.order, actor=claim.consumer.account)
    assert (again.pk, again.number, again.status) == (claim.pk, claim.number, "submitted")
    assert money(claim.consumer) == [("9550.00", "450.00")]
    assert audit_ledger().broken is None


def test_nothing_is_withdrawn_once_it_is_decided():
    claim = a_claim("approved")
    assert "现在是“审核通过，待公示”，不能再撤回兑付申请" in refused(
        withdraw_claim, redemption=claim, actor=claim.consumer.account
    )


def test_the_checker_sends_back_with_a_reason_for_each_paper():
    claim = a_claim()
    invoice = claim.order.invoices.get()
    review.return_claim(
        redemption=claim,
        actor=the_checker(),
        reason="",
        document_reasons={f"invoice-{invoice.pk}": "发票缺少盖章。", "contract": " "},
    )
    claim.refresh_from_db()
    assert (claim.status, claim.reason) == ("returned", "发票缺少盖章。")
    assert claim.document_reasons == {f"invoice-{invoice.pk}": "发票缺少盖章。"}
    assert money(claim.consumer) == [("10000.00", "0.00")]
    told = Message.objects.filter(recipient=claim.consumer.account).latest("pk")
    assert told.subject == "兑付申请被退回"
    assert "发票缺少盖章。" in told.body


def test_returning_needs_a_reason():
    claim = a_claim()
    assert refused(review.return_claim, redemption=claim, actor=the_checker(), reason=" ") == (
        "请填写原因，用券机构会看到。"
    )


def test_approved_for_less_the_rest_is_free_at_once():
    consumer = ConsumerFactory(approved=True)
    a_voucher("1000", consumer=consumer)
    a_voucher("300", consumer=consumer, parameters=parameters_with(validity_days=30))
    claim = a_claim("checked", consumer=consumer, voucher=None)
    claim = review.approve_claim(
        redemption=claim, actor=the_decider(), amount=Decimal("200.50"), reason="运输费不在支持范围。"
    )
    assert (claim.status, claim.amount, claim.claimed_amount) == (
        "approved",
        Decimal("200.50"),
        Decimal("450.00"),
    )
    assert money(consumer) == [("1000.00", "0.00"), ("99.50", "200.50")]
    assert (claim.payee_name, claim.account_number.reveal()) == (
        consumer.bank_account_name,
        consumer.bank_account_number.reveal(),
    )
    assert audit_ledger().broken is None


@pytest.mark.parametrize("amount", ["0", "-1", "450.01", "1.001", "NaN"])
def test_no_other_amount_is_granted(amount):
    claim = a_claim("checked")
    message = refused(
        review.approve_claim, redemption=claim, actor=the_decider(), amount=Decimal(amount), reason="x"
    )
    assert message == "核定金额应大于 0，不超过申请的 450 元，最多两位小数。"


def test_less_needs_a_reason():
    claim = a_claim("checked")
    assert "核减金额须说明原因" in refused(
        review.approve_claim, redemption=claim, actor=the_decider(), amount=Decimal(1)
    )


def test_refused_is_for_good():
    claim = a_claim("refused")
    assert money(claim.consumer) == [("10000.00", "0.00")]
    message = refused(submit_claim, order=claim.order, actor=claim.consumer.account)
    assert message == f"这份订单的兑付申请 {claim.number} 已决定不予兑付，不能再次提交。"
    with pytest.raises(OrderError, match="材料不能再改动"):
        remove_invoice(invoice=claim.order.invoices.get(), actor=claim.consumer.account)


# four eyes


@pytest.mark.parametrize("verb", [review.approve_claim, review.return_claim, review.refuse_claim])
def test_a_decider_who_was_the_checker_is_refused(verb):
    both = UserFactory(admin=True)
    claim = review.check_claim(redemption=a_claim(), actor=both)
    message = refused(verb, redemption=claim, actor=both, reason="理由")
    assert message == f"兑付申请 {claim.number} 是您初审的，须由另一位审核人员复审。"


def test_the_database_knows_two_people():
    claim = a_claim("checked")
    with pytest.raises(IntegrityError), transaction.atomic():
        Redemption.objects.filter(pk=claim.pk).update(decided_by=claim.checked_by)


def test_each_step_has_its_people():
    claim = a_claim()
    for actor in (the_decider(), claim.consumer.account, claim.provider.account):
        assert "没有对兑付申请进行“兑付初审通过”的权限" in refused(
            review.check_claim, redemption=claim, actor=actor
        )
    claim = review.check_claim(redemption=claim, actor=the_checker())
    assert "没有对兑付申请进行“兑付复审通过”的权限" in refused(
        review.approve_claim, redemption=claim, actor=a_second_checker()
    )


def a_second_checker():
    from tests.voucher_factories import checker

    return checker()


def test_the_trail_says_who_did_what():
    claim = a_claim("approved")
    steps = AuditEntry.objects.of(claim).order_by("pk").values_list("action", "actor", "changes")
    assert list(steps) == [
        ("claim", claim.consumer.account_id, {"status": ["", "submitted"], "amount": ["", "450.00"]}),
        ("check_claim", the_checker().pk, {"status": ["submitted", "checked"]}),
        (
            "approve_claim",
            the_decider().pk,
            {
                "status": ["checked", "approved"],
                "account": ["", f"{claim.payee_name}，中国工商银行，•••• 4321"],
            },
        ),
    ]
