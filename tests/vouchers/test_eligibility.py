"""Who may apply for a voucher, and for how much: every reason at once, each on the edge of its rule."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from institutions.models import Consumer
from tests.consumer_factories import ConsumerFactory
from tests.factories import reviewer
from tests.voucher_factories import ApplicationFactory, a_pool, a_voucher, decider, move, parameters_with
from vouchers import services
from vouchers.eligibility import standing_of
from vouchers.evidence import evidence_for
from vouchers.exceptions import VoucherError
from vouchers.models import Pool, Voucher
from vouchers.models.applications import VoucherApplication
from workflow import services as workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def consumer():
    a_pool()
    return ConsumerFactory(approved=True)


def used(consumer, granted, amount):
    """A voucher of this year of which so much was redeemed."""
    voucher = a_voucher(granted, consumer=consumer)
    if Decimal(amount):
        move(services.reserve, voucher, amount)
        move(services.redeem, voucher, amount)
    return voucher


def test_an_approved_consumer_with_a_full_pool_may_apply_up_to_the_ceiling(consumer):
    standing = standing_of(consumer)
    assert standing.reasons == []
    assert standing.left_amount == Decimal("200000.00")
    assert standing.amount_reasons(Decimal("200000.00")) == []


def test_every_reason_is_given_at_once(year):
    consumer = ConsumerFactory()
    ApplicationFactory(consumer=consumer)
    Pool.objects.update(available_amount=0)
    assert standing_of(consumer).reasons == [
        "机构信息目前是“未提交”状态，通过审核后才能申请创新券，请先到“机构信息”办理。",
        "已有一份申请还没有办完（未提交），一家机构同时只能办理一份申请。",
        f"{year} 年度的创新券资金已经用完，暂时不能申请，请留意通知公告。",
    ]


@pytest.mark.parametrize("state", ["pending", "returned", "withdrawn"])
def test_only_an_approved_institution_may_apply(state):
    a_pool()
    assert len(standing_of(ConsumerFactory(**{state: True})).reasons) == 1


def test_the_ceiling_counts_what_was_granted_this_year(consumer):
    a_voucher("150000", consumer=consumer)
    standing = standing_of(consumer)
    assert standing.left_amount == Decimal("50000.00")
    assert standing.amount_reasons(Decimal("50000.00")) == []
    assert standing.amount_reasons(Decimal("50000.01")) == [
        "本年度已获批和正在申请的额度共 150,000 元，最多还可申请 50,000 元，请减少金额。"
    ]


def test_the_ceiling_counts_what_is_pending(consumer):
    a_voucher("150000", consumer=consumer)
    ApplicationFactory(consumer=consumer, applied_amount=Decimal("50000.00"), pending=True)
    assert standing_of(consumer).reasons == [
        "已有一份申请还没有办完（待审核），一家机构同时只能办理一份申请。",
        "本年度已获批和正在申请的额度共 200,000 元，已达到 200,000 元的上限，不能再申请。",
    ]


def test_what_was_given_back_counts_as_never_granted(consumer):
    voucher = a_voucher("150000", consumer=consumer)
    services.return_voucher(
        voucher=voucher, actor=consumer.account, amount=Decimal(100000), reason="计划调整"
    )
    assert standing_of(consumer).left_amount == Decimal("150000.00")


def test_vouchers_of_others_and_of_other_years_do_not_count(consumer, year):
    a_voucher("200000")
    with time_machine.travel(datetime.datetime(year + 1, 1, 2, 12, tzinfo=datetime.UTC), tick=False):
        a_voucher("200000", consumer=consumer)
    assert standing_of(consumer).left_amount == Decimal("200000.00")


def test_a_first_application_has_a_ceiling_of_its_own(consumer):
    parameters_with(first_ceiling_amount=Decimal(50000))
    standing = standing_of(consumer)
    assert standing.amount_reasons(Decimal(50000)) == []
    assert standing.amount_reasons(Decimal("50000.01")) == ["首次申请不能超过 50,000 元，请减少金额。"]
    a_voucher("1000", consumer=consumer)
    assert standing_of(consumer).amount_reasons(Decimal("60000")) == []


@pytest.mark.parametrize(("amount", "refused"), [("50000", True), ("50000.01", False)])
def test_one_applies_again_after_more_than_the_share_is_used(consumer, amount, refused):
    parameters_with(reapply_used_percent=50)
    used(consumer, "100000", amount)
    assert standing_of(consumer).reasons == (
        ["本年度已获批 100,000 元，使用了 50%；使用超过 50% 后才能再次申请。"] if refused else []
    )


@pytest.mark.parametrize(("amount", "refused"), [("29999.99", True), ("30000", False)])
def test_who_used_too_little_of_what_ended_last_year_waits_a_year(consumer, amount, refused, year):
    used(consumer, "100000", amount)
    parameters_with(low_use_percent=30)
    ended = timezone.localdate() + datetime.timedelta(days=364)
    reasons = {}
    for when in (year + 1, ended.year + 1, ended.year + 2):
        with time_machine.travel(datetime.datetime(when, 1, 2, 12, tzinfo=datetime.UTC), tick=False):
            a_pool()
            reasons[when] = standing_of(consumer).reasons
    last = ended.year
    assert reasons[last + 1] == (
        [f"{last} 年到期的创新券只使用了 29.9%，低于 30%，按规定 {last + 1} 年度不能申请。"]
        if refused
        else []
    )
    # neither while it may still be used, nor for longer than the year
    assert reasons[last + 2] == []
    assert last < year + 1 or reasons[year + 1] == []


def test_giving_back_reaches_no_share_of_use(consumer):
    parameters_with(reapply_used_percent=50)
    voucher = used(consumer, "100000", "1")
    services.return_voucher(voucher=voucher, actor=consumer.account, amount=Decimal(99999), reason="计划调整")
    assert standing_of(consumer).reasons == [
        "本年度已获批 100,000 元，使用了 0%；使用超过 50% 后才能再次申请。"
    ]


def test_what_went_back_whole_makes_no_second_application(consumer):
    parameters_with(first_ceiling_amount=Decimal(50000))
    services.return_voucher(
        voucher=a_voucher("50000", consumer=consumer), actor=consumer.account, reason="计划调整"
    )
    assert standing_of(consumer).amount_reasons(Decimal("50000.01")) == [
        "首次申请不能超过 50,000 元，请减少金额。"
    ]


def test_an_institution_has_one_ceiling_whatever_its_accounts(consumer):
    twin = ConsumerFactory(approved=True, code=consumer.code)
    a_voucher("150000", consumer=twin)
    assert standing_of(consumer).left_amount == Decimal("50000.00")
    # what another account only writes does not count, what it has handed in does
    application = ApplicationFactory(consumer=twin, applied_amount=Decimal("50000.00"))
    assert standing_of(consumer).reasons == []
    workflow.submit(record=application, actor=twin.account)
    assert standing_of(consumer).left_amount == 0


def test_a_decision_looks_at_bans_too(consumer):
    application = ApplicationFactory(consumer=consumer, checked=True)
    a_voucher("1000", consumer=consumer)
    parameters_with(reapply_used_percent=50)
    with pytest.raises(VoucherError, match="使用超过 50% 后才能再次申请"):
        workflow.approve(record=application, actor=decider())
    assert Voucher.objects.count() == 1


def test_the_reviewer_is_told_of_an_institution_that_was_approved_anew(consumer):
    """Another account number may end like the old one."""
    application = ApplicationFactory(consumer=consumer, pending=True)
    record = workflow.withdraw(record=Consumer.objects.get(), actor=consumer.account)
    record = workflow.submit(record=record, actor=consumer.account)
    workflow.approve(record=record, actor=reviewer())
    application = VoucherApplication.objects.get(pk=application.pk)
    found = evidence_for(application)[0]
    assert (found.finding, found.holds) == ("提交后重新审核过，内容看起来相同，请核对银行账号。", None)


def test_a_pool_that_is_not_there_is_said(year):
    reasons = standing_of(ConsumerFactory(approved=True)).reasons
    assert reasons == [f"{year} 年度的资金池还没有设立，暂时不能申请，请留意通知公告。"]


@pytest.mark.parametrize(
    ("amount", "reasons"),
    [
        ("0", ["申请额度不能为 0，请填写大于 0 的金额。"]),
        ("-5", ["申请额度不能是负数，请填写大于 0 的金额。"]),
        ("0.01", []),
        ("200000.01", ["200,000.01 元超过了每家机构每年 200,000 元的上限，请减少金额。"]),
    ],
)
def test_amounts_at_the_edges(consumer, amount, reasons):
    assert standing_of(consumer).amount_reasons(Decimal(amount)) == reasons


def test_a_standing_is_read_in_five_queries(consumer, django_assert_num_queries):
    a_voucher("1000", consumer=consumer)
    with django_assert_num_queries(5):
        assert standing_of(consumer).reasons == []


def test_the_reviewer_sees_it_all_as_evidence(consumer, year):
    application = ApplicationFactory(consumer=consumer, pending=True)
    assert [item.holds for item in evidence_for(application)] == [True] * 6
    parameters_with(consumer_ceiling_amount=Decimal(50000))
    workflow.withdraw(record=Consumer.objects.get(), actor=consumer.account)
    Pool.objects.update(available_amount=Decimal("79999.99"))
    application.last_year_revenue_amount = Decimal(1)
    application.statement_year = application.earlier_statement_year = year - 5
    application.consumer.refresh_from_db()
    assert [item.holds for item in evidence_for(application)] == [False, False, True, False, None, None]


def test_evidence_ends_with_the_decision(consumer):
    assert evidence_for(ApplicationFactory(consumer=consumer, approved=True)) == []
