"""Redemptions for tests, all made by the real services."""

from decimal import Decimal
from typing import Any

from accounts.models import User
from orders.models import DocumentKind, Order
from orders.services.documents import upload_document
from redemptions.models import Redemption
from redemptions.services import review
from redemptions.services.claims import submit_claim
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory
from tests.order_factories import an_evaluation, an_invoice, an_order
from tests.voucher_factories import a_member, a_voucher
from vouchers.models.applications import CHECKERS, DECIDERS

_numbers = iter(range(1, 10**6))


def a_claimable_order(
    *, consumer: Any = None, voucher: Any = "10000", invoices: Any = None, **options: Any
) -> Order:
    """Completed and evaluated, with contract, report and an invoice over its 900 yuan; its consumer has a voucher."""
    consumer = consumer or ConsumerFactory(approved=True)
    if voucher is not None:
        a_voucher(voucher, consumer=consumer)
    order = an_order("completed", consumer=consumer, **options)
    for amount in invoices or [order.total_amount]:
        an_invoice(order, amount=Decimal(amount), number=f"246170000000{next(_numbers):08d}")
    add_papers(order)
    an_evaluation(order)
    return Order.objects.get(pk=order.pk)


def add_papers(order: Order) -> None:
    actor = order.consumer.account
    for kind in DocumentKind:
        upload_document(order=order, kind=kind, file=PrivateFileFactory(owner=actor), actor=actor)


def a_claim(state: str = "submitted", **options: Any) -> Redemption:
    """Brought to the state by the services, over 450 of 900 yuan: submitted, checked, approved, returned, refused or withdrawn."""
    order = options.pop("order", None) or a_claimable_order(**options)
    claim = submit_claim(order=order, actor=order.consumer.account)
    if state in {"checked", "approved", "refused"}:
        claim = review.check_claim(redemption=claim, actor=the_checker())
    if state == "approved":
        return review.approve_claim(redemption=claim, actor=the_decider())
    if state == "returned":
        return review.return_claim(redemption=claim, actor=the_checker(), reason="合同缺少盖章页。")
    if state == "refused":
        return review.refuse_claim(redemption=claim, actor=the_decider(), reason="服务内容不属于支持范围。")
    return claim


def the_checker() -> User:
    return a_member(CHECKERS)


def the_decider() -> User:
    return a_member(DECIDERS)
