"""The same thing by several people at one moment, with real threads and connections: it happens once."""

from decimal import Decimal

import pytest

from accounts.exceptions import DomainError
from redemptions.models import BankResult, PayoutBatch, PayoutLine
from redemptions.services import batches, clawbacks, review
from redemptions.services.exports import export_batch
from redemptions.services.results import apply_result, keep_result
from tests.consumer_factories import payer
from tests.payout_factories import a_batch, import_csv, result_csv, the_payer
from tests.redemption_factories import a_claim, the_decider
from tests.threads import at_once
from vouchers.audit import audit_ledger
from vouchers.models import LedgerEntry, Voucher

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
TIMES = 6


def paid():
    return sum(one.redeemed_amount for one in Voucher.objects.all())


def test_a_file_that_is_imported_many_times_at_once_pays_once():
    batch = a_batch("exported", claims=3)
    content, actor = result_csv(batch), the_payer()
    outcomes = at_once(*[lambda: import_csv(batch, content, actor)] * TIMES)
    assert sum(one.paid for one in outcomes if not isinstance(one, DomainError)) == 3
    assert (paid(), BankResult.objects.count()) == (Decimal(1350), 1)
    assert LedgerEntry.objects.filter(kind="redeem").count() == 3
    assert PayoutBatch.objects.get().status == "done"
    assert audit_ledger().broken is None


def test_a_result_that_many_go_on_with_pays_once():
    batch = a_batch("exported", claims=3)
    actor = the_payer()
    result = keep_result(batch=batch, actor=actor, name="a.csv", content=result_csv(batch))
    outcomes = at_once(*[lambda: apply_result(result=result, actor=actor)] * TIMES)
    assert sum(one.paid for one in outcomes) == 3
    assert paid() == Decimal(1350)
    assert audit_ledger().broken is None


def test_a_redemption_comes_into_one_batch():
    for _number in range(2):
        a_claim("approved")
    actor = the_payer()
    outcomes = at_once(*[lambda: batches.make_batch(actor=actor)] * TIMES)
    assert sum(not isinstance(one, DomainError) for one in outcomes) == 1
    assert (PayoutBatch.objects.count(), PayoutLine.objects.count()) == (1, 2)


def test_published_or_sent_back_but_not_both():
    batch = a_batch(claims=2)
    line, actor, decider = batch.payouts.first(), the_payer(), the_decider()
    at_once(
        lambda: batches.publish_batch(batch=batch, actor=actor),
        lambda: review.return_claim(redemption=line.redemption, actor=decider, reason="x"),
        lambda: batches.leave_batch(line=batch.payouts.last(), actor=actor, reason="x"),
    )
    for one in PayoutLine.objects.select_related("redemption"):
        waits = one.status == "waiting"
        assert (one.redemption.status == "published") == (
            waits and PayoutBatch.objects.get().status == "published"
        )
    assert audit_ledger().broken is None


def test_a_batch_is_exported_once_and_a_claw_back_carried_out_once():
    batch = a_batch("ready", claims=1)
    actor, other = the_payer(), payer()
    outcomes = at_once(*[lambda: export_batch(batch=batch, actor=actor)] * TIMES)
    assert sum(not isinstance(one, DomainError) for one in outcomes) == 1
    batch.refresh_from_db()
    import_csv(batch, result_csv(batch))
    claw_back = clawbacks.propose_claw_back(
        redemption=batch.payouts.get().redemption, amount=Decimal(300), actor=actor, reason="x"
    )
    at_once(*[lambda: clawbacks.claw_back_redemption(claw_back=claw_back, actor=other)] * TIMES)
    assert Voucher.objects.get().clawed_back_amount == Decimal(300)
    assert audit_ledger().broken is None


def test_two_deciders_who_empty_a_batch_end_it():
    batch = a_batch(claims=2)
    first, last = batch.payouts.order_by("pk")
    actor = the_decider()
    at_once(
        lambda: review.return_claim(redemption=first.redemption, actor=actor, reason="x"),
        lambda: review.refuse_claim(redemption=last.redemption, actor=actor, reason="x"),
    )
    assert set(batch.payouts.values_list("status", flat=True)) == {"left"}
    assert PayoutBatch.objects.get().status == "done"
