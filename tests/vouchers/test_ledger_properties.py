"""Whatever is done in whatever order: balances are the sums of entries, never negative, and no money is made or lost."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from institutions.models import Consumer
from tests.consumer_factories import ConsumerFactory
from tests.voucher_factories import REASON, a_member, a_pool, a_voucher, move, parameters_with
from vouchers import services
from vouchers.audit import audit_ledger
from vouchers.exceptions import VoucherError
from vouchers.expiry import Outcome, expire_lapsed
from vouchers.models import LedgerEntry, Pool, Voucher
from vouchers.statuses import EFFECTS, PARTS, LedgerKind, VoucherStatus
from workflow.setup import MANAGERS, PAYERS, REVIEWERS

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

# Some fit, some do not, and none adds up without fen.
amounts = st.decimals("-5", "1500", places=2) | st.sampled_from(
    [Decimal("333.33"), Decimal("0.01"), Decimal(700)]
)


class Ledger(RuleBasedStateMachine):
    """The verbs against a model of dictionaries, on one pool of 5,000 yuan. Each run is rolled back."""

    vouchers = Bundle("vouchers")
    consumer: Consumer

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = datetime.datetime(2026, 3, 2, 10, tzinfo=datetime.UTC)
        self.clock = time_machine.travel(self.now, tick=False)
        self.clock.start()
        a_pool("5000")
        self.parameters = parameters_with(validity_days=40, redeem_within_days=20)
        self.parts: dict[int, dict[str, Decimal]] = {}
        self.available = Decimal(5000)

    def teardown(self):
        try:
            self.holds_in_the_end()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            self.clock.stop()

    def holds_in_the_end(self):
        proof = audit_ledger()
        assert (proof.broken, proof.entries, proof.vouchers) == (
            None,
            LedgerEntry.objects.count(),
            len(self.parts),
        )
        states = {status: set(Voucher.objects.in_status(status)) for status in VoucherStatus}
        assert sum(map(len, states.values())) == len(self.parts)
        assert all(voucher in states[voucher.status] for voucher in Voucher.objects.all())

    def expected(self, kind, pk, amount):
        """Move the model; False where the model says it cannot be done."""
        effect = EFFECTS[kind]
        parts = self.parts[pk]
        if amount <= 0 or (effect.taken_from and parts[effect.taken_from] < amount):
            return False
        if self.available + effect.pool * amount < 0:
            return False
        for part in PARTS:
            parts[part] += effect.on(part) * amount
        self.available += effect.pool * amount
        return True

    def attempt(self, possible, action):
        try:
            action()
        except VoucherError:
            assert not possible
        else:
            assert possible

    @rule(target=vouchers, amount=amounts)
    def grant(self, amount):
        made: list[Voucher] = []
        self.attempt(
            0 < amount <= self.available,
            lambda: made.append(a_voucher(amount, parameters=self.parameters, consumer=self.consumer)),
        )
        if not made:
            return multiple()
        self.parts[made[0].pk] = defaultdict(Decimal)
        assert self.expected(LedgerKind.GRANT, made[0].pk, amount)
        return made[0]

    @rule(voucher=vouchers, amount=amounts)
    def reserve(self, voucher, amount):
        open_still = voucher.redeem_by >= timezone.localdate()
        possible = open_still and self.expected(LedgerKind.RESERVE, voucher.pk, amount)
        self.attempt(possible, lambda: move(services.reserve, voucher, amount))

    @rule(voucher=vouchers, amount=amounts)
    def release(self, voucher, amount):
        possible = self.expected(LedgerKind.RELEASE, voucher.pk, amount)
        self.attempt(possible, lambda: move(services.release, voucher, amount))

    @rule(voucher=vouchers, amount=amounts)
    def redeem(self, voucher, amount):
        possible = self.expected(LedgerKind.REDEEM, voucher.pk, amount)
        self.attempt(possible, lambda: move(services.redeem, voucher, amount))

    @rule(voucher=vouchers, amount=amounts)
    def claw_back(self, voucher, amount):
        possible = self.expected(LedgerKind.CLAW_BACK, voucher.pk, amount)
        self.attempt(possible, lambda: move(services.claw_back, voucher, amount))

    @rule(voucher=vouchers)
    def return_voucher(self, voucher):
        parts = self.parts[voucher.pk]
        possible = parts["reserved"] == 0 and self.expected(LedgerKind.RETURN, voucher.pk, parts["balance"])
        owner = voucher.consumer.account
        self.attempt(possible, lambda: services.return_voucher(voucher=voucher, actor=owner, reason=REASON))

    @precondition(lambda self: self.now.month < 11)
    @rule(days=st.integers(1, 30))
    def days_pass(self, days):
        self.now += datetime.timedelta(days=days)
        self.clock.stop()
        self.clock = time_machine.travel(self.now, tick=False)
        self.clock.start()

    @rule()
    def nightly(self):
        due = [
            voucher
            for voucher in Voucher.objects.filter(redeem_by__lt=timezone.localdate())
            if self.parts[voucher.pk]["balance"] > 0
        ]
        for voucher in due:
            assert self.expected(LedgerKind.EXPIRE, voucher.pk, self.parts[voucher.pk]["balance"])
        assert expire_lapsed().done == len(due)
        assert expire_lapsed() == Outcome()

    @invariant()
    def rows_are_the_model(self):
        pool = Pool.objects.get()
        assert (pool.amount, pool.available_amount) == (5000, self.available)
        for voucher in Voucher.objects.all():
            stored = {part: getattr(voucher, f"{part}_amount") for part in PARTS}
            assert stored == {part: self.parts[voucher.pk][part] for part in PARTS}
            assert min(stored.values()) >= 0
            assert sum(stored.values()) == voucher.amount

    @invariant()
    def no_money_is_made_or_lost(self):
        rows = Voucher.objects.all()
        back = sum(one.returned_amount + one.expired_amount + one.clawed_back_amount for one in rows)
        assert Pool.objects.get().amount == self.available + sum(one.amount for one in rows) - back


def test_no_sequence_of_verbs_makes_or_loses_money():
    Ledger.consumer = ConsumerFactory(approved=True)
    for group in (MANAGERS, REVIEWERS, PAYERS):
        a_member(group)
    run_state_machine_as_test(
        Ledger,
        settings=settings(max_examples=20, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
