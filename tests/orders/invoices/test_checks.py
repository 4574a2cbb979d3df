"""Numbers and codes of invoices as people type them."""

import pytest
from django.core.exceptions import ValidationError

from orders.invoices.checks import (
    normalise_invoice_number,
    validate_invoice_code,
    validate_invoice_identity,
    validate_invoice_number,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("26617000000012345678", "26617000000012345678"),
        ("２５５７７３０１", "25577301"),
        (" 2661 7000 0000 1234 5678\n", "26617000000012345678"),
        ("№ 25577301", "25577301"),
        ("NO.25577301", "25577301"),
        ("0255-7730", "02557730"),
        ("", ""),
    ],
)
def test_a_number_is_stored_in_plain_digits(typed, stored):
    assert normalise_invoice_number(typed) == stored


@pytest.mark.parametrize("number", ["26617000000012345678", "25577301", "００００００１２"])
def test_numbers_of_both_kinds_are_accepted(number):
    validate_invoice_number(number)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "发票号码只能是数字。请照发票右上角的“发票号码”填写。"),
        ("壹贰叁肆伍陆柒捌", "发票号码只能是数字。请照发票右上角的“发票号码”填写。"),
        ("2557730A", "发票号码只能是数字。请照发票右上角的“发票号码”填写。"),
        ("²²²²²²²²a", "发票号码只能是数字。请照发票右上角的“发票号码”填写。"),
        ("٢٥٥٧٧٣٠١", "发票号码只能是数字。请照发票右上角的“发票号码”填写。"),
        ("2557730", "发票号码应为 20 位（数电票）或 8 位，现在是 7 位。请与发票核对。"),
        ("061001900211", "12 位的是发票代码。请把它填在“发票代码”里，这里填 8 位发票号码。"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(number, sentence):
    with pytest.raises(ValidationError) as caught:
        validate_invoice_number(number)
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize("code", ["", " ", "0610019002", "061001900211", "０６１００１９００２"])
def test_codes_of_both_lengths_and_none_are_accepted(code):
    validate_invoice_code(code)


@pytest.mark.parametrize("code", ["06100190021", "25577301", "壹万元", "06100190ab"])
def test_what_is_no_code_is_refused_with_a_sentence(code):
    with pytest.raises(ValidationError) as caught:
        validate_invoice_code(code)
    assert caught.value.messages == ["发票代码应为 10 位或 12 位数字。数电票没有发票代码，请留空。"]


def test_a_short_number_needs_its_code():
    validate_invoice_identity("26617000000012345678", "")
    validate_invoice_identity("25577301", "061001900211")
    with pytest.raises(ValidationError) as caught:
        validate_invoice_identity("２５５７７３０１", " ")
    assert caught.value.message_dict == {
        "code": ["8 位号码的发票还有发票代码。请照发票填写 10 位或 12 位发票代码。"]
    }
