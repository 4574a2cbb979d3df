"""The number and the code of an invoice, as people type them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# 20 digits on fully digital invoices (数电票), 8 on those before them, which also have a code.
NUMBER_LENGTHS = (8, 20)
CODE_LENGTHS = (10, 12)


# Full-width forms and nothing else: what Unicode calls compatible would turn 12² into 122.
_HALF_WIDTH = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "￥": "¥"}
)


def half_width(text: str) -> str:
    """The text with plain letters, digits and signs in place of full-width ones."""
    return text.translate(_HALF_WIDTH)


def normalise_invoice_number(value: str) -> str:
    """Half-width, without spaces, hyphens and the № some invoices print before it. Serves the code too."""
    return re.sub(r"^(?:№|N[oO][.:]?)|[\s\-\u200b\ufeff]", "", half_width(value).strip())


def validate_invoice_number(value: str) -> None:
    """Accept 发票号码 of 8 or 20 digits, normalised or not. Raises ValidationError saying what is wrong."""
    number = normalise_invoice_number(value)
    if not _is_digits(number):
        raise ValidationError(
            _("发票号码只能是数字。请照发票右上角的“发票号码”填写。"), code="invoice_number_digits"
        )
    if len(number) in CODE_LENGTHS:
        raise ValidationError(
            _("%(count)d 位的是发票代码。请把它填在“发票代码”里，这里填 8 位发票号码。"),
            params={"count": len(number)},
            code="invoice_number_is_code",
        )
    if len(number) not in NUMBER_LENGTHS:
        raise ValidationError(
            _("发票号码应为 20 位（数电票）或 8 位，现在是 %(count)d 位。请与发票核对。"),
            params={"count": len(number)},
            code="invoice_number_length",
        )


def validate_invoice_code(value: str) -> None:
    """Accept 发票代码 of 10 or 12 digits, or nothing. Raises ValidationError saying what is wrong."""
    code = normalise_invoice_number(value)
    if code and (not _is_digits(code) or len(code) not in CODE_LENGTHS):
        raise ValidationError(
            _("发票代码应为 10 位或 12 位数字。数电票没有发票代码，请留空。"), code="invoice_code"
        )


def validate_invoice_identity(number: str, code: str) -> None:
    """Number and code together: 8 digits need a code, or two invoices could not be told apart.

    Raises ValidationError for the field ``code``.
    """
    if len(normalise_invoice_number(number)) == NUMBER_LENGTHS[0] and not normalise_invoice_number(code):
        raise ValidationError({"code": _("8 位号码的发票还有发票代码。请照发票填写 10 位或 12 位发票代码。")})


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
