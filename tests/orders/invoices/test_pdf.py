"""PDFs: the code and the text of the first pages, and XML inside."""

import io
import random
from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest

from orders.invoices import decoder
from orders.invoices.reading import InvoiceReading, Source, read_invoice
from tests.orders.invoices.samples import (
    BUYER,
    DIGITAL_QR,
    DIGITAL_XML,
    EARLIER_QR,
    NUMBER,
    PRINTED,
    SELLER,
    pdf,
    picture,
)
from tests.orders.invoices.test_originals import CONFIRM, DIGITAL

WHOLE = replace(DIGITAL, source=Source.PDF)
SEVERAL = "文件里有多个不同的发票号码，未能自动读取。请确认每个文件只有一张发票，再照发票填写。"


def printed_with(old: str, new: str) -> list[tuple[float, float, str, float]]:
    assert any(old in text for _x, _y, text, _size in PRINTED)
    return [(x, y, text.replace(old, new), size) for x, y, text, size in PRINTED]


def test_a_printed_digital_invoice_is_read_whole():
    assert read_invoice(pdf(PRINTED, DIGITAL_QR), "pdf") == WHOLE


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_text_is_read_by_where_it_stands_not_by_its_order(seed):
    shuffled = list(PRINTED)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order of tests, no secret
    assert read_invoice(pdf(shuffled), "pdf") == WHOLE


def test_text_written_character_by_character_is_read():
    spelt = []
    for x, y, text, size in PRINTED:
        for char in text:
            spelt.append((x, y, char, size))
            x += size / 2 if char.isascii() else size
    assert read_invoice(pdf(spelt), "pdf") == WHOLE


def test_pages_that_repeat_the_invoice_are_one():
    assert read_invoice(pdf(PRINTED, DIGITAL_QR, pages=3), "pdf") == WHOLE


def test_a_scan_in_a_pdf_is_read_by_its_code():
    reading = read_invoice(pdf([], DIGITAL_QR), "pdf")
    assert reading is not None
    assert (reading.number, reading.total_amount) == (NUMBER, Decimal("1272.00"))
    assert reading.missing == ["seller_name", "seller_code", "buyer_name", "buyer_code"]


def test_code_and_text_that_differ_leave_the_field_open():
    reading = read_invoice(pdf(printed_with("1272.00", "9272.00"), DIGITAL_QR), "pdf")
    assert reading == replace(
        WHOLE, total_amount=None, notes=("文件中有几处不一致：价税合计。请照发票填写。", CONFIRM)
    )
    reading = read_invoice(pdf(printed_with(NUMBER, "26617000000087654321"), DIGITAL_QR), "pdf")
    assert reading == InvoiceReading(source=Source.PDF, notes=(SEVERAL,))


def test_two_invoices_on_one_page_are_not_read_but_said():
    lower = [(x, y + 420, text.replace(NUMBER, "26617000000087654321"), size) for x, y, text, size in PRINTED]
    reading = read_invoice(pdf([*PRINTED, *lower], size=(595, 842)), "pdf")
    assert reading == InvoiceReading(source=Source.PDF, notes=(SEVERAL,))


def test_parties_are_taken_only_where_both_stand_on_one_line():
    apart = [(x, y + 60 if x > 310 and 100 < y < 140 else y, text, size) for x, y, text, size in PRINTED]
    reading = read_invoice(pdf(apart), "pdf")
    assert reading is not None
    assert (reading.number, reading.seller_name, reading.seller_code) == (NUMBER, "", "")
    assert (reading.buyer_name, reading.buyer_code) == ("", "")


def test_a_buyer_without_a_code_does_not_get_the_sellers():
    without = [row for row in PRINTED if row[2] != DIGITAL.buyer_code]
    reading = read_invoice(pdf(without), "pdf")
    assert reading is not None
    assert (reading.buyer_name, reading.buyer_code) == (BUYER, "")
    assert (reading.seller_name, reading.seller_code) == (SELLER, DIGITAL.seller_code)


def test_an_earlier_invoice_is_read_without_its_parties():
    text = [
        (420, 40, "发票代码：", 9),
        (470, 40, "061001900211", 9),
        (420, 54, "发票号码：25577301", 9),
        (420, 68, "开票日期：2020年11月12日", 9),
        (420, 82, "校 验 码：58569 30272 33709 75117", 9),
        (35, 112, f"名 称：{BUYER}", 9),
        (60, 240, "合　　计", 9),
        (362, 240, "￥94339.62", 9),
        (495, 240, "￥5660.38", 9),
        (400, 258, "（小写）￥100000.00", 9),
        (35, 284, f"名 称：{SELLER}", 9),
    ]
    reading = read_invoice(pdf(text, EARLIER_QR), "pdf")
    assert reading is not None
    assert (reading.number, reading.code, reading.check_code) == (
        "25577301",
        "061001900211",
        "58569302723370975117",
    )
    assert (reading.total_amount, reading.net_amount) == (Decimal("100000.00"), Decimal("94339.62"))
    assert reading.missing == ["seller_name", "seller_code", "buyer_name", "buyer_code"]


def test_xml_attached_to_a_pdf_is_read():
    document = pypdfium2.PdfDocument(pdf())
    document.new_attachment("readme.txt").set_data(b"nothing")
    document.new_attachment("invoice.xml").set_data(DIGITAL_XML.encode())
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    assert read_invoice(buffer.getvalue(), "pdf") == replace(DIGITAL, source=Source.PDF_DATA)


@pytest.mark.parametrize(
    "text", [[], [(40, 40, "检测报告 编号：26617000000012345678", 9)], [(40, 40, "（小写）¥5.00", 9)]]
)
def test_other_pdfs_are_not_read(text):
    assert read_invoice(pdf(text), "pdf") is None


def test_the_decoder_itself():
    assert decoder.decode_picture(picture(DIGITAL_QR)) == {"codes": [DIGITAL_QR]}
    found = decoder.decode_pdf(pdf(PRINTED[:1], EARLIER_QR, pages=3))
    assert found["codes"] == [EARLIER_QR] * decoder.MAX_PAGES
    assert [[run[4] for run in page] for page in found["pages"]] == [
        ["电子发票（普通发票）"]
    ] * decoder.MAX_PAGES
    assert found["attachments"] == []
