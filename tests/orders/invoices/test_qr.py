"""QR codes of invoices, as text and on pictures."""

from datetime import date
from decimal import Decimal

import pytest

from orders.invoices.fields import InvoiceFields
from orders.invoices.qr import read_code
from orders.invoices.reading import InvoiceReading, Source, read_invoice
from tests.orders.invoices.samples import DIGITAL_QR, EARLIER_QR, NUMBER, picture

CONFIRM = "已读取的内容请与发票核对，确认无误再提交。"
PARTIES = "销售方名称、销售方识别号、购买方名称、购买方识别号"


def test_the_amount_of_a_digital_invoice_is_with_tax():
    for kind in ("31", "32"):
        assert read_code(f"01,{kind},,{NUMBER},1272.00,20260901,,5F98") == InvoiceFields(
            number=NUMBER, issued_on=date(2026, 9, 1), total_amount=Decimal("1272.00")
        )


@pytest.mark.parametrize("kind", ["01", "04", "08", "10", "11", "14"])
def test_the_amount_of_an_earlier_invoice_is_without_tax(kind):
    assert read_code(f"01,{kind},0610019002,03630024,94339.62,20160621,,9335,") == InvoiceFields(
        number="03630024",
        code="0610019002",
        issued_on=date(2016, 6, 21),
        net_amount=Decimal("94339.62"),
    )


def test_the_amount_of_any_other_kind_is_not_called_either():
    found = read_code(f"01,51,,{NUMBER},56.00,20260901,,219a")
    assert found == InvoiceFields(number=NUMBER, issued_on=date(2026, 9, 1), unclear_amount=Decimal("56.00"))


def test_an_earlier_kind_with_the_long_number_is_unclear():
    found = read_code(f"01,10,,{NUMBER},56.00,20260901,,219a")
    assert found is not None
    assert (found.total_amount, found.net_amount, found.unclear_amount) == (None, None, Decimal("56.00"))


def test_full_width_commas_and_spaces_are_taken_for_what_they_mean():
    assert read_code(f" 01，32， ，{NUMBER}，1272.00，20260901， ，5F98 ") == read_code(DIGITAL_QR)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",,,,,,,,",
        "https://example.test/pay?01,32,,26617000000012345678,1.00,20260901,,",
        "02,32,,26617000000012345678,1272.00,20260901,,5F98",
        "01,32,,2661700000001234567,1272.00,20260901,,5F98",  # 19 digits
        "01,10,,25577301,94339.62,20201112,,",  # the short number without its code
        "01,32,123,26617000000012345678,1272.00,20260901,,5F98",
        "01,32,,26617000000012345678",
        "01,32" + "," * 400,
    ],
)
def test_other_codes_are_no_invoices(text):
    assert read_code(text) is None


@pytest.mark.parametrize(
    ("amount", "day"), [("1e9", "20261399"), ("NaN", "00000000"), ("壹万元", ""), ("", "2026-02-30")]
)
def test_impossible_amounts_and_days_are_left_out(amount, day):
    assert read_code(f"01,32,,{NUMBER},{amount},{day},,") == InvoiceFields(number=NUMBER)


@pytest.mark.parametrize(
    ("form", "extension"), [("PNG", "png"), ("JPEG", "jpg"), ("JPEG", "jpeg"), ("PNG", ".PNG")]
)
def test_a_scan_is_read_by_its_code(form, extension):
    assert read_invoice(picture(DIGITAL_QR, form=form), extension) == InvoiceReading(
        source=Source.PICTURE,
        number=NUMBER,
        issued_on=date(2026, 9, 1),
        total_amount=Decimal("1272.00"),
        notes=(f"没有读到：{PARTIES}。请照发票填写。", CONFIRM),
    )


def test_a_crooked_photo_of_an_earlier_invoice_says_that_its_amount_is_without_tax():
    assert read_invoice(picture(EARLIER_QR, turn=33), "png") == InvoiceReading(
        source=Source.PICTURE,
        number="25577301",
        code="061001900211",
        issued_on=date(2020, 11, 12),
        net_amount=Decimal("94339.62"),
        check_code="58569302723370975117",
        notes=(
            "读到的 94,339.62 元是不含税金额，不是价税合计。价税合计请照发票“（小写）”一栏填写。",
            f"没有读到：{PARTIES}、价税合计。请照发票填写。",
            CONFIRM,
        ),
    )


def test_an_unclear_amount_is_only_mentioned():
    reading = read_invoice(picture(f"01,51,,{NUMBER},56.00,20260901,,219a"), "png")
    assert reading is not None
    assert (reading.total_amount, reading.net_amount) == (None, None)
    assert reading.notes[0] == "二维码中的金额是 56.00 元，未注明是否含税。价税合计请照发票填写。"


def test_a_red_invoice_is_said_to_be_one_and_its_amount_is_not_filled_in():
    reading = read_invoice(picture(DIGITAL_QR.replace("1272.00", "-1272.00")), "png")
    assert reading is not None
    assert (reading.number, reading.total_amount) == (NUMBER, None)
    assert reading.notes == ("这是红字（负数）发票，不能用于本订单。请上传对应的蓝字发票。",)


def test_an_amount_of_nothing_is_missing():
    reading = read_invoice(picture(DIGITAL_QR.replace("1272.00", "0.00")), "png")
    assert reading is not None
    assert reading.total_amount is None
    assert reading.missing[-1] == "total_amount"


def test_several_invoices_on_one_scan_are_not_read_but_said():
    assert read_invoice(picture(DIGITAL_QR, EARLIER_QR), "png") == InvoiceReading(
        source=Source.PICTURE,
        notes=("文件里有多个不同的发票号码，未能自动读取。请确认每个文件只有一张发票，再照发票填写。",),
    )


def test_the_same_invoice_twice_with_two_amounts_leaves_the_amount_open():
    reading = read_invoice(picture(DIGITAL_QR, DIGITAL_QR.replace("1272.00", "9272.00")), "png")
    assert reading is not None
    assert (reading.number, reading.total_amount) == (NUMBER, None)
    assert reading.notes == (
        "文件中有几处不一致：价税合计。请照发票填写。",
        f"没有读到：{PARTIES}。请照发票填写。",
        CONFIRM,
    )


def test_an_address_beside_the_code_does_no_harm():
    reading = read_invoice(picture("https://example.test/", DIGITAL_QR), "png")
    assert reading is not None
    assert reading.number == NUMBER


@pytest.mark.parametrize("text", ["https://example.test/invoice", "01,32,,,,,,", "\x01\x02\x03", "文字" * 40])
def test_a_picture_without_an_invoice_code_is_not_read(text):
    assert read_invoice(picture(text), "png") is None
