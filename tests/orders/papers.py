"""Uploading to an order: addresses, what is sent in each step, what comes back."""

from typing import Any

from django.test import Client

from orders.models import Invoice, OrderDocument
from tests.files.conftest import pdf_bytes, upload
from tests.orders.invoices import samples
from workflow.models import AuditEntry

NUMBER = samples.NUMBER


def address(order: Any, rest: str = "invoices/new/") -> str:
    return f"/centre/orders/{order.pk}/{rest}"


def xml_of(order: Any, **changes: str) -> bytes:
    """The tax administration's own XML of an invoice of this order."""
    said = {
        samples.SELLER_CODE: order.provider.host_code,
        samples.SELLER: order.provider.host_name,
        samples.BUYER_CODE: order.consumer.code,
        samples.BUYER: order.consumer.name,
        "1272.00": "900.00",
        **changes,
    }
    text = samples.DIGITAL_XML
    for old, new in said.items():
        text = text.replace(old, new)
    return text.encode()


def typed(order: Any, **fields: str) -> dict[str, str]:
    return {
        "number": NUMBER,
        "code": "",
        "issued_on": "2026-09-01",
        "seller_name": order.provider.host_name,
        "seller_code": order.provider.host_code,
        "buyer_name": order.consumer.name,
        "buyer_code": order.consumer.code,
        "amount": "900",
        **fields,
    }


def kept(response: Any) -> dict[str, str]:
    """The hidden inputs of the second step, as the page has them."""
    return {
        "file-kept": response.context["token"],
        "reading": response.context["form"].initial["reading"],
    }


def first_step(client: Client, order: Any, content: bytes = b"", name: str = "发票.pdf", **data: str) -> Any:
    file = upload(name, content or pdf_bytes())
    response = client.post(address(order), {"file": file, **data})
    assert response.status_code == 200
    return response


def second_step(client: Client, order: Any, **fields: str) -> Any:
    """Typed by hand, for a PDF that says nothing."""
    response = first_step(client, order)
    return client.post(address(order), typed(order) | kept(response) | fields)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    assert not Invoice.objects.exists()
    return dict(response.context["form"].errors)


def everything() -> list[Any]:
    rows = [list(model.objects.order_by("pk").values()) for model in (Invoice, OrderDocument)]
    return [*rows, AuditEntry.objects.count()]


def post_file(client: Client, order: Any, rest: str, content: bytes = b"", name: str = "报告.pdf") -> Any:
    return client.post(address(order, rest), {"file": upload(name, content or pdf_bytes())})
