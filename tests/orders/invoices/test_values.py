"""Amounts, days, codes and names as invoices write them; what is not surely one is none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.invoices import values


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1272.00", "1272.00"),
        ("112", "112.00"),
        ("64.9", "64.90"),
        ("¥1,272.50", "1272.50"),
        ("￥ 1，272．50 元", "1272.50"),
        ("-1272.00", "-1272.00"),
        ("0.00", "0.00"),
        ("9999999999.99", "9999999999.99"),
    ],
)
def test_amounts_are_yuan_with_two_places(text, yuan):
    amount = values.amount(text)
    assert amount is not None
    assert str(amount) == yuan


@pytest.mark.parametrize(
    "text",
    [
        *("", "1e9", "NaN", "Infinity", "-", "***", "壹万元", "0x10", "1_000", "12.345", "1.2.3"),
        *("10000000000.00", "9" * 5000, "1,2,3", "12,34.00", "12²", "٣", "+5"),
    ],
)
def test_what_is_no_amount_in_digits_is_none(text):
    assert values.amount(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "20260901",
        "2026-09-01",
        "2026-09-01 10:11:12",
        "2026-09-01T10:11:12",
        "2026年09月01日",
        "2026年9月1日",
        "2026/9/1",
    ],
)
def test_days_in_every_spelling(text):
    assert values.day(text) == date(2026, 9, 1)


@pytest.mark.parametrize(
    "text",
    ["", "20261399", "2026-02-30", "00000000", "1899-01-01", "21010101", "2026-09/01", "20260901x", "昨天"],
)
def test_impossible_days_are_none(text):
    assert values.day(text) is None


def test_codes_of_taxpayers_have_15_to_20_characters():
    assert values.taxpayer_code(" 91610000ma0examp1x ") == "91610000MA0EXAMP1X"
    assert values.taxpayer_code("610000123456789") == "610000123456789"
    for text in ("", "91610000MA0EXA", "9" * 21, "91610000-MA0EXAMP1X", "<script>alert(1)</script>"):
        assert values.taxpayer_code(text) == ""


def test_names_keep_their_brackets_and_lose_what_cannot_be_seen():
    assert values.name(" 示例检测（陕西）\u202e有限\n公司\0 ") == "示例检测（陕西）有限 公司"
    assert values.name("电⼦⾦属") == "电子金属"  # radicals, as PDF fonts have them
    assert values.name("方") == ""
    assert values.name("长" * 201) == ""


@given(st.text(max_size=60))
def test_no_text_makes_a_value_raise(text):
    for read in (values.amount, values.day, values.taxpayer_code, values.name, values.invoice_number):
        read(text)
