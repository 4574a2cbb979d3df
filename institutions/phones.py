"""Telephone numbers people can be reached at."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_phone = RegexValidator(
    r"\A(?:1[3-9]\d{9}|(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,5})?)\Z",
    _("请填写手机号码，或固定电话（如 029-88881234，分机用 -801）。"),
    code="invalid_phone",
)
