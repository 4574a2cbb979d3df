"""Single values as invoices write them. What is not surely one comes back empty, never as a guess."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from orders.invoices.checks import CODE_LENGTHS, NUMBER_LENGTHS, half_width, normalise_invoice_number

NAME_LENGTH = 200
YEARS = range(2000, 2100)
_AMOUNT = re.compile(r"¥?(-?)(\d{1,3}(?:,\d{3})+|\d{1,10})(?:\.(\d{1,2}))?元?", re.ASCII)
_DAY = re.compile(
    r"(\d{4})(?:年(\d{1,2})月(\d{1,2})日|([-/.])(\d{1,2})\4(\d{1,2})|(\d{2})(\d{2}))(?:[T\s].*)?", re.ASCII
)
_TAXPAYER = re.compile(r"[0-9A-Z]{15,20}", re.ASCII)
# PDF fonts map 子 to the radical ⼦, which looks the same and is another character.
_RADICALS = re.compile("[\u2e80-\u2fdf]")


def invoice_number(text: str) -> str:
    """发票号码, or an empty string."""
    return _digits(text, NUMBER_LENGTHS)


def invoice_code(text: str) -> str:
    """发票代码, or an empty string."""
    return _digits(text, CODE_LENGTHS)


def check_code(text: str) -> str:
    """校验码 of 20 digits, or an empty string."""
    return _digits(text, (20,))


def amount(text: str) -> Decimal | None:
    """Yuan with two places: plain digits with or without ¥ and separators. Negative for a red invoice (红字).

    None for exponents, NaN, words, three decimals, ten billion and more.
    """
    found = _AMOUNT.fullmatch(re.sub(r"\s", "", half_width(text)))
    if found is None:
        return None
    sign, whole, cents = found.groups()
    return Decimal(f"{sign}{whole.replace(',', '')}.{(cents or '').ljust(2, '0')}")


def day(text: str) -> date | None:
    """The day of 20260330, 2026-03-30 10:00:00 or 2026年03月30日; None where there is no such day."""
    found = _DAY.fullmatch(half_width(text).strip())
    if found is None:
        return None
    year, *rest = found.groups()
    month, of_month = (part for part in rest if part and part.isdigit())
    try:
        return date(int(year), int(month), int(of_month)) if int(year) in YEARS else None
    except ValueError:
        return None


def taxpayer_code(text: str) -> str:
    """统一社会信用代码 or an older 纳税人识别号 (15 to 20 characters), or an empty string."""
    code = re.sub(r"\s", "", half_width(text)).upper()
    return code if _TAXPAYER.fullmatch(code) else ""


def name(text: str) -> str:
    """The name of a party without control characters; full-width brackets stay as printed."""
    text = "".join(" " if char.isspace() else char for char in plain_radicals(text))
    text = "".join(char for char in text if unicodedata.category(char)[0] != "C")
    text = re.sub(" +", " ", text).strip()
    return text if 2 <= len(text) <= NAME_LENGTH else ""


def plain_radicals(text: str) -> str:
    """The text with characters for radicals, which PDF fonts put in place of those they look like."""
    return _RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)


def _digits(text: str, lengths: tuple[int, ...]) -> str:
    # 1,000 characters at most: what is normalised came from outside
    digits = normalise_invoice_number(text[:1000])
    return digits if digits.isascii() and digits.isdigit() and len(digits) in lengths else ""
