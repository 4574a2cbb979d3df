"""What a login name and a mobile number may look like, and how what people type is read."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

MOBILE = re.compile(r"1[3-9][0-9]{9}")

# Chinese characters and ASCII only: look-alike letters of other alphabets could pass for somebody
# else's name, and these are what every database compares alike without regard to case.
LETTER = r"A-Za-z\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
LOGIN_NAME = re.compile(rf"[{LETTER}][{LETTER}0-9._\-]{{1,29}}")

validate_mobile = RegexValidator(
    rf"\A{MOBILE.pattern}\Z", _("请输入 11 位中国大陆手机号码。"), code="invalid_mobile"
)


def validate_login_name(value: str) -> None:
    """2–30 Chinese characters, letters, digits, dots, hyphens or underscores, beginning with a letter.

    A login name that looks like an e-mail address or a mobile number is refused: people sign in with
    those too, so it could shadow somebody else's account.
    """
    if not LOGIN_NAME.fullmatch(value):
        raise ValidationError(
            _("登录名应为 2–30 个字，以汉字或字母开头，可含数字、点、横线和下划线。"),
            code="invalid_login_name",
        )


def normalise_login_name(value: str) -> str:
    """Full-width letters and digits become ordinary ones, capitals become small."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def normalise_mobile(value: str) -> str:
    """The eleven digits of a number however it was written: full-width, spaced, hyphened, with +86."""
    compact = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value))
    return re.sub(rf"^(?:\+|00)?86(?={MOBILE.pattern}$)", "", compact)


def normalise_identifier(value: str) -> str:
    """What was typed at sign-in (login name, e-mail or mobile number), as accounts store it."""
    mobile = normalise_mobile(value)
    return mobile if MOBILE.fullmatch(mobile) else normalise_login_name(value)
