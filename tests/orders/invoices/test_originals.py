"""XML and OFD: the originals of the tax administration, and of issuers before them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orders.invoices.reading import InvoiceReading, Source, read_invoice
from tests.orders.invoices.samples import (
    BUYER,
    BUYER_CODE,
    CUSTOM_DATA,
    DIGITAL_XML,
    EARLIER_XML,
    NUMBER,
    PAGE_XML,
    SELLER,
    SELLER_CODE,
    TAGS_XML,
    ofd,
    ofd_root,
)

CONFIRM = "已读取的内容请与发票核对，确认无误再提交。"
DIGITAL = InvoiceReading(
    source=Source.XML,
    number=NUMBER,
    issued_on=date(2026, 9, 1),
    seller_name=SELLER,
    seller_code=SELLER_CODE,
    buyer_name=BUYER,
    buyer_code=BUYER_CODE,
    total_amount=Decimal("1272.00"),
    net_amount=Decimal("1200.00"),
    notes=(CONFIRM,),
)
EARLIER = replace(
    DIGITAL,
    number="25577301",
    code="061001900211",
    issued_on=date(2020, 11, 12),
    total_amount=Decimal("100000.00"),
    net_amount=Decimal("94339.62"),
    check_code="58569302723370975117",
)
ATTACHED = "Doc_0/Attachs/original_invoice.xml"


def test_the_xml_of_a_digital_invoice_is_read_whole():
    assert read_invoice(DIGITAL_XML.encode(), "xml") == DIGITAL


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-8", "utf-8-sig"), ("GBK", "gb18030"), ("gb2312", "gb18030"), ("UTF-16", "utf-16")],
)
def test_xml_in_other_encodings_is_read(declared, encoding):
    assert read_invoice(DIGITAL_XML.replace("UTF-8", declared).encode(encoding), "xml") == DIGITAL


def test_xml_inside_an_envelope_and_a_namespace_is_read():
    body = DIGITAL_XML.partition("?>")[2].replace("<EInvoice>", '<EInvoice xmlns="urn:einvoice">')
    assert read_invoice(f"<Envelope>{body}</Envelope>".encode(), "xml") == DIGITAL


def test_the_xml_of_an_earlier_invoice_is_read_whole():
    assert read_invoice(EARLIER_XML.encode(), "xml") == EARLIER


def test_what_is_said_twice_and_differently_is_left_open():
    reading = read_invoice(
        DIGITAL_XML.replace("IssueTime>2026-09-01", "IssueTime>2026-09-02").encode(), "xml"
    )
    assert reading == replace(DIGITAL, issued_on=None, notes=("没有读到：开票日期。请照发票填写。", CONFIRM))
    doubled = f"<SellerName>{SELLER}</SellerName>"
    reading = read_invoice(DIGITAL_XML.replace(doubled, doubled * 2).encode(), "xml")
    assert reading == replace(
        DIGITAL, seller_name="", notes=("没有读到：销售方名称。请照发票填写。", CONFIRM)
    )


@pytest.mark.parametrize("number", ["12345", "2661700000001234567X", ""])
def test_xml_without_a_valid_number_is_not_read(number):
    assert read_invoice(DIGITAL_XML.replace(NUMBER, number).encode(), "xml") is None


def test_a_file_with_two_invoices_is_not_read_but_said():
    first = DIGITAL_XML.partition("?>")[2]
    second = first.replace(NUMBER, "26617000000087654321")
    reading = read_invoice(f"<Batch>{first}{second}</Batch>".encode(), "xml")
    assert reading == InvoiceReading(
        source=Source.XML,
        notes=("文件里有多个不同的发票号码，未能自动读取。请确认每个文件只有一张发票，再照发票填写。",),
    )


@pytest.mark.parametrize(
    "content", [b"<a/>", b"<Invoice><InvoiceNumber>1</InvoiceNumber></Invoice>", b"{}", b""]
)
def test_other_xml_is_not_read(content):
    assert read_invoice(content, "xml") is None


def test_an_ofd_is_read_by_what_is_attached():
    about = {"发票代码": "061001900211", "发票号码": "25577301", "合计金额": "94339.62", "合计税额": "***"}
    content = ofd({ATTACHED: EARLIER_XML, "Doc_0/Attachs/Attachments.xml": "<a/>"}, ofd_root(about))
    assert read_invoice(content, "ofd") == replace(EARLIER, source=Source.OFD)


def test_the_ofd_of_a_digital_invoice_is_read_by_its_data_and_its_tags():
    content = ofd({"Doc_0/Tags/CustomTag.xml": TAGS_XML, "Doc_0/Pages/Page_0/Content.xml": PAGE_XML})
    assert read_invoice(content, "ofd") == replace(DIGITAL, source=Source.OFD)


@pytest.mark.parametrize(
    "tags",
    [
        TAGS_XML.replace("<eInvoice", "<:eInvoice"),  # as some issuers write it
        TAGS_XML.replace(">65<", ">999<").replace(">73<", "><"),
        TAGS_XML.replace("</BuyerName>", "<ofd:ObjectRef>73</ofd:ObjectRef></BuyerName>").replace(
            "</SellerName>", "<ofd:ObjectRef>65</ofd:ObjectRef></SellerName>"
        ),
    ],
)
def test_tags_that_lead_nowhere_cost_only_the_names(tags):
    content = ofd({"Doc_0/Tags/CustomTag.xml": tags, "Doc_0/Pages/Page_0/Content.xml": PAGE_XML})
    note = "没有读到：销售方名称、购买方名称。请照发票填写。"
    assert read_invoice(content, "ofd") == replace(
        DIGITAL, source=Source.OFD, seller_name="", buyer_name="", notes=(note, CONFIRM)
    )


def test_the_total_an_ofd_states_is_taken_and_one_that_cannot_be_known_is_not():
    stated = {**CUSTOM_DATA, "价税合计": "1272.00", "合计税额": "***"}
    reading = read_invoice(ofd(root=ofd_root(stated)), "ofd")
    assert reading is not None
    assert reading.total_amount == Decimal("1272.00")
    reading = read_invoice(ofd(root=ofd_root({**CUSTOM_DATA, "合计税额": "***"})), "ofd")
    assert reading is not None
    assert (reading.total_amount, reading.net_amount) == (None, Decimal("1200.00"))


def test_an_ofd_that_contradicts_its_attachment_leaves_the_field_open():
    about = {"发票号码": "25577301", "开票日期": "2021年11月12日"}
    reading = read_invoice(ofd({ATTACHED: EARLIER_XML}, ofd_root(about)), "ofd")
    assert reading == replace(
        EARLIER,
        source=Source.OFD,
        issued_on=None,
        notes=("文件中有几处不一致：开票日期。请照发票填写。", CONFIRM),
    )


def test_an_ofd_with_two_documents_is_not_read_but_said():
    other = {**CUSTOM_DATA, "发票号码": "26617000000087654321"}
    reading = read_invoice(ofd(root=ofd_root(CUSTOM_DATA, other)), "ofd")
    assert reading is not None
    assert (reading.number, reading.total_amount) == ("", None)
    assert reading.notes[0].startswith("文件里有多个不同的发票号码")


def test_an_ofd_that_is_no_invoice_is_not_read():
    assert read_invoice(ofd(root=ofd_root({"native-producer": "SDK"})), "ofd") is None
