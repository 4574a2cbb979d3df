"""Claims and decisions at the same moment, with real threads and connections: one wins, and never more money than there is.

Each test shows that without its guards more than one would win.
"""

import contextlib
import threading
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from orders.models import DocumentKind, Evaluation, Order, OrderDocument
from orders.numbers import new_number
from orders.querysets import DealQuerySet
from redemptions.checks.scans import remember
from redemptions.models import Redemption, RedemptionShare
from redemptions.querysets import RedemptionQuerySet
from redemptions.services import claims, review
from redemptions.services.claims import submit_claim, withdraw_claim
from redemptions.statuses import MOVES, RESERVING, RedemptionStatus
from tests import order_factories as make
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory
from tests.redemption_factories import a_claim, the_checker
from tests.threads import at_once, crowd, refusals
from tests.voucher_factories import a_voucher, decider
from vouchers import posting, services
from vouchers.audit import audit_ledger
from vouchers.models import Voucher
from vouchers.querysets import PoolQuerySet, VoucherQuerySet
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SUBMISSIONS = 100
# 19 claims of 500 yuan, and one of what is left
BALANCE = Decimal("9800")


@pytest.fixture
def voucher() -> Voucher:
    return a_voucher(BALANCE, consumer=ConsumerFactory(approved=True))


@pytest.fixture
def submissions(voucher: Voucher) -> list[Callable[[], Redemption]]:
    """Of a hundred claimable orders over 1,000 yuan, all against that voucher."""
    base = make.a_direct_order(consumer=voucher.consumer)
    values = {
        field.attname: getattr(base, field.attname) for field in Order._meta.fields if not field.primary_key
    }
    values |= {"status": "completed", "delivery_on": timezone.localdate(), "completed_at": timezone.now()}
    orders = Order.objects.bulk_create(
        Order(**values | {"number": new_number("DD")}) for _each in range(SUBMISSIONS)
    )
    account = voucher.consumer.account
    file = PrivateFileFactory(owner=account)
    remember([file])  # or every thread starts a decoder of its own
    for kind in DocumentKind:
        OrderDocument.objects.bulk_create(
            OrderDocument(order=order, kind=kind, file=file, party="consumer", uploaded_by=account)
            for order in orders
        )
    for n, order in enumerate(orders):
        invoice = make.invoice_of(order, file=file, number=f"2461700000007{n:07d}")
        invoice.order, invoice.uploaded_by = order, account
        invoice.save()
    Evaluation.objects.bulk_create(
        Evaluation(order=order, quality=5, speed=5, service=5, text="好", at=timezone.now())
        for order in orders
    )

    def submission(pk: int) -> Callable[[], Redemption]:
        return lambda: submit_claim(order=Order.objects.get(pk=pk), actor=User.objects.get(pk=account.pk))

    return [submission(order.pk) for order in orders]


def test_100_submissions_against_one_voucher_never_reserve_more_than_its_balance(
    voucher: Voucher, submissions: list[Callable[[], Redemption]]
) -> None:
    outcomes = crowd(submissions, 25)
    claimed = [one for one in outcomes if isinstance(one, Redemption)]
    assert sorted(one.amount for one in claimed) == [Decimal(300)] + [Decimal(500)] * 19
    refused = refusals(outcomes)
    assert len(refused) == SUBMISSIONS - 20
    assert all("没有可以使用的创新券" in str(one) for one in refused)
    voucher.refresh_from_db()
    assert (voucher.balance_amount, voucher.reserved_amount) == (0, BALANCE)
    assert RedemptionShare.objects.aggregate(total=Sum("amount"))["total"] == BALANCE
    assert audit_ledger().broken is None


