"""Moving money: what each verb does, who may, and every refusal in its own sentence."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import Message
from institutions.models import Consumer
from programme.selectors import current_parameters
from tests.consumer_factories import ConsumerFactory
from tests.factories import UserFactory, auditor, reviewer
from tests.voucher_factories import REASON, a_member, a_pool, a_voucher, move, parameters_with
from tests.vouchers.ledger import AMOUNTS, available, grant, parts, refused
from vouchers import services
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.numbers import validate_number
from vouchers.querysets import PoolQuerySet
from workflow.models import AuditEntry
from workflow.setup import MANAGERS, REVIEWERS

pytestmark = pytest.mark.django_db


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
