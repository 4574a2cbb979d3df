"""What a login name and a mobile number may look like."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

MOBILE = re.compile(r"1[3-9]\d{9}")

validate_mobile = RegexValidator(
    rf"\A{MOBILE.pattern}\Z", _("请输入 11 位中国大陆手机号码。"), code="invalid_mobile"
)


def validate_login_name(value: str) -> None:
    """2–30 Chinese characters, letters, digits, dots, hyphens or underscores, beginning with a letter.

    A login name that looks like an e-mail address or a mobile number is refused: people sign in with
    those too, so it could shadow somebody else's account.
    """
    if not re.fullmatch(r"[^\W\d_][\w.\-]{1,29}", value):
        raise ValidationError(
            _("登录名应为 2–30 个字，以汉字或字母开头，可含数字、点、横线和下划线。"), code="invalid_login_name"
        )
