"""Voucher numbers: nobody guesses one, and a slip in typing one is noticed.

Year, twelve random characters (59 bits) and a check character, in groups: 2026-7K3M-Q9XA-4TPN-H. The alphabet is that of the
unified social credit code, which has no I, O, S, V and Z. The check character is a sum modulo 31, a prime, with powers of 3,
a primitive root of it, for weights: it differs after any one wrong character and any two neighbours that changed places.
"""

import re
import secrets
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from institutions.codes import USCC_ALPHABET as ALPHABET

RANDOM_LENGTH = 12
LENGTH = 4 + RANDOM_LENGTH + 1
LOOKALIKES = str.maketrans("IOSZ", "1052")


def new_number(year: int) -> str:
    body = f"{year:04d}" + "".join(secrets.choice(ALPHABET) for _character in range(RANDOM_LENGTH))
    return _grouped(body + check_character(body))


def check_character(body: str) -> str:
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body, start=1))
    return ALPHABET[total % 31]


def normalise_number(text: str) -> str:
    """As numbers are stored, from however it was typed: lower case, full width, without hyphens, O for 0."""
    plain = re.sub(r"[\s\-‐-―_.]", "", unicodedata.normalize("NFKC", text)).upper()
    return _grouped(plain.translate(LOOKALIKES))


def validate_number(text: str) -> None:
    """Raises ValidationError with what is wrong with it. Whether there is such a voucher is another question."""
    number = normalise_number(text).replace("-", "")
    if len(number) != LENGTH:
        raise ValidationError(
            _("券号应为 %(wanted)d 位（不计连字符），现在是 %(count)d 位，请核对。"),
            params={"wanted": LENGTH, "count": len(number)},
            code="length",
        )
    wrong = sorted(set(number) - set(ALPHABET))
    if wrong:
        raise ValidationError(
            _("券号不含字符“%(chars)s”，请核对。"), params={"chars": "、".join(wrong)}, code="alphabet"
        )
    if check_character(number[:-1]) != number[-1]:
        raise ValidationError(_("券号的校验位（最后一位）不对，请逐位核对。"), code="checksum")


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
