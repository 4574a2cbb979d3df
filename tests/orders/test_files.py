"""Who reads what hangs on a booking or an order: its two sides, staff who read submissions, and nobody else."""

from typing import Any

import pytest

from files.models import PrivateFile
from orders.models import DocumentKind
from orders.services import bookings
from orders.services.documents import remove_document, remove_invoice, upload_document
from tests import order_factories as make
from tests.conftest import signed_in
from tests.consumer_factories import ConsumerFactory
from tests.factories import PrivateFileFactory, ProviderFactory, UserFactory, reviewer

pytestmark = pytest.mark.django_db


def of_the_booking(order: Any) -> PrivateFile:
    return order.booking.files.get(message=None).file


def of_a_message(order: Any) -> PrivateFile:
    file = PrivateFileFactory(owner=order.provider.account)
    bookings.reply(booking=order.booking, actor=order.provider.account, text="见附件", files=[file])
    return file


def a_contract(order: Any) -> PrivateFile:
    file = PrivateFileFactory(owner=order.consumer.account)
    upload_document(order=order, kind=DocumentKind.CONTRACT, file=file, actor=order.consumer.account)
    return file


def a_report(order: Any) -> PrivateFile:
    file = PrivateFileFactory(owner=order.provider.account)
    upload_document(order=order, kind=DocumentKind.REPORT, file=file, actor=order.provider.account)
    return file


def a_removed_report(order: Any) -> PrivateFile:
    file = a_report(order)
    remove_document(document=order.documents.get(), actor=order.provider.account)
    return file


def an_invoice(order: Any) -> PrivateFile:
    return make.an_invoice(order).file


def a_removed_invoice(order: Any) -> PrivateFile:
    invoice = make.an_invoice(order)
    remove_invoice(invoice=invoice, actor=order.consumer.account)
    return invoice.file


@pytest.fixture
def order() -> Any:
    consumer = ConsumerFactory(approved=True)
    file = PrivateFileFactory(owner=consumer.account)
    return make.an_order("completed", consumer=consumer, files=[file])


@pytest.mark.parametrize(
    "attach",
    [of_the_booking, of_a_message, a_contract, a_report, a_removed_report, an_invoice, a_removed_invoice],
)
def test_both_sides_read_an_attachment_and_nobody_else(order: Any, attach: Any) -> None:
    file = attach(order)
    strangers = [
        ConsumerFactory(approved=True).account,
        ProviderFactory(approved=True).account,
        UserFactory(staff=True),
    ]
    readers = [order.consumer.account, order.provider.account, reviewer()]
    for account, status in [*((one, 200) for one in readers), *((one, 404) for one in strangers)]:
        assert PrivateFile.objects.visible_to(account).filter(pk=file.pk).exists() == (status == 200)
        assert signed_in(account).get(file.get_absolute_url()).status_code == status


def test_a_partner_reads_what_was_attached_and_no_other_file_of_the_other_side(order: Any) -> None:
    kept = PrivateFileFactory(owner=order.consumer.account)
    certificate = order.consumer.certificate
    for file in (kept, certificate):
        assert not PrivateFile.objects.visible_to(order.provider.account).filter(pk=file.pk).exists()


def test_what_is_read_takes_one_query(order: Any, django_assert_num_queries: Any) -> None:
    an_invoice(order)
    a_report(order)
    with django_assert_num_queries(1):
        assert PrivateFile.objects.visible_to(order.provider.account).count() >= 3
