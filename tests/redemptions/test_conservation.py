"""From claim to payment, failure, renewal and claw-back, in whatever order: no money is made or lost, to the fen."""

import contextlib
import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.exceptions import DomainError
from institutions.models import Consumer
from orders.models import Order
from redemptions.models import ClawBack, PayoutBatch, PayoutLine, Redemption
from redemptions.services import batches, clawbacks, review
from redemptions.services.claims import submit_claim, withdraw_claim
from redemptions.services.exports import export_batch
from redemptions.statuses import RESERVING, BatchStatus, LineStatus, RedemptionStatus
from tests.consumer_factories import ConsumerFactory, payer
from tests.payout_factories import an_inspector, import_csv, result_csv, result_rows, the_payer
from tests.redemption_factories import a_claimable_order, the_checker, the_decider
from tests.voucher_factories import a_voucher, parameters_with
from vouchers.audit import audit_ledger
from vouchers.models import Pool, Voucher
from vouchers.statuses import PARTS

pytestmark = pytest.mark.django_db


class Money(RuleBasedStateMachine):
    """Four orders of one consumer with two vouchers, of which together they ask more than there is. Each run is rolled back."""

    orders: list[int]
    second_payer: object

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.account = 0

    def teardown(self):
        try:
            proof = audit_ledger()
            assert proof.broken is None, str(proof.broken)
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def pick(self, rows, place):
        rows = list(rows)
        return rows[place % len(rows)] if rows else None

    def attempt(self, verb, **options):
        """Whatever is refused has changed nothing: the invariants hold all the same."""
        with contextlib.suppress(DomainError):
            verb(**options)

    @rule(place=st.integers(0, 3))
    def claim(self, place):
        order = Order.objects.get(pk=self.orders[place])
        self.attempt(submit_claim, order=order, actor=order.consumer.account)

    @rule(place=st.integers(0, 3), outcome=st.sampled_from(["ok", "ok", "ok", "less", "back", "no", "out"]))
    def review(self, place, outcome):
        claim = self.pick(Redemption.objects.filter(status__in=["submitted", "checked"]), place)
        if claim is None:
            return
        if outcome == "out":
            self.attempt(withdraw_claim, redemption=claim, actor=claim.consumer.account)
        elif outcome == "back":
            actor = the_checker() if claim.status == "submitted" else the_decider()
            self.attempt(review.return_claim, redemption=claim, actor=actor, reason="x")
        else:
            if claim.status == "submitted":
                self.attempt(review.check_claim, redemption=claim, actor=the_checker())
            if outcome == "no":
                self.attempt(review.refuse_claim, redemption=claim, actor=the_decider(), reason="x")
            else:
                amount = claim.amount - Decimal("0.01") if outcome == "less" else None
                self.attempt(
                    review.approve_claim, redemption=claim, actor=the_decider(), amount=amount, reason="x"
                )

    @rule(passed=st.booleans())
    def batch(self, passed):
        self.attempt(batches.make_batch, actor=the_payer())
        for line in PayoutLine.objects.filter(is_drawn=True, inspected_at=None):
            self.attempt(batches.inspect_line, line=line, actor=an_inspector(), passed=passed, note="x")

    @rule(place=st.integers(0, 3), verb=st.sampled_from(["leave", "return", "refuse"]))
    def drop(self, place, verb):
        line = self.pick(PayoutLine.objects.filter(status="waiting").select_related("redemption"), place)
        if line is None:
            return
        if verb == "leave":
            self.attempt(batches.leave_batch, line=line, actor=the_payer(), reason="x")
        else:
            action = review.return_claim if verb == "return" else review.refuse_claim
            self.attempt(action, redemption=line.redemption, actor=the_decider(), reason="x")

    @rule()
    def onward(self):
        """Each batch one step further."""
        for batch in PayoutBatch.objects.order_by("pk"):
            if batch.status == BatchStatus.DRAFT:
                self.attempt(batches.publish_batch, batch=batch, actor=the_payer())
            elif batch.status == BatchStatus.PUBLISHED:
                with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
                    self.attempt(batches.close_publicity, batch=batch, actor=None)
            elif batch.status == BatchStatus.READY:
                self.attempt(export_batch, batch=batch, actor=the_payer())

    @rule(failed=st.sets(st.integers(1, 4)), part=st.integers(1, 4), again=st.booleans())
    def bank(self, failed, part, again):
        for batch in PayoutBatch.objects.filter(status=BatchStatus.EXPORTED):
            content = result_csv(batch, result_rows(batch, failed)[:part])
            for _time in range(2 if again else 1):
                self.attempt(import_csv, batch=batch, content=content)

    @rule()
    def renew(self):
        self.account += 1
        consumer = Consumer.objects.get()
        consumer.bank_account_number = f"370002180920000{self.account:04d}"
        consumer.save(update_fields=["bank_account_number"])
        for claim in Redemption.objects.filter(status__in=["failed", "payable", "approved"]):
            self.attempt(review.renew_account, redemption=claim, actor=the_decider())

    @rule(place=st.integers(0, 3), fen=st.integers(1, 60_000))
    def take_back(self, place, fen):
        claim = self.pick(Redemption.objects.filter(status="paid"), place)
        if claim is not None:
            self.attempt(
                clawbacks.propose_claw_back,
                redemption=claim,
                amount=Decimal(fen) / 100,
                actor=the_payer(),
                reason="x",
            )
        for claw_back in ClawBack.objects.filter(closed_at=None):
            self.attempt(clawbacks.claw_back_redemption, claw_back=claw_back, actor=self.second_payer)

    @invariant()
    def each_voucher_is_the_sum_of_its_parts(self):
        vouchers = list(Voucher.objects.all())
        for one in vouchers:
            assert one.amount == sum(getattr(one, f"{part}_amount") for part in PARTS)
            assert all(getattr(one, f"{part}_amount") >= 0 for part in PARTS)
        pool = Pool.objects.get()
        back = sum(one.returned_amount + one.expired_amount + one.clawed_back_amount for one in vouchers)
        assert pool.amount == pool.available_amount + sum(one.amount for one in vouchers) - back

    @invariant()
    def what_is_reserved_is_what_is_claimed(self):
        claims = list(Redemption.objects.prefetch_related("shares"))
        reserving = [claim for claim in claims if claim.status in RESERVING]
        assert sum(one.reserved_amount for one in Voucher.objects.all()) == sum(
            claim.amount for claim in reserving
        )
        for claim in claims:
            kept = claim.status in RESERVING or claim.status == RedemptionStatus.PAID
            assert sum(share.amount for share in claim.shares.all()) == (claim.amount if kept else 0)

    @invariant()
    def what_batches_have_paid_has_left_the_vouchers(self):
        paid = sum(line.amount for line in PayoutLine.objects.filter(status=LineStatus.PAID))
        vouchers = Voucher.objects.all()
        assert paid == sum(one.redeemed_amount + one.clawed_back_amount for one in vouchers)
        assert paid == sum(claim.amount for claim in Redemption.objects.filter(status="paid"))


def test_no_sequence_of_steps_makes_or_loses_money():
    consumer = ConsumerFactory(approved=True)
    a_voucher("900", consumer=consumer)
    a_voucher("333.33", consumer=consumer, parameters=parameters_with(validity_days=30))
    parameters_with(spot_check_percent=30, publicity_days=7)
    Money.orders = [
        a_claimable_order(consumer=consumer, voucher=None, invoices=[amount]).pk
        for amount in ("900", "333.33", "899.99", "0.05")
    ]
    Money.second_payer = payer()
    for make in (the_payer, the_checker, the_decider, an_inspector):
        make()
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
