"""Contract, report and invoices: whose, when, replaced and taken away, and an invoice that is used once."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from orders.exceptions import OrderError
from orders.models import DocumentKind, Invoice, OrderDocument
from orders.services import orders
from orders.services.documents import (
    remove_document,
    remove_invoice,
    upload_document,
    upload_invoice,
)
from tests import order_factories as make
from tests.factories import PrivateFileFactory, make_credit_code
from workflow.models import AuditEntry
from workflow.statuses import Action

pytestmark = pytest.mark.django_db

REPORT, CONTRACT = DocumentKind.REPORT, DocumentKind.CONTRACT


def upload(order: Any, kind: DocumentKind, side: str, **options: Any) -> OrderDocument:
    account = getattr(order, side).account
    file = options.pop("file", None) or PrivateFileFactory(owner=account)
    return upload_document(order=order, kind=kind, file=file, actor=account, **options)


def trail(order: Any) -> list[str]:
    return list(AuditEntry.objects.of(order).order_by("pk").values_list("action", flat=True))


def everything() -> list[Any]:
    rows = [list(model.objects.order_by("pk").values()) for model in (OrderDocument, Invoice)]
    return [*rows, AuditEntry.objects.count()]


@pytest.mark.parametrize(
    ("state", "kind", "sides"),
    [
        ("placed", REPORT, set()),
        ("active", REPORT, {"provider", "consumer"}),
        ("delivered", REPORT, {"provider", "consumer"}),
        ("disputed", REPORT, {"provider", "consumer"}),
        ("completed", REPORT, {"provider", "consumer"}),
        ("placed", CONTRACT, set()),
        ("active", CONTRACT, set()),
        ("delivered", CONTRACT, set()),
        ("completed", CONTRACT, {"consumer"}),
    ],
)
def test_who_uploads_what_when(state: str, kind: DocumentKind, sides: set[str]) -> None:
    order = make.an_order(state)
    for side in ("provider", "consumer"):
        if side in sides:
            document = upload(order, kind, side)
            assert (document.party, document.uploaded_by) == (side, getattr(order, side).account)
            continue
        before = everything()
        with pytest.raises(OrderError, match=f"不能由您上传或替换{kind.label}。"):
            upload(order, kind, side)
        assert everything() == before


def test_nothing_is_uploaded_to_an_order_that_came_to_nothing() -> None:
    order = make.an_order("placed")
    order = orders.refuse_order(order=order, actor=order.provider.account, reason="单价不符")
    for kind in DocumentKind:
        with pytest.raises(OrderError, match="现在是“已拒绝接单”，不能由您上传"):
            upload(order, kind, "provider")
    assert not OrderDocument.objects.exists()


def test_others_upload_nothing() -> None:
    order = make.an_order("completed")
    for stranger in (make.mediator(), make.an_order("placed").consumer.account):
        with pytest.raises(OrderError, match="不能由您上传"):
            upload_document(order=order, kind=REPORT, file=PrivateFileFactory(owner=stranger), actor=stranger)
    assert not OrderDocument.objects.exists()


def test_the_file_of_somebody_else_is_refused() -> None:
    order = make.an_order("completed")
    theirs = PrivateFileFactory(owner=order.provider.account)
    before = everything()
    with pytest.raises(OrderError, match="只能使用自己上传的文件"):
        upload(order, CONTRACT, "consumer", file=theirs)
    with pytest.raises(OrderError, match="只能使用自己上传的文件"):
        make.an_invoice(order, file=theirs)
    assert everything() == before


def test_a_document_is_replaced_once_and_the_old_one_stays_in_the_files() -> None:
    order = make.an_order("completed")
    first = upload(order, CONTRACT, "consumer")
    second = upload(order, CONTRACT, "consumer", replaces=first)
    first.refresh_from_db()
    assert (first.removed_at is not None, second.removed_at) == (True, None)
    assert trail(order)[-2:] == [Action.UPLOAD, Action.REPLACE]
    before = everything()
    with pytest.raises(OrderError, match="已被替换或移除"):
        upload(order, CONTRACT, "consumer", replaces=first)
    assert everything() == before


def test_what_is_replaced_is_of_the_same_order_and_kind() -> None:
    order, another = make.an_order("completed"), make.an_order("completed")
    contract, report = upload(order, CONTRACT, "consumer"), upload(another, REPORT, "consumer")
    before = everything()
    for wrong in (contract, report):
        with pytest.raises(OrderError, match="不属于这份订单，或不是同一类文件"):
            upload(order, REPORT, "consumer", replaces=wrong)
    assert everything() == before


@pytest.mark.parametrize(("owner", "other"), [("provider", "consumer"), ("consumer", "provider")])
def test_documents_of_the_other_side_are_neither_removed_nor_replaced(owner: str, other: str) -> None:
    order = make.an_order("delivered")
    document = upload(order, REPORT, owner)
    before = everything()
    with pytest.raises(OrderError, match="由对方上传"):
        remove_document(document=document, actor=getattr(order, other).account)
    with pytest.raises(OrderError, match="由对方上传"):
        upload(order, REPORT, other, replaces=document)
    assert everything() == before
    remove_document(document=document, actor=getattr(order, owner).account)
    document.refresh_from_db()
    assert document.removed_at is not None
    assert trail(order)[-1] == Action.DELETE
    with pytest.raises(OrderError, match="已被替换或移除"):
        remove_document(document=document, actor=getattr(order, owner).account)


@pytest.mark.parametrize("state", ["placed", "active", "delivered", "disputed"])
def test_invoices_are_asked_for_once_the_order_is_completed(state: str) -> None:
    order = make.an_order(state)
    before = everything()
    with pytest.raises(OrderError, match="不能由您上传或替换发票"):
        make.an_invoice(order)
    assert everything() == before


def test_only_the_consumer_uploads_invoices() -> None:
    order = make.an_order("completed")
    actor = order.provider.account
    invoice = make.invoice_of(order, file=PrivateFileFactory(owner=actor))
    with pytest.raises(OrderError, match="不能由您上传或替换发票"):
        upload_invoice(order=order, invoice=invoice, actor=actor)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seller_code": make_credit_code(99)}, "销售方应是本订单的接券机构“"),
        ({"seller_code": ""}, "销售方应是本订单的接券机构“"),
        ({"buyer_code": make_credit_code(99)}, "购买方应是贵单位“"),
        ({"issued_on": 1}, "开票日期不能晚于今天"),
        ({"amount": Decimal(0)}, "金额应大于 0 元"),
        ({"amount": Decimal("-900")}, "金额应大于 0 元"),
    ],
)
def test_an_invoice_that_is_not_of_this_order_is_refused(fields: dict[str, Any], sentence: str) -> None:
    order = make.an_order("completed")
    if "issued_on" in fields:
        fields = {"issued_on": make.in_days(fields["issued_on"])}
    before = everything()
    with pytest.raises(OrderError, match=sentence):
        make.an_invoice(order, **fields)
    assert everything() == before


def test_seller_and_buyer_the_wrong_way_round_are_both_named() -> None:
    order = make.an_order("completed")
    with pytest.raises(OrderError) as caught:
        make.an_invoice(order, seller_code=order.consumer.code, buyer_code=order.provider.host_code)
    assert str(caught.value) == (
        f"销售方应是本订单的接券机构“{order.provider.host_name}”（{order.provider.host_code}），"
        "请核对发票，或请接券机构重新开具。"
        f"购买方应是贵单位“{order.consumer.name}”（{order.consumer.code}），"
        "请核对发票，或请接券机构重新开具。"
    )


def test_codes_are_read_as_people_type_them_and_stored_alike() -> None:
    order = make.an_order("completed")
    invoice = make.an_invoice(
        order,
        number=" 24617000000012345678 ",
        seller_code=f" {order.provider.host_code.lower()} ",
        buyer_code=order.consumer.code.lower(),
        issued_on=make.in_days(0) - datetime.timedelta(days=300),
    )
    invoice.refresh_from_db()
    assert invoice.number == "24617000000012345678"
    assert (invoice.seller_code, invoice.buyer_code) == (order.provider.host_code, order.consumer.code)


def test_a_number_is_used_once_also_by_another_order_of_the_seller() -> None:
    invoice = make.an_invoice()
    offer = invoice.order.offer
    other = make.an_order("completed", offer=offer)
    before = everything()
    for order, number in (
        (invoice.order, invoice.number),
        (other, invoice.number),
        (other, f" {invoice.number}"),
    ):
        with pytest.raises(OrderError) as caught:
            make.an_invoice(order, number=number)
        assert str(caught.value) == (
            f"发票 {invoice.number} 已在本平台使用过，同一张发票不能重复使用。请核对发票号码。"
        )
    assert everything() == before


def test_another_seller_may_have_an_invoice_of_the_same_number() -> None:
    first, second = make.an_invoice(), make.an_invoice()
    assert first.number == second.number
    assert first.seller_code != second.seller_code


def test_a_number_is_free_again_when_its_invoice_is_removed() -> None:
    invoice = make.an_invoice()
    order, actor = invoice.order, invoice.order.consumer.account
    remove_invoice(invoice=invoice, actor=actor)
    assert make.an_invoice(order).number == invoice.number
    assert trail(order)[-2:] == [Action.DELETE, Action.UPLOAD]
    with pytest.raises(OrderError, match="已被替换或移除"):
        remove_invoice(invoice=invoice, actor=actor)


def test_an_invoice_is_replaced_also_by_one_of_the_same_number() -> None:
    first = make.an_invoice()
    order, actor = first.order, first.order.consumer.account
    second = upload_invoice(
        order=order, invoice=make.invoice_of(order, amount=Decimal(880)), actor=actor, replaces=first
    )
    in_use = Invoice.objects.filter(removed_at=None)
    assert [(one.pk, one.amount) for one in in_use] == [(second.pk, Decimal("880.00"))]
    assert trail(order)[-1] == Action.REPLACE


def test_a_replacement_that_is_refused_leaves_the_old_one_in_use() -> None:
    used = make.an_invoice()
    order = make.an_order("completed", offer=used.order.offer)
    mine = make.an_invoice(order, number="24617000000000000001")
    before = everything()
    with pytest.raises(OrderError, match="已在本平台使用过"):
        upload_invoice(
            order=order,
            invoice=make.invoice_of(order, number=used.number),
            actor=order.consumer.account,
            replaces=mine,
        )
    with pytest.raises(OrderError, match="不属于这份订单"):
        upload_invoice(
            order=order,
            invoice=make.invoice_of(order, number="24617000000000000002"),
            actor=order.consumer.account,
            replaces=used,
        )
    assert everything() == before


@pytest.mark.parametrize("side", ["provider", "stranger", "mediator"])
def test_an_invoice_is_removed_by_its_consumer_only(side: str) -> None:
    invoice = make.an_invoice()
    others = {
        "provider": invoice.order.provider.account,
        "stranger": make.ConsumerFactory(approved=True).account,
        "mediator": make.mediator(),
    }
    before = everything()
    with pytest.raises(OrderError, match="不能由您"):
        remove_invoice(invoice=invoice, actor=others[side])
    assert everything() == before
