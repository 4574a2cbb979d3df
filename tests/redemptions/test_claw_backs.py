"""Paid money taken back: by two people, never more than was paid, into the pool."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from redemptions.exceptions import RedemptionError
from redemptions.models import ClawBack
from redemptions.services.clawbacks import claw_back_redemption, drop_claw_back, propose_claw_back
from tests.consumer_factories import ConsumerFactory, payer
from tests.factories import auditor
from tests.payout_factories import a_batch, import_csv, result_csv, the_payer
from tests.redemption_factories import a_claim, the_checker, the_decider
from tests.voucher_factories import a_voucher, parameters_with
from vouchers.audit import audit_ledger
from vouchers.models import LedgerEntry, Pool, Voucher
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


def refused(verb, **options):
    before = LedgerEntry.objects.count(), AuditEntry.objects.count(), list(ClawBack.objects.values())
    with pytest.raises(RedemptionError) as caught:
        verb(**options)
    assert (
        LedgerEntry.objects.count(),
        AuditEntry.objects.count(),
        list(ClawBack.objects.values()),
    ) == before
    return str(caught.value)


@pytest.fixture
def paid(db):
    """450 yuan: 300 of the voucher that ends first, 150 of another."""
    consumer = ConsumerFactory(approved=True)
    a_voucher("1000", consumer=consumer)
    a_voucher("300", consumer=consumer, parameters=parameters_with(validity_days=30))
    batch = a_batch("exported", claims=[a_claim("approved", consumer=consumer, voucher=None)])
    import_csv(batch, result_csv(batch))
    return batch.payouts.get().redemption


def proposed(redemption, amount="200", actor=None):
    return propose_claw_back(
        redemption=redemption, amount=Decimal(amount), actor=actor or the_payer(), reason="发票作废。"
    )


def test_one_proposes_and_another_carries_it_out(paid):
    available = Pool.objects.get().available_amount
    claw_back = proposed(paid)
    assert Pool.objects.get().available_amount == available
    claw_back_redemption(claw_back=claw_back, actor=payer())
    assert [str(one.clawed_back_amount) for one in Voucher.objects.order_by("pk")] == ["150.00", "50.00"]
    assert Pool.objects.get().available_amount == available + 200
    told = Message.objects.filter(recipient=paid.consumer.account).latest("pk")
    assert told.subject == "已拨付的资金被追回：200 元"
    assert "发票作废。" in told.body
    entry = AuditEntry.objects.of(paid).latest("pk")
    assert (entry.action, entry.changes, entry.reason) == (
        "claw_back",
        {"追回": ["", "200.00"]},
        "发票作废。",
    )
    assert audit_ledger().broken is None
    claw_back_redemption(claw_back=proposed(paid, "250"), actor=payer())
    assert "不超过已拨付的 0 元" in refused(
        propose_claw_back, redemption=paid, amount=Decimal("0.01"), actor=the_payer(), reason="x"
    )
    assert audit_ledger().broken is None


def test_nobody_confirms_their_own(paid):
    claw_back = proposed(paid)
    assert refused(claw_back_redemption, claw_back=claw_back, actor=the_payer()) == (
        "这笔追回是您提出的，须由另一位兑付管理人员确认。"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ClawBack.objects.update(is_done=True, closed_by=the_payer())


def test_a_decider_proposes_but_does_not_confirm(paid):
    claw_back = proposed(paid, actor=the_decider())
    for actor in (the_decider(), the_checker(), auditor(), paid.consumer.account):
        assert refused(claw_back_redemption, claw_back=claw_back, actor=actor) == (
            "您没有确认追回的权限，请联系系统管理员。"
        )
    claw_back_redemption(claw_back=claw_back, actor=the_payer())
    assert ClawBack.objects.get().is_done


@pytest.mark.parametrize("amount", ["0", "-1", "450.01", "1.001", "NaN"])
def test_no_other_amount(paid, amount):
    options = {"redemption": paid, "amount": Decimal(amount), "actor": the_payer(), "reason": "x"}
    assert refused(propose_claw_back, **options) == (
        "追回金额应大于 0，不超过已拨付的 450 元，最多两位小数。"
    )


def test_what_was_not_paid_is_not_taken_back():
    claim = a_claim("approved")
    options = {"redemption": claim, "amount": Decimal(1), "actor": the_payer(), "reason": "x"}
    assert refused(propose_claw_back, **options) == (
        f"兑付申请 {claim.number} 还没有拨付，没有可以追回的资金。"
    )


def test_one_at_a_time_and_dropped_it_is_gone(paid):
    claw_back = proposed(paid)
    options = {"redemption": paid, "amount": Decimal(1), "actor": the_payer(), "reason": "x"}
    assert "已有一笔追回等待确认" in refused(propose_claw_back, **options)
    drop_claw_back(claw_back=claw_back, actor=the_payer())
    assert refused(claw_back_redemption, claw_back=claw_back, actor=payer()) == (
        "这笔追回已经处理过了，请刷新页面。"
    )
    proposed(paid)
