"""allauth's forms of the second step, in our words."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _


class CodeMixin:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("验证码")
        code.max_length = 20
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "20"}
        code.error_messages["required"] = _("请填写验证码。")


class ActivateForm(CodeMixin, totp.ActivateTOTPForm):
    pass


class AuthenticateForm(CodeMixin, base.AuthenticateForm):
    pass


class ReauthenticateForm(CodeMixin, base.ReauthenticateForm):
    pass
