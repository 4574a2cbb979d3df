"""Identity codes of institutions: unified social credit code and organisation code.

The unified code (GB 32100-2015) has 18 characters; the last is a check character over the first 17.
The organisation code (GB 11714-1997) has 9, the last a check character over the first 8.
python-stdnum's ``cn.uscc`` computes the first; its ``validate`` refuses codes that begin with A, N or Y
and does not look at the organisation code inside, so the rules are here.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_FIRST = frozenset("123456789ANY")  # the registering authority
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normalise_code(value: str) -> str:
    """Upper case, half-width, without surrounding space and the organisation code's hyphen."""
    code = unicodedata.normalize("NFKC", value).strip().upper()
    return re.sub(r"^([0-9A-Z]{8})-([0-9X])$", r"\1\2", code)


def uscc_check_character(first_17: str) -> str:
    """GB 32100: (31 − Σ value·3^(i−1) mod 31) mod 31, as a character of its alphabet."""
    return str(uscc.calc_check_digit(first_17))


def organisation_check_character(first_8: str) -> str:
    """GB 11714: 11 − Σ value·weight mod 11, written X for 10 and 0 for 11."""
    total = sum(int(char, 36) * weight for char, weight in zip(first_8, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def organisation_part(code: str) -> str:
    """The organisation code: all of it, or what a unified code has of it (GB 32100, characters 9–17). Names one institution however it is registered."""
    code = normalise_code(code)
    return code[8:17] if len(code) == 18 else code


def is_unified_code(code: str) -> bool:
    return len(code) == 18


def code_kind(code: str) -> str:
    """What the code is called."""
    return gettext("统一社会信用代码") if is_unified_code(code) else gettext("组织机构代码")


def validate_identity_code(value: str) -> None:
    """Accept a unified social credit code or an organisation code; say which part is wrong."""
    code = normalise_code(value)
    if len(code) == 18:
        _validate_unified(code)
    elif len(code) == 9:
        _validate_organisation(code)
    else:
        raise ValidationError(
            _("请填写 18 位统一社会信用代码；没有的可填 9 位组织机构代码。现在是 %(count)d 位。"),
            params={"count": len(code)},
            code="length",
        )


def _validate_unified(code: str) -> None:
    wrong = sorted(set(code) - set(USCC_ALPHABET))
    if wrong:
        raise ValidationError(
            _(
                "统一社会信用代码不含字符“%(chars)s”（不使用 I、O、S、V、Z，请核对是否与数字 1、0、5、2 混淆）。"
            ),
            params={"chars": "、".join(wrong)},
            code="alphabet",
        )
    if code[0] not in USCC_FIRST:
        raise ValidationError(
            _("统一社会信用代码的第一位“%(char)s”不是已知的登记机关代码，请核对。"),
            params={"char": code[0]},
            code="authority",
        )
    if not code[2:8].isdigit():
        raise ValidationError(_("统一社会信用代码第 3–8 位应为 6 位行政区划数字，请核对。"), code="region")
    if uscc_check_character(code[:17]) != code[17]:
        raise ValidationError(
            _("统一社会信用代码的校验位（最后一位）不对，请对照营业执照逐位核对。"), code="checksum"
        )
    # characters 9-17 are an organisation code with a check character of its own
    if organisation_check_character(code[8:16]) != code[16]:
        raise ValidationError(_("统一社会信用代码第 9–17 位（组织机构代码）不对，请逐位核对。"), code="inner")


def _validate_organisation(code: str) -> None:
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        raise ValidationError(
            _("组织机构代码应为 8 位数字或大写字母加 1 位校验码，请核对。"), code="alphabet"
        )
    if organisation_check_character(code[:8]) != code[8]:
        raise ValidationError(
            _("组织机构代码的校验位（最后一位）不对，请对照代码证逐位核对。"), code="checksum"
        )


def is_registered_in_province(code: str, prefix: str) -> bool | None:
    """Whether characters 3–8 of a unified code lie in the province; None where the code does not tell."""
    return code[2:].startswith(prefix) if is_unified_code(code) else None
