"""Moving money: what each verb does, who may, and every refusal in its own sentence."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Message
from institutions.models import Consumer
from programme.selectors import current_parameters
from tests.consumer_factories import ConsumerFactory
from tests.factories import UserFactory, auditor, reviewer
from tests.voucher_factories import REASON, a_member, a_pool, a_voucher, move, parameters_with
from vouchers import services
from vouchers.audit import audit_ledger
from vouchers.exceptions import VoucherError
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.numbers import validate_number
from vouchers.querysets import PoolQuerySet
from vouchers.statuses import PARTS
from workflow.models import AuditEntry
from workflow.setup import MANAGERS, REVIEWERS

pytestmark = pytest.mark.django_db


def parts(voucher):
    voucher.refresh_from_db()
    return {
        part: str(getattr(voucher, f"{part}_amount")) for part in PARTS if getattr(voucher, f"{part}_amount")
    }


def available():
    return str(Pool.objects.get().available_amount)


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Pool, Voucher, LedgerEntry, AuditEntry)]


def refused(action, **arguments):
    """The sentence, after seeing that nothing has changed."""
    before = everything()
    with pytest.raises(VoucherError) as caught:
        action(**arguments)
    assert everything() == before
    return str(caught.value)


def grant(amount="1000", **options):
    options = {
        "consumer": options.pop("consumer", None) or ConsumerFactory(approved=True),
        "actor": options.pop("actor", None) or reviewer(),
        "parameters": options.pop("parameters", None) or current_parameters(),
        "reason": REASON,
        **options,
    }
    return services.grant_voucher(amount=Decimal(amount), **options)


# funding


def test_funds_make_the_pool_and_then_add_to_it():
    staff = a_member(MANAGERS)
    year = timezone.localdate().year
    services.fund_pool(year=year, amount=Decimal(500), actor=staff, reason="陕财教〔2026〕5 号")
    services.fund_pool(year=year, amount=Decimal("250.50"), actor=staff, reason="追加")
    pool = Pool.objects.get()
    assert (pool.year, pool.amount, pool.available_amount, pool.entry_count) == (
        year,
        Decimal("750.50"),
        Decimal("750.50"),
        2,
    )
    first, second = LedgerEntry.objects.order_by("sequence")
    assert (first.kind, first.reason, first.actor, first.pool_after) == (
        "fund",
        "陕财教〔2026〕5 号",
        staff,
        500,
    )
    assert second.previous_hash == first.hash
    assert pool.head_hash == second.hash
    trail = AuditEntry.objects.of(pool).latest("pk")
    assert (trail.action, trail.changes) == ("fund", {"amount": ["500.00", "750.50"]})


def test_funds_stay_within_the_parameters_and_near_years():
    staff = a_member(MANAGERS)
    year = timezone.localdate().year
    a_pool("19999999.99")
    fund = {"actor": staff, "reason": REASON}
    assert refused(services.fund_pool, year=year, amount=Decimal("0.02"), **fund) == (
        "资金池总额不能超过项目参数规定的 20,000,000 元：已有 19,999,999.99 元，最多还可注入 0.01 元。"
    )
    for wrong in (year - 1, year + 2):
        assert "只能向本年度或下一年度" in refused(services.fund_pool, year=wrong, amount=Decimal(1), **fund)
    assert services.fund_pool(year=year + 1, amount=Decimal(1), **fund).year == year + 1


def test_the_next_years_pool_is_measured_by_the_parameters_of_its_first_day():
    staff = a_member(MANAGERS)
    year = timezone.localdate().year + 1
    begins = timezone.make_aware(datetime.datetime.fromisoformat(f"{year}-01-01"))
    parameters_with(effective_from=begins, yearly_pool_amount=Decimal(1000))
    fund = {"actor": staff, "reason": REASON}
    assert "不能超过项目参数规定的 1,000 元" in refused(
        services.fund_pool, year=year, amount=Decimal("1000.01"), **fund
    )
    assert services.fund_pool(year=year, amount=Decimal(1000), **fund).amount == 1000
    assert services.fund_pool(year=year - 1, amount=Decimal(1001), **fund).amount == 1001


def test_grants_stop_at_the_yearly_amount_that_is_in_force():
    a_pool("1000000")
    consumer, staff = ConsumerFactory(approved=True), reviewer()
    grant("60", consumer=consumer, actor=staff)
    lowered = parameters_with(yearly_pool_amount=Decimal(100))
    asked = {"consumer": consumer, "actor": staff, "parameters": lowered}
    assert refused(grant, amount="40.01", **asked) == (
        f"{timezone.localdate().year} 年度发放总额不能超过项目参数规定的 100 元：已发放 60 元，最多还可发放 40 元。"
    )
    assert grant("40", **asked).amount == 40


def test_a_grant_that_waited_over_new_year_is_one_of_the_new_year(monkeypatch):
    with time_machine.travel("2027-01-01T00:00:01+08:00", tick=False):
        new = a_pool("100")
    with time_machine.travel("2026-12-31T23:59:59+08:00", tick=False) as clock:
        a_pool("100")
        consumer, staff, parameters = ConsumerFactory(approved=True), reviewer(), current_parameters()
        locked = PoolQuerySet.locked

        def queue(self, *pks):
            clock.move_to("2027-01-01T00:00:01+08:00")
            return locked(self, *pks)

        monkeypatch.setattr(PoolQuerySet, "locked", queue)
        voucher = grant("10", consumer=consumer, actor=staff, parameters=parameters)
    assert (voucher.pool, str(voucher.valid_from), voucher.number[:4]) == (new, "2027-01-01", "2027")
    assert str(timezone.localdate(voucher.granted_at)) == "2027-01-01"


@pytest.mark.parametrize("someone", [reviewer, auditor])
def test_only_who_may_puts_money_into_a_pool(someone):
    sentence = refused(
        services.fund_pool,
        year=timezone.localdate().year,
        amount=Decimal(1),
        actor=someone(),
        reason=REASON,
    )
    assert sentence == "您没有向资金池注入资金的权限，请联系系统管理员。"


# granting


@time_machine.travel(datetime.datetime(2026, 3, 2, 10, 0, tzinfo=datetime.UTC), tick=False)
def test_a_grant_makes_a_voucher_draws_the_pool_down_and_tells_the_consumer(
    django_capture_on_commit_callbacks,
):
    a_pool("100000")
    staff, consumer = reviewer(), ConsumerFactory(approved=True)
    with django_capture_on_commit_callbacks(execute=True):
        voucher = grant("50000.10", consumer=consumer, actor=staff)
    stored = Voucher.objects.get()
    validate_number(stored.number)
    assert (stored.consumer, stored.amount, stored.parameters) == (
        consumer,
        Decimal("50000.10"),
        current_parameters(),
    )
    assert (str(stored.valid_from), str(stored.valid_until), str(stored.redeem_by)) == (
        "2026-03-02",
        "2027-03-01",
        "2027-05-30",
    )
    assert (parts(voucher), available(), voucher.status) == ({"balance": "50000.10"}, "49999.90", "usable")
    entry = LedgerEntry.objects.latest("sequence")
    assert (entry.kind, entry.pool_effect, entry.balance_effect, entry.reserved_effect) == (
        "grant",
        Decimal("-50000.10"),
        Decimal("50000.10"),
        Decimal("0.00"),
    )
    assert (entry.pool_after, entry.balance_after, entry.reserved_after) == (
        Decimal("49999.90"),
        Decimal("50000.10"),
        Decimal("0.00"),
    )
    assert (entry.voucher, entry.actor, entry.actor_name) == (stored, staff, staff.get_full_name())
    message = Message.objects.filter(recipient=consumer.account).latest("pk")
    assert message.subject == "您获得一张创新券：50,000.10 元"
    assert f"券号 {stored.number}" in message.body
    assert "有效期 2026-03-02 至 2027-03-01（含当天）" in message.body
    assert [one.to for one in mail.outbox] == [[consumer.account.email]]


AMOUNTS = [
    ("0", "金额不能为 0，请填写大于 0 的金额。"),
    ("-1", "金额不能是负数，请填写大于 0 的金额。"),
    ("0.001", "金额 0.001 精确到了分以下，请保留两位小数。"),
    ("NaN", "金额不是有效的数字，请重新填写。"),
    ("Infinity", "金额不是有效的数字，请重新填写。"),
    ("1E+30", "金额过大，请核对单位是否为元。"),
]


@pytest.mark.parametrize(("amount", "sentence"), AMOUNTS)
def test_an_amount_that_is_none_is_refused_whatever_is_done(amount, sentence):
    voucher = a_voucher("1000")
    assert refused(grant, amount=amount, consumer=voucher.consumer, actor=a_member(REVIEWERS)) == sentence
    for verb in (services.reserve, services.release, services.redeem, services.claw_back):
        assert refused(move, verb=verb, voucher=voucher, amount=amount) == sentence


def test_two_decimals_are_stored_however_they_are_written():
    voucher = a_voucher("10.5")
    assert str(Voucher.objects.get().amount) == "10.50"
    move(services.reserve, voucher, "1.500")
    assert parts(voucher) == {"balance": "9.00", "reserved": "1.50"}


def test_a_pool_that_is_missing_empty_or_short_says_so():
    consumer, staff = ConsumerFactory(approved=True), reviewer()
    year = timezone.localdate().year
    asked = {"consumer": consumer, "actor": staff, "amount": "100.01"}
    assert refused(grant, **asked) == f"{year} 年度的资金池还没有设立，请先注入资金。"
    a_pool("100")
    assert refused(grant, **asked) == (
        f"{year} 年度资金池只剩 100 元，不足以发放 100.01 元，请减少金额或追加资金。"
    )
    grant("100", consumer=consumer, actor=staff)
    assert refused(grant, **asked) == f"{year} 年度资金池已用完，不能再发放创新券。"


def test_what_the_parameters_forbid_is_not_granted():
    a_pool()
    consumer, staff = ConsumerFactory(approved=True), reviewer()
    asked = {"consumer": consumer, "actor": staff}
    whole = parameters_with(whole_yuan_only=True)
    assert "只取整元" in refused(grant, amount="10.10", parameters=whole, **asked)
    assert grant("10.00", parameters=whole, **asked).amount == 10
    over = parameters_with(validity="fixed_date", valid_to=timezone.localdate() - datetime.timedelta(days=1))
    assert "已过，不能发放" in refused(grant, amount="10", parameters=over, **asked)


@time_machine.travel(datetime.datetime(2026, 3, 2, 10, 0, tzinfo=datetime.UTC), tick=False)
@pytest.mark.parametrize(
    ("values", "last_day", "redeem_by"),
    [
        ({"validity": "days", "validity_days": 1, "redeem_within_days": 0}, "2026-03-02", "2026-03-02"),
        ({"validity": "fixed_date", "valid_to": datetime.date(2026, 10, 31)}, "2026-10-31", "2027-01-29"),
        ({"validity": "programme_year", "redeem_within_days": 31}, "2026-12-31", "2027-01-31"),
    ],
)
def test_validity_is_in_days_to_a_date_or_to_the_end_of_the_programme_year(values, last_day, redeem_by):
    voucher = a_voucher(parameters=parameters_with(**values))
    assert (str(voucher.valid_until), str(voucher.redeem_by)) == (last_day, redeem_by)


@pytest.mark.parametrize("state", ["pending", "withdrawn", "returned"])
def test_only_an_approved_consumer_gets_a_voucher(state):
    a_pool()
    staff = reviewer()
    consumer = ConsumerFactory(**{state: True})
    assert "不在“已通过”状态" in refused(grant, consumer=consumer, actor=staff)


def test_a_consumer_that_was_withdrawn_meanwhile_gets_none():
    a_pool()
    staff = reviewer()
    consumer = ConsumerFactory(approved=True)
    Consumer.objects.filter(pk=consumer.pk).update(status="draft")
    assert "不在“已通过”状态" in refused(grant, consumer=consumer, actor=staff)


@pytest.mark.parametrize("someone", [auditor, lambda: UserFactory(consumer=True), lambda: a_member(MANAGERS)])
def test_only_who_may_grants(someone):
    a_pool()
    actor, consumer = someone(), ConsumerFactory(approved=True)
    assert "没有发放创新券的权限" in refused(grant, consumer=consumer, actor=actor)


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
        "returned",
    )
    assert "已没有余额，不需要退券" in refused(
        services.return_voucher, voucher=voucher, actor=owner, reason="再退"
    )
    assert Message.objects.count() == told


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