def test_without_the_guards_more_is_claimed_than_there_is(
    voucher: Voucher, submissions: list[Callable[[], Redemption]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(self: PoolQuerySet, *pks: int) -> list[Any]:
        return list(self.filter(pk__in=pks))

    def unconditional(row: Any, **values: Any) -> None:
        type(row)._default_manager.filter(pk=row.pk).update(**values)

    def seen(self: Any, pk: int) -> Any:
        return self.select_related("consumer__account").get(pk=pk)

    monkeypatch.setattr(PoolQuerySet, "locked", unlocked)
    for rows in (DealQuerySet, VoucherQuerySet):
        monkeypatch.setattr(rows, "locked", seen)
    monkeypatch.setattr(posting, "_write", unconditional)
    for module in (claims, services):
        monkeypatch.setattr(module, "transaction", SimpleNamespace(atomic=contextlib.nullcontext))
    crowd(submissions, 25)
    assert RedemptionShare.objects.aggregate(total=Sum("amount"))["total"] > BALANCE


def unguarded(patch: pytest.MonkeyPatch, count: int) -> None:
    """Without locks and without the condition on the old state; nobody goes on before all have looked."""
    barrier = threading.Barrier(count)

    def looked(self: RedemptionQuerySet, pk: int) -> Any:
        seen = self.select_related("order", "consumer__account", "provider__account", "parameters").get(pk=pk)
        barrier.wait(timeout=30)
        return seen

    def unconditional(redemption: Redemption, action: Action, *, actor: User, **values: Any) -> None:
        role = next(role for status, one, role in MOVES if (status, one) == (redemption.status, action))
        known = {name: value for name, value in values.items() if name not in {"note", "evidence"}}
        known["status"] = MOVES[RedemptionStatus(redemption.status), action, role]
        Redemption.objects.filter(pk=redemption.pk).update(**known)
        for name, value in known.items():
            setattr(redemption, name, value)
        DONE.append(action)

    patch.setattr(RedemptionQuerySet, "locked", looked)
    patch.setattr(DealQuerySet, "locked", lambda self, pk: self.get(pk=pk))
    for module in (claims, review):
        patch.setattr(module, "move", unconditional)
        patch.setattr(module, "tell", lambda *_args: None, raising=False)
        patch.setattr(module, "reduce_to", lambda *_args, **_options: None)
        if connection.vendor == "sqlite":
            patch.setattr(module, "transaction", SimpleNamespace(atomic=contextlib.nullcontext))


DONE: list[Action] = []


def approving(claim: Redemption, staff: User, **options: Any) -> Callable[[], Redemption]:
    return lambda: review.approve_claim(
        redemption=Redemption.objects.get(pk=claim.pk), actor=User.objects.get(pk=staff.pk), **options
    )


def test_two_deciders_at_once_make_one_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    claim, first, second = a_claim("checked"), decider(), decider()
    answers = [
        approving(claim, first),
        lambda: review.refuse_claim(
            redemption=Redemption.objects.get(pk=claim.pk),
            actor=User.objects.get(pk=second.pk),
            reason="不属于支持范围。",
        ),
    ]
    with monkeypatch.context() as patch:
        DONE.clear()
        unguarded(patch, 2)
        assert refusals(at_once(*answers)) == []
        assert set(DONE) == {Action.APPROVE_CLAIM, Action.REFUSE_CLAIM}
    Redemption.objects.update(status="checked", decided_by=None, decided_at=None, reason="")

    entries = AuditEntry.objects.of(claim).count()
    found = refusals(at_once(*answers))
    assert all("不能再" in str(one) or "刚刚有了变化" in str(one) for one in found)
    claim.refresh_from_db()
    assert AuditEntry.objects.of(claim).count() == entries + 2 - len(found)
    money = Voucher.objects.get()
    # what is approved may still be refused, as a decision of its own that follows; never the other way round
    expected = {("approved", 450), ("refused", 0)} if found else {("refused", 0)}
    assert (claim.status, money.reserved_amount) in expected
    assert audit_ledger().broken is None


def test_a_claim_is_decided_or_withdrawn_not_both(monkeypatch: pytest.MonkeyPatch) -> None:
    claim, staff = a_claim("checked"), decider()
    answers = [
        approving(claim, staff, amount=Decimal(400), reason="核减"),
        lambda: withdraw_claim(
            redemption=Redemption.objects.get(pk=claim.pk),
            actor=User.objects.get(pk=claim.consumer.account_id),
        ),
    ]
    with monkeypatch.context() as patch:
        DONE.clear()
        unguarded(patch, 2)
        assert refusals(at_once(*answers)) == []
        assert set(DONE) == {Action.APPROVE_CLAIM, Action.WITHDRAW_CLAIM}
    Redemption.objects.update(
        status="checked", decided_by=None, decided_at=None, reason="", amount=Decimal(450)
    )
    Order.objects.filter(pk=claim.order_id).update(claimed_at=timezone.now())

    assert len(refusals(at_once(*answers))) == 1
    claim.refresh_from_db()
    money = Voucher.objects.get()
    state = (claim.status, money.reserved_amount, claim.order.claimed_at is None)
    assert state in {("approved", 400, False), ("withdrawn", 0, True)}
    assert audit_ledger().broken is None


def test_of_many_clicks_one_claims() -> None:
    claim = a_claim()
    withdraw_claim(redemption=claim, actor=claim.consumer.account)
    outcomes = at_once(
        *[
            lambda: submit_claim(
                order=Order.objects.get(pk=claim.order_id),
                actor=User.objects.get(pk=claim.consumer.account_id),
            )
        ]
        * 6
    )
    assert len(refusals(outcomes)) == 5
    money = Voucher.objects.get()
    assert (money.balance_amount, money.reserved_amount) == (9550, 450)
    assert Redemption.objects.get().status in RESERVING
    assert audit_ledger().broken is None


def test_two_checkers_at_once_check_once() -> None:
    claim, staff = a_claim(), the_checker()
    checking = lambda: review.check_claim(  # noqa: E731 - an account for each, as requests have
        redemption=Redemption.objects.get(pk=claim.pk), actor=User.objects.get(pk=staff.pk)
    )
    assert len(refusals(at_once(checking, checking, checking))) == 2
    assert AuditEntry.objects.of(claim).filter(action="check_claim").count() == 1
