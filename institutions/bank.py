"""Accounts a voucher's money may go to: those of an institution, never of a person (manual, section 五.1)."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum import luhn

from accounts.masking import Masked

# UnionPay and the older cards of Chinese banks, Visa, Mastercard, JCB
CARD = re.compile(r"62\d{14,17}|955\d{13,16}|4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|35\d{14}")
CARD_LENGTHS = range(16, 20)
ACCOUNT_LENGTHS = range(6, 33)  # banks number the accounts of institutions with 9 to 28 digits or so
# how names differ that are the same name: full-width and half-width (NFKC), spaces, and the brackets of 〔2011〕 and 【】
BRACKETS = str.maketrans("〔【［〈《〕】］〉》", "((((()))))")
PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8})?")
# how names of institutions end that are as short as a person's
INSTITUTION_ENDINGS = (
    "公司",
    "厂",
    "院",
    "所",
    "中心",
    "店",
    "社",
    "校",
    "会",
    "站",
    "部",
    "局",
    "室",
    "集团",
)


def normalise_account_number(value: str) -> str:
    """Half-width, without spaces and hyphens of any kind. What else is no digit stays, to be refused."""
    return re.sub(r"[\s\-‐-―−]", "", unicodedata.normalize("NFKC", value))


def validate_account_number(value: Masked | str) -> None:
    """Digits only, and no bank card: cards are people's. Raises ValidationError with the cure.

    A number that only may be a card (``may_be_card``) is not refused here: its owner may declare that it is none.
    """
    number = value.reveal() if isinstance(value, Masked) else value
    if not re.fullmatch(r"[0-9]+", number):
        raise ValidationError(
            _("对公银行账号只含数字，请对照开户许可证或基本存款账户信息核对。"), code="digits"
        )
    if len(number) not in ACCOUNT_LENGTHS:
        raise ValidationError(
            _("对公银行账号一般为 %(least)d 至 %(most)d 位数字，现在是 %(count)d 位，请核对。"),
            params={"least": ACCOUNT_LENGTHS[0], "most": ACCOUNT_LENGTHS[-1], "count": len(number)},
            code="length",
        )
    if CARD.fullmatch(number) and luhn.is_valid(number):
        raise ValidationError(
            _("这是一个银行卡号，属于个人账户。请填写本机构的对公银行账号，个人账户不能兑付。"), code="card"
        )


def may_be_card(number: str) -> bool:
    """16 to 19 digits, the last a Luhn check digit over the others.

    So are cards; but also one in ten accounts of institutions at banks that number them with 17 or 19 digits.
    """
    return len(number) in CARD_LENGTHS and luhn.is_valid(number)


def number_problem(number: Masked | str, *, declared: bool) -> str:
    """Why a well-formed number is refused all the same, in a sentence; its owner may declare that it is no card."""
    if declared or not isinstance(number, Masked) or not may_be_card(number.reveal()):
        return ""
    return gettext(
        "这个号码符合银行卡号的校验规则，个人账户不能兑付。如果确实是本机构的对公账号，请勾选“这是对公账户，不是银行卡”。"
    )


def comparable_name(name: str) -> str:
    """The name as it is compared: brackets, letters and digits alike however they are typed, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).translate(BRACKETS).split()).casefold()


def is_same_name(account_name: str, institution_name: str) -> bool:
    return comparable_name(account_name) == comparable_name(institution_name)


def account_name_problem(account_name: str, institution_name: str) -> str:
    """Why the account is not the institution's own, in a sentence; empty where it is.

    While the institution has no name yet, only a person's is refused.
    """
    if is_same_name(account_name, institution_name):
        return ""
    if looks_like_person(account_name):
        return gettext(
            "账户名称“%(account)s”像是个人姓名。必须填写本机构的对公账户，名称与“%(name)s”一致，个人账户不能兑付。"
        ) % {"account": account_name, "name": institution_name or gettext("机构名称")}
    if not institution_name:
        return ""
    return gettext(
        "账户名称“%(account)s”与机构名称“%(name)s”不一致，请填写本机构的对公账户（全角半角和空格不影响）。"
    ) % {"account": account_name, "name": institution_name}


def looks_like_person(name: str) -> bool:
    """Two to four Chinese characters (a middle dot allowed) that do not end as institutions do."""
    return bool(PERSON.fullmatch(name)) and not name.endswith(INSTITUTION_ENDINGS)
