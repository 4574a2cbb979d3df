"""Invoices as XML: the original of a 数电票, and the one inside the OFD of the kinds before it.

``EInvoice`` is what the tax administration's platform issues for 数电票; ``eInvoice`` (schema e-invoice/2019) is what
issuers attached to an OFD. Namespaces are passed over: issuers differ in them.
"""

from itertools import islice
from xml.etree.ElementTree import Element

from files.einvoices import BrokenMarkup, local_name, parse_xml
from orders.invoices import values
from orders.invoices.fields import InvoiceFields, merged

DIGITAL, EARLIER = "EInvoice", "eInvoice"
# Two are too many already; no more are looked into.
MAX_INVOICES = 10


def read_xml(content: bytes) -> list[InvoiceFields]:
    """The invoices in an XML file, usually one; none where it is no XML or no invoice."""
    try:
        return read_tree(parse_xml(content))
    except BrokenMarkup:
        return []


def read_tree(root: Element) -> list[InvoiceFields]:
    """The invoices under an element, itself included."""
    readers = {DIGITAL: _digital, EARLIER: _earlier}
    elements = (element for element in root.iter() if local_name(element) in readers)
    found = (readers[local_name(element)](element) for element in islice(elements, MAX_INVOICES))
    return [invoice for invoice in found if invoice.number]


def _digital(invoice: Element) -> InvoiceFields:
    def at(*path: str) -> str:
        return _text(invoice, *path)

    numbers = (at("TaxSupervisionInfo", "InvoiceNumber"), at("Header", "EIid"))
    # asked for and issued: of one day, or it is not clear which is printed
    days = (at("TaxSupervisionInfo", "IssueTime"), at("EInvoiceData", "BasicInformation", "RequestTime"))
    fields, _disputed = merged(
        [
            InvoiceFields(number=values.invoice_number(number), issued_on=values.day(day))
            for number, day in zip(numbers, days, strict=True)
        ]
    )
    data = "EInvoiceData"
    return InvoiceFields(
        number=fields.number,
        issued_on=fields.issued_on,
        seller_name=values.name(at(data, "SellerInformation", "SellerName")),
        seller_code=values.taxpayer_code(at(data, "SellerInformation", "SellerIdNum")),
        buyer_name=values.name(at(data, "BuyerInformation", "BuyerName")),
        buyer_code=values.taxpayer_code(at(data, "BuyerInformation", "BuyerIdNum")),
        total_amount=values.amount(at(data, "BasicInformation", "TotalTax-includedAmount")),
        net_amount=values.amount(at(data, "BasicInformation", "TotalAmWithoutTax")),
    )


def _earlier(invoice: Element) -> InvoiceFields:
    def at(*path: str) -> str:
        return _text(invoice, *path)

    return InvoiceFields(
        number=values.invoice_number(at("InvoiceNo")),
        code=values.invoice_code(at("InvoiceCode")),
        issued_on=values.day(at("IssueDate")),
        check_code=values.check_code(at("InvoiceCheckCode")),
        seller_name=values.name(at("Seller", "SellerName")),
        seller_code=values.taxpayer_code(at("Seller", "SellerTaxID")),
        buyer_name=values.name(at("Buyer", "BuyerName")),
        buyer_code=values.taxpayer_code(at("Buyer", "BuyerTaxID")),
        total_amount=values.amount(at("TaxInclusiveTotalAmount")),
        net_amount=values.amount(at("TaxExclusiveTotalAmount")),
    )


def _text(element: Element, *path: str) -> str:
    """The text at a path of names; empty where a step is missing or there are several."""
    for step in path:
        steps = [child for child in element if local_name(child) == step]
        if len(steps) != 1:
            return ""
        element = steps[0]
    return (element.text or "").strip()[:1000]
