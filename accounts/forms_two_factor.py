"""allauth's forms of the second step, in our words, and stricter."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# Longer than a code is good for, with a step to either side; allauth remembers one for 30 seconds.
USED_SECONDS = 120


class CodeMixin:
    fields: dict[str, Any]
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("验证码")
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "20"}
        code.error_messages["required"] = _("请填写验证码。")

    def clean_code(self) -> str:
        try:
            return super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        except ValidationError as error:
            # said of signing in, and with a number that allauth does not fill in
            if error.code in {"too_many_login_attempts", "rate_limited"}:
                raise get_adapter().validation_error("rate_limited") from error
            raise


class OnceMixin(CodeMixin):
    """A code is taken once, as long as it is good."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code = super().clean_code()
        key = f"two-factor-used:{self.user.pk}:{normalize_user_code(code)}"
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(key, 1, USED_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class ActivateForm(CodeMixin, totp.ActivateTOTPForm):
    def clean_code(self) -> str:
        """Of outsiders, only with a verified address: nobody locks the owner of an address out of it."""
        addresses = EmailAddress.objects.filter(user=self.user, email=self.user.email, verified=True)
        if self.user.is_external and not addresses.exists():
            raise get_adapter().validation_error("unverified_email")
        return super().clean_code()


class AuthenticateForm(OnceMixin, base.AuthenticateForm):
    """At signing in, after the password."""


class ReauthenticateForm(OnceMixin, base.ReauthenticateForm):
    """Of somebody who is signed in, before what the password alone does not open."""
