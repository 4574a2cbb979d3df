"""Whatever is done to claims in whatever order: what is reserved is what claims hold, and no money is made or lost."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.exceptions import DomainError
from orders.models import Order
from redemptions.models import Redemption, RedemptionShare
from redemptions.services import claims, review
from redemptions.statuses import RESERVING
from tests.consumer_factories import ConsumerFactory
from tests.factories import TestingServiceFactory
from tests.redemption_factories import a_claimable_order, the_checker, the_decider
from tests.voucher_factories import a_voucher, parameters_with
from vouchers.audit import audit_ledger
from vouchers.models import Voucher
from vouchers.statuses import PARTS

pytestmark = pytest.mark.django_db

ORDERS = 4
# Mostly one that is in the state for it, sometimes any.
one_of = st.integers(0, 3 * ORDERS)
# Some fit, some do not.
amounts = st.decimals("-1", "500", places=2) | st.sampled_from(
    [Decimal("0.01"), Decimal("333.33"), Decimal(450)]
)
ANSWERS = dict.fromkeys(
    ("dates", "parties", "relation", "numbers", "scans", "amount", "device", "splitting", "burst"), "已核实。"
)


class Claims(RuleBasedStateMachine):
    """Four orders of 900 yuan over two vouchers that pay for three of them. Each run is rolled back."""

    orders: list[Order]

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.done = 0

    def teardown(self):
        try:
            assert audit_ledger().broken is None
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @initialize(checked=st.integers(0, ORDERS))
    def begin(self, checked):
        """Or most runs would end before anything is decided."""
        for place, order in enumerate(self.orders):
            self.attempt(claims.submit_claim, order=order, actor=self.account)
            if place < checked:
                self.check(place)

    @property
    def account(self):
        return self.orders[0].consumer.account

    def claim(self, place, *states):
        rows = list(Redemption.objects.order_by("pk"))
        fit = [claim for claim in rows if claim.status in states] if place < 2 * ORDERS else []
        return (fit or rows)[place % len(fit or rows)] if rows else None

    def attempt(self, verb, **options):
        """Refused, it has changed nothing."""
        before = self.state()
        try:
            verb(**options)
        except DomainError:
            assert self.state() == before
        else:
            self.done += 1

    def state(self):
        return (
            list(Voucher.objects.order_by("pk").values_list("pk", *(f"{part}_amount" for part in PARTS))),
            list(RedemptionShare.objects.order_by("pk").values_list("redemption", "voucher", "amount")),
            list(Redemption.objects.order_by("pk").values_list("status", "amount")),
        )

    @rule(place=one_of)
    def submit(self, place):
        claim = self.claim(place, "returned", "withdrawn")
        order = claim.order_id if claim else self.orders[0].pk
        self.attempt(claims.submit_claim, order=Order.objects.get(pk=order), actor=self.account)

    @rule(place=one_of)
    def withdraw(self, place):
        if claim := self.claim(place, "submitted", "checked"):
            self.attempt(claims.withdraw_claim, redemption=claim, actor=self.account)

    @rule(place=one_of)
    def check(self, place):
        if claim := self.claim(place, "submitted"):
            self.attempt(review.check_claim, redemption=claim, actor=the_checker(), answers=ANSWERS)

    @rule(place=one_of, by_decider=st.booleans())
    def send_back(self, place, by_decider):
        if claim := self.claim(place, "submitted", "checked"):
            actor = the_decider() if by_decider else the_checker()
            self.attempt(review.return_claim, redemption=claim, actor=actor, reason="请补正。")

    @rule(place=one_of, amount=amounts | st.none())
    def approve(self, place, amount):
        if claim := self.claim(place, "checked"):
            options = {"amount": amount, "reason": "核减", "answers": ANSWERS}
            self.attempt(review.approve_claim, redemption=claim, actor=the_decider(), **options)

    @rule(place=one_of)
    def refuse(self, place):
        if claim := self.claim(place, "checked", "approved"):
            self.attempt(
                review.refuse_claim, redemption=claim, actor=the_decider(), reason="不属于支持范围。"
            )

    @invariant()
    def parts_add_up(self):
        for voucher in Voucher.objects.all():
            parts = [getattr(voucher, f"{part}_amount") for part in PARTS]
            assert sum(parts) == voucher.amount
            assert min(parts) >= 0

    @invariant()
    def what_is_reserved_is_what_claims_hold(self):
        shares = RedemptionShare.objects.order_by().values_list("voucher")
        held = dict(shares.filter(redemption__status__in=RESERVING).annotate(Sum("amount")))
        for voucher in Voucher.objects.all():
            assert voucher.reserved_amount == held.get(voucher.pk, 0)
        assert not RedemptionShare.objects.exclude(redemption__status__in=RESERVING).exists()

    @invariant()
    def a_claim_is_the_sum_of_its_shares(self):
        for claim in Redemption.objects.filter(status__in=RESERVING):
            assert sum(share.amount for share in claim.shares.all()) == claim.amount <= claim.claimed_amount

    @invariant()
    def papers_are_frozen_while_a_claim_stands(self):
        for claim in Redemption.objects.select_related("order"):
            frozen = claim.status in RESERVING or claim.status == "refused"
            assert (claim.order.claimed_at is not None) == frozen


def test_no_sequence_of_claims_and_decisions_makes_or_loses_money():
    consumer = ConsumerFactory(approved=True)
    a_voucher("700", consumer=consumer, parameters=parameters_with(validity_days=40))
    a_voucher("800.50", consumer=consumer)
    service = TestingServiceFactory(approved=True, provider__approved=True)
    Claims.orders = [
        a_claimable_order(consumer=consumer, offer=service, voucher=None, invoices=["600", "300"])
        for _each in range(ORDERS)
    ]
    the_checker(), the_decider()
    run_state_machine_as_test(
        Claims,
        settings=settings(
            max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
