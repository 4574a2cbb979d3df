"""Nested markup is refused by its depth: each look below an element would go over the same ones again."""

import pytest

from files.einvoices import MAX_XML_DEPTH, BrokenMarkup, parse_xml


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


def test_markup_as_deep_as_any_invoice_is_read() -> None:
    assert parse_xml(nested(MAX_XML_DEPTH)).tag == "a"


@pytest.mark.parametrize("depth", [MAX_XML_DEPTH + 1, 8_000])
def test_deeper_markup_is_refused(depth: int) -> None:
    with pytest.raises(BrokenMarkup, match="too deep"):
        parse_xml(nested(depth))
