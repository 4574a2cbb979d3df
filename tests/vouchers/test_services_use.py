"""Money of a voucher: claimed, paid, given back; and what the database itself keeps."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Message
from programme.selectors import current_parameters
from tests.consumer_factories import ConsumerFactory
from tests.factories import auditor, reviewer
from tests.voucher_factories import REASON, a_member, a_pool, a_voucher, move
from tests.vouchers.ledger import available, grant, parts, refused
from vouchers import services
from vouchers.audit import audit_ledger
from vouchers.exceptions import VoucherError
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.statuses import VoucherStatus
from workflow.models import AuditEntry
from workflow.setup import REVIEWERS

pytestmark = pytest.mark.django_db


# reserving, releasing, redeeming, clawing back


def test_money_goes_the_whole_way_and_back():
    a_pool("1000")
    voucher = a_voucher("1000")
    for verb, amount, left in [
        (services.reserve, "600", {"balance": "400.00", "reserved": "600.00"}),
        (services.release, "100", {"balance": "500.00", "reserved": "500.00"}),
        (services.redeem, "500", {"balance": "500.00", "redeemed": "500.00"}),
        (services.claw_back, "200.01", {"balance": "500.00", "redeemed": "299.99", "clawed_back": "200.01"}),
    ]:
        moved = move(verb, voucher, amount)
        assert parts(voucher) == left
        assert moved.balance_amount == voucher.balance_amount
    assert available() == "200.01"
    entry = LedgerEntry.objects.latest("sequence")
    assert (entry.kind, entry.order_number, entry.reason) == ("claw_back", "DD-1", REASON)
    assert [one.action for one in AuditEntry.objects.of(voucher).order_by("pk")] == [
        "grant",
        "reserve",
        "release",
        "redeem",
        "claw_back",
    ]
    assert AuditEntry.objects.of(voucher).latest("pk").changes == {
        "redeemed_amount": ["500.00", "299.99"],
        "clawed_back_amount": ["0.00", "200.01"],
    }
    assert audit_ledger().broken is None


def test_never_more_than_there_is():
    voucher = a_voucher("1000")
    number = voucher.number
    assert refused(move, verb=services.reserve, voucher=voucher, amount="1000.01") == (
        f"创新券 {number} 的余额只有 1,000 元，不足 1,000.01 元。"
    )
    move(services.reserve, voucher, "300")
    for verb in (services.release, services.redeem):
        assert refused(move, verb=verb, voucher=voucher, amount="300.01") == (
            f"创新券 {number} 审核中的金额只有 300 元，不足 300.01 元。"
        )
    assert refused(move, verb=services.claw_back, voucher=voucher, amount="0.01") == (
        f"创新券 {number} 已兑付的金额只有 0 元，不能追回 0.01 元。"
    )


def test_an_order_takes_no_more_than_it_has_reserved_or_been_paid():
    voucher = a_voucher("1000")
    move(services.reserve, voucher, "100", order_number="A")
    move(services.reserve, voucher, "200", order_number="B")
    for verb in (services.release, services.redeem):
        assert refused(move, verb=verb, voucher=voucher, amount="100.01", order_number="A") == (
            f"订单 A 在创新券 {voucher.number} 上审核中的金额只有 100 元，不足 100.01 元。"
        )
    move(services.release, voucher, "10", order_number="A")
    move(services.redeem, voucher, "90", order_number=" A ")
    move(services.redeem, voucher, "200", order_number="B")
    assert refused(move, verb=services.claw_back, voucher=voucher, amount="90.01", order_number="A") == (
        f"订单 A 在创新券 {voucher.number} 上已兑付的金额只有 90 元，不能追回 90.01 元。"
    )
    move(services.claw_back, voucher, "90", order_number="A")
    assert parts(voucher) == {"balance": "710.00", "redeemed": "200.00", "clawed_back": "90.00"}


def test_a_stale_voucher_in_memory_does_no_harm():
    voucher = a_voucher("1000")
    move(services.reserve, voucher, "800")
    assert "余额只有 200 元" in refused(move, verb=services.reserve, voucher=voucher, amount="800")


def test_somebody_elses_voucher_is_left_alone():
    voucher = a_voucher("1000")
    other = ConsumerFactory(approved=True).account
    for actor in (other, reviewer()):
        assert refused(move, verb=services.reserve, voucher=voucher, amount="1", actor=actor) == (
            "只能使用本机构的创新券。"
        )
    move(services.reserve, voucher, "10")
    assert "不能解除" in refused(move, verb=services.release, voucher=voucher, amount="1", actor=other)
    for verb in (services.redeem, services.claw_back):
        for actor in (voucher.consumer.account, a_member(REVIEWERS), auditor()):
            assert "权限" in refused(move, verb=verb, voucher=voucher, amount="1", actor=actor)
    move(services.release, voucher, "10", actor=a_member(REVIEWERS))
    assert parts(voucher) == {"balance": "1000.00"}


def test_every_entry_says_for_which_order_and_why():
    voucher = a_voucher("1000")
    asked = {"voucher": voucher, "amount": Decimal(1), "actor": voucher.consumer.account}
    assert (
        refused(services.reserve, order_number=" ", reason=REASON, **asked) == "请注明这笔金额对应的订单号。"
    )
    assert refused(services.reserve, order_number="DD-1", reason=" ", **asked) == (
        "请填写说明，它会留在资金流水中。"
    )


@pytest.mark.parametrize(
    ("returned", "redeemed", "clawed_back", "status"),
    [
        ("1000", None, None, "returned"),
        ("100", "900", None, "used"),
        ("100", "900", "900", "used"),
        (None, "1000", None, "used"),
    ],
)
def test_a_voucher_that_was_used_in_part_is_used_and_not_returned(returned, redeemed, clawed_back, status):
    voucher = a_voucher("1000")
    if returned:
        services.return_voucher(
            voucher=voucher, actor=voucher.consumer.account, amount=Decimal(returned), reason=REASON
        )
    for verb, amount in (
        (services.reserve, redeemed),
        (services.redeem, redeemed),
        (services.claw_back, clawed_back),
    ):
        if amount:
            move(verb, voucher, amount)
    assert Voucher.objects.get().status == status
    assert [one.value for one in VoucherStatus if Voucher.objects.in_status(one).exists()] == [status]


def test_a_voucher_is_claimed_from_until_its_last_day_for_claims():
    voucher = a_voucher("1000")
    late = timezone.make_aware(datetime.datetime.combine(voucher.redeem_by, datetime.time(23, 59)))
    with time_machine.travel(late, tick=False):
        move(services.reserve, voucher, "10")
        assert Voucher.objects.get().status == "closing"
    with time_machine.travel(late + datetime.timedelta(minutes=2), tick=False):
        assert refused(move, verb=services.reserve, voucher=voucher, amount="10") == (
            f"创新券 {voucher.number} 的兑付期限已于 {voucher.redeem_by} 截止，不能再使用。"
        )
        move(services.redeem, voucher, "10")  # what was claimed in time is still paid
        assert Voucher.objects.get().status == "overdue"


# 退券


def test_the_owner_returns_what_is_left():
    a_pool("1000")
    voucher = a_voucher("1000")
    owner = voucher.consumer.account
    told = Message.objects.count()
    move(services.reserve, voucher, "300")
    assert refused(services.return_voucher, voucher=voucher, actor=owner, reason="项目取消") == (
        f"创新券 {voucher.number} 有 300 元正在兑付审核中，请等审核结束或撤回兑付申请后再退券。"
    )
    move(services.redeem, voucher, "300")
    returned = services.return_voucher(voucher=voucher, actor=owner, reason="项目取消")
    assert (parts(voucher), available(), returned.status) == (
        {"redeemed": "300.00", "returned": "700.00"},
        "700.00",
        "used",
    )
    assert "已没有余额，不需要退券" in refused(
        services.return_voucher, voucher=voucher, actor=owner, reason="再退"
    )
    assert Message.objects.count() == told


def test_a_voucher_is_returned_until_its_last_day_for_claims():
    """Later it would escape from being counted as not used."""
    voucher = a_voucher("1000")
    owner = voucher.consumer.account
    late = timezone.make_aware(datetime.datetime.combine(voucher.redeem_by, datetime.time(23, 59)))
    with time_machine.travel(late, tick=False):
        services.return_voucher(voucher=voucher, actor=owner, amount=Decimal(1), reason="用不完")
    with time_machine.travel(late + datetime.timedelta(minutes=2), tick=False):
        assert refused(services.return_voucher, voucher=voucher, actor=owner, reason="用不完") == (
            f"创新券 {voucher.number} 的兑付期限已于 {voucher.redeem_by} 截止，余额会自动收回，不需要退券。"
        )
    assert parts(voucher) == {"balance": "999.00", "returned": "1.00"}


def test_staff_return_a_voucher_on_behalf_and_the_owner_is_told():
    voucher = a_voucher("1000")
    stranger = ConsumerFactory(approved=True).account
    for actor in (stranger, auditor()):
        assert refused(services.return_voucher, voucher=voucher, actor=actor, reason=REASON) == (
            "只能退回本机构的创新券。"
        )
    services.return_voucher(voucher=voucher, actor=a_member(REVIEWERS), reason="企业已注销")
    message = Message.objects.filter(recipient=voucher.consumer.account).latest("pk")
    assert (message.subject, "企业已注销" in message.body) == ("创新券已退回：1,000 元", True)


# what holds whatever the code does


@pytest.mark.parametrize(
    "values",
    [
        {"balance_amount": Decimal("1000.01")},
        {"balance_amount": Decimal("-1"), "reserved_amount": Decimal(1001)},
        {"expired_amount": Decimal(1)},
    ],
)
def test_the_database_keeps_the_parts_of_a_voucher_together(values):
    voucher = a_voucher("1000")
    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.filter(pk=voucher.pk).update(**values)


def test_the_database_keeps_the_dates_of_a_voucher_in_order():
    voucher = a_voucher("1000")
    voucher.pk, voucher.number, voucher.redeem_by = None, "x", datetime.date(2020, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        voucher.save(force_insert=True)


@pytest.mark.parametrize("available_amount", [Decimal("-0.01"), Decimal("1000000.01")])
def test_the_database_keeps_the_pool_between_nothing_and_its_amount(available_amount):
    pool = a_pool()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(available_amount=available_amount)


def test_the_ledger_is_not_written_past_the_services():
    a_voucher()
    entry = LedgerEntry.objects.latest("pk")
    for change in (entry.save, entry.delete, LedgerEntry.objects.all().delete):
        with pytest.raises(VoucherError, match="流水账只能追加"):
            change()
    with pytest.raises(VoucherError, match="流水账只能追加"):
        LedgerEntry.objects.update(reason="改写")


def test_the_number_of_queries_of_a_grant_is_bounded(django_assert_max_num_queries):
    a_pool()
    consumer, staff, parameters = ConsumerFactory(approved=True), reviewer(), current_parameters()
    staff.has_perm("vouchers.grant_voucher")
    with django_assert_max_num_queries(12):
        grant("10", consumer=consumer, actor=staff, parameters=parameters)
