"""Many decisions at the same moment, with real threads and connections: never more money than there is."""

import contextlib
import itertools
import threading
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from programme.selectors import current_parameters
from tests.consumer_factories import ConsumerFactory
from tests.factories import reviewer
from tests.threads import at_once, crowd, refusals
from tests.voucher_factories import REASON, a_member, a_pool, a_voucher, move
from vouchers import audit, posting, services
from vouchers.audit import audit_ledger
from vouchers.exceptions import VoucherError
from vouchers.expiry import expire_lapsed
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.querysets import PoolQuerySet
from workflow.setup import MANAGERS, PAYERS

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.reviewed]

ROOM, DECISIONS, THREADS = 100, 200, 40


@pytest.fixture
def decide() -> Callable[[], Voucher]:
    """One decision for 50 yuan, against a pool with room for a hundred."""
    pool = a_pool(ROOM * 50)
    consumer, staff, parameters = ConsumerFactory(approved=True), reviewer(), current_parameters()
    assert pool.available_amount == ROOM * 50

    def grant() -> Voucher:
        actor = User.objects.get(pk=staff.pk)
        return services.grant_voucher(
            consumer=consumer, amount=Decimal(50), actor=actor, parameters=parameters, reason=REASON
        )

    return grant


def test_200_decisions_on_a_pool_with_room_for_100_issue_100(decide):
    outcomes = crowd([decide] * DECISIONS, THREADS)
    assert len([one for one in outcomes if isinstance(one, Voucher)]) == ROOM
    assert {str(one) for one in refusals(outcomes)} == {
        f"{timezone.localdate().year} 年度资金池已用完，不能再发放创新券。"
    }
    assert len(refusals(outcomes)) == DECISIONS - ROOM
    pool = Pool.objects.get()
    assert (pool.available_amount, pool.entry_count) == (0, ROOM + 1)
    assert Voucher.objects.count() == ROOM
    assert LedgerEntry.objects.count() == ROOM + 1
    assert audit_ledger().broken is None


def test_without_the_guards_the_pool_is_overdrawn(decide, monkeypatch):
    """The race is there: without transaction, lock and condition more is granted than there was."""

    def unlocked(self: PoolQuerySet, *pks: int) -> list[Any]:
        return list(self.filter(pk__in=pks))

    def unconditional(row: Any, **values: Any) -> None:
        type(row)._default_manager.filter(pk=row.pk).update(**values)

    monkeypatch.setattr(PoolQuerySet, "locked", unlocked)
    monkeypatch.setattr(posting, "_write", unconditional)
    monkeypatch.setattr(services, "transaction", SimpleNamespace(atomic=contextlib.nullcontext))
    crowd([decide] * DECISIONS, THREADS)
    granted = sum(one.amount for one in Voucher.objects.all())
    assert granted > Pool.objects.get().amount == ROOM * 50
    assert audit_ledger().broken is not None


def test_200_claims_on_one_voucher_never_reserve_more_than_its_balance():
    voucher = a_voucher("1000")
    outcomes = crowd([lambda: move(services.reserve, voucher, "30")] * DECISIONS, THREADS)
    assert len(refusals(outcomes)) == DECISIONS - 33
    assert {str(one) for one in refusals(outcomes)} == {
        f"创新券 {voucher.number} 的余额只有 10 元，不足 30 元。"
    }
    voucher.refresh_from_db()
    assert (voucher.balance_amount, voucher.reserved_amount) == (10, 990)
    assert audit_ledger().broken is None


def test_money_is_returned_or_reserved_not_both():
    voucher = a_voucher("1000")
    owner = voucher.consumer.account
    outcomes = at_once(
        lambda: services.return_voucher(voucher=voucher, actor=owner, reason=REASON),
        lambda: move(services.reserve, voucher, "1000"),
        lambda: services.return_voucher(voucher=voucher, actor=owner, reason=REASON),
    )
    assert len(refusals(outcomes)) == 2
    assert audit_ledger().broken is None


def test_two_nightly_runs_at_once_take_back_once(time_machine):
    vouchers = [a_voucher("1000") for _number in range(3)]
    time_machine.move_to(vouchers[0].redeem_by + timezone.timedelta(days=2))
    taken = at_once(expire_lapsed, expire_lapsed, expire_lapsed)
    assert sum(one.done for one in taken) == 3
    assert [one.failures for one in taken] == [[], [], []]
    assert LedgerEntry.objects.filter(kind="expire").count() == 3
    assert audit_ledger().broken is None


def test_an_answer_that_is_sent_twice_at_once_counts_once():
    staff, year = a_member(MANAGERS), timezone.localdate().year
    a_pool("100")
    funds = {"year": year, "actor": staff, "reason": REASON, "funded_amount": Decimal("100.00")}
    outcomes = at_once(*[lambda: services.fund_pool(amount=Decimal(50), **funds)] * 3)
    assert len(refusals(outcomes)) == 2
    assert Pool.objects.get().amount == 150
    voucher = a_voucher("100")
    asked = {"actor": voucher.consumer.account, "reason": REASON, "last_entry": voucher.entries.get().pk}
    outcomes = at_once(*[lambda: services.return_voucher(voucher=voucher, amount=Decimal(10), **asked)] * 3)
    assert len(refusals(outcomes)) == 2
    voucher.refresh_from_db()
    assert voucher.returned_amount == 10


def test_the_audit_keeps_nobody_from_writing_and_sees_one_moment(monkeypatch):
    voucher = a_voucher("1000")
    chain = audit._chain_breaks

    def chain_with_a_claim_in_between(pool, proof):
        yield from chain(pool, proof)
        at_once(lambda: move(services.reserve, voucher, "10"))

    monkeypatch.setattr(audit, "_chain_breaks", chain_with_a_claim_in_between)
    proof = audit_ledger()
    assert (proof.broken, proof.entries, proof.heads[0].entries) == (None, 2, 2)
    assert Pool.objects.get().entry_count == 3


def test_the_first_funds_of_a_year_at_once_make_one_pool():
    staff = a_member(MANAGERS)
    year = timezone.localdate().year
    outcomes = at_once(
        *[lambda: services.fund_pool(year=year, amount=Decimal(100), actor=staff, reason=REASON)] * 4
    )
    assert refusals(outcomes) == []
    assert (Pool.objects.get().amount, Pool.objects.get().entry_count) == (400, 4)
    assert audit_ledger().broken is None


def test_different_verbs_on_many_vouchers_at_once_leave_a_whole_ledger():
    vouchers = [a_voucher("300") for _number in range(4)]
    a_member(PAYERS)
    plan = itertools.cycle(
        [
            (verb, voucher)
            for voucher in vouchers
            for verb in (services.reserve, services.redeem, services.release)
        ]
    )
    guard = threading.Lock()

    def some_verb() -> Voucher:
        with guard:
            verb, voucher = next(plan)
        return move(verb, voucher, "7")

    outcomes = crowd([some_verb] * 120, THREADS)
    assert all(isinstance(one, Voucher | VoucherError) for one in outcomes)
    assert audit_ledger().broken is None
