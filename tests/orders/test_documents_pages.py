"""Contracts and reports of an order, and the section of its page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orders.models import OrderDocument
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory, UserFactory
from tests.files.conftest import image_bytes, upload
from tests.orders.invoices import samples
from tests.orders.papers import (
    address,
    everything,
    post_file,
)

pytestmark = pytest.mark.django_db


def test_the_consumer_puts_up_a_contract(buyer: Client, order: Any) -> None:
    assert post_file(buyer, order, "contract/", image_bytes(), "合同.png").url == order.get_centre_url()
    document = order.documents.get()
    assert (document.kind, document.party, str(document)) == ("contract", "consumer", "合同.png")


def test_either_side_puts_up_reports_and_changes_its_own(buyer: Client, seller: Client, order: Any) -> None:
    for client in (buyer, seller):
        assert post_file(client, order, "report/").status_code == 302
    theirs, own = order.documents.get(party="provider"), order.documents.get(party="consumer")
    before = everything()
    for rest in ("replace/", "remove/"):
        url = f"documents/{theirs.pk}/{rest}"
        assert buyer.get(address(order, url)).status_code == 404
        assert post_file(buyer, order, url).status_code == 404
    assert everything() == before

    assert post_file(buyer, order, f"documents/{own.pk}/replace/", name="新报告.pdf").status_code == 302
    new = order.documents.get(party="consumer", removed_at=None)
    assert (new.kind, str(new)) == ("report", "新报告.pdf")
    assert buyer.post(address(order, f"documents/{new.pk}/remove/")).status_code == 302
    assert list(order.documents.filter(removed_at=None)) == [theirs]


@pytest.mark.parametrize("rest", ["replace/", "remove/"])
def test_documents_of_other_orders_are_not_found(buyer: Client, order: Any, rest: str) -> None:
    other = make.an_order("completed")
    assert post_file(signed_in(other.consumer.account), other, "report/").status_code == 302
    document = other.documents.get()
    before = everything()
    for one in (order, other):
        assert post_file(buyer, one, f"documents/{document.pk}/{rest}").status_code == 404
    assert everything() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00 a program", b"<EInvoice/>", samples.ofd()],
    ids=["empty", "exe", "xml", "ofd"],
)
def test_a_report_is_a_pdf_or_a_picture(buyer: Client, order: Any, content: bytes) -> None:
    response = buyer.post(address(order, "report/"), {"file": upload("报告.pdf", content)})
    assert list(response.context["form"].errors) == ["file"]
    assert not OrderDocument.objects.exists()


def test_an_order_that_is_not_accepted_takes_no_report() -> None:
    order = make.an_order("placed")
    for account in (order.consumer.account, order.provider.account):
        client = signed_in(account)
        assert "这一步已经不能办理" in client.get(address(order, "report/")).content.decode()
        assert "不能由您上传或替换检测报告" in post_file(client, order, "report/").content.decode()
    assert not OrderDocument.objects.exists()


@pytest.mark.parametrize("rest", ["invoices/new/", "contract/", "report/"])
def test_pages_of_a_foreign_order_are_not_found(order: Any, rest: str) -> None:
    others: list[Callable[[], Any]] = [
        lambda: ConsumerFactory(approved=True).account,
        lambda: UserFactory(),
        lambda: UserFactory(consumer=True),
    ]
    for account in others:
        client = signed_in(account())
        assert client.get(address(order, rest)).status_code == 404
        assert post_file(client, order, rest).status_code == 404
    assert not OrderDocument.objects.exists()


# the section of the order's page


def test_the_section_says_what_there_is_and_what_is_missing(
    buyer: Client, seller: Client, order: Any
) -> None:
    page = buyer.get(order.get_centre_url()).content.decode()
    assert "还缺：发票、合同、检测报告" in page
    for name in ("上传发票", "上传合同", "上传报告"):
        assert name in page
    invoice = make.an_invoice(order)
    post_file(seller, order, "report/")
    page = buyer.get(order.get_centre_url()).content.decode()
    assert "还缺：合同。" in page
    assert invoice.number in page
    assert "<b>900</b> 元" in page
    report = order.documents.get()
    assert report.file.get_absolute_url() in page
    assert address(order, f"documents/{report.pk}/replace/") not in page
    page = seller.get(order.get_centre_url()).content.decode()
    assert address(order, f"documents/{report.pk}/replace/") in page
    assert "上传发票" not in page
    assert "上传合同" not in page


@pytest.mark.parametrize("rest", ["invoices/new/", "contract/", "report/"])
def test_each_page_costs_few_queries(
    buyer: Client, order: Any, rest: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        assert buyer.get(address(order, rest)).status_code == 200


def test_files_of_an_order_are_read_by_both_sides_and_nobody_else(
    buyer: Client, seller: Client, order: Any
) -> None:
    invoice = make.an_invoice(order, file=PrivateFileFactory(owner=order.consumer.account))
    url = invoice.file.get_absolute_url()
    assert (buyer.get(url).status_code, seller.get(url).status_code) == (200, 200)
    assert signed_in(UserFactory()).get(url).status_code == 404
