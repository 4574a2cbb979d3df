"""Signing in with an account of the province's instrument-sharing network 协作网, over OpenID Connect (``OIDC_URL``)."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from accounts.models import User
from accounts.validators import normalise_login_name, normalise_mobile, validate_login_name, validate_mobile

logger = logging.getLogger(__name__)


class NetworkAdapter(DefaultSocialAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": _("这个邮箱已注册过。请先用原来的账户登录，再到“账户设置”绑定%s账户。"),
        "no_password": _("账户还没有密码，解除绑定后将无法登录。请先设置密码。"),
        "connected_other": _("这个账户已绑定到本平台的另一个账户。"),
    }

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Staff sign in with password and code alone: who administers the network must not become one of them.

        Raises PermissionDenied where the server did not say who it is, or said two names.
        """
        told = sociallogin.account.extra_data
        names = {claims.get("sub") for claims in (told["userinfo"], told.get("id_token", told["userinfo"]))}
        if names != {sociallogin.account.uid} or not sociallogin.account.uid:
            raise PermissionDenied("sub")
        linking = sociallogin.state.get("process") == AuthProcess.CONNECT
        account = request.user if linking else sociallogin.user
        if isinstance(account, User) and (linking or sociallogin.is_existing) and not account.is_external:
            messages.error(request, gettext("管理人员账户只能用密码登录。"))
            raise ImmediateHttpResponse(redirect("account_login"))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **kwargs: Any
    ) -> None:
        logger.warning(
            "signing in over OpenID Connect failed", exc_info=exception, extra={"error": str(error or "")}
        )

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """What the network told, as far as it can be an account's here."""
        told = sociallogin.account.get_provider_account().get_user_data() or {}
        username = normalise_login_name(str(told.get("preferred_username") or ""))
        mobile = normalise_mobile(str(told.get("phone_number") or ""))
        return {
            "email": super().get_signup_form_initial_data(sociallogin)["email"],
            "username": _if_valid(validate_login_name, username),
            "mobile": _if_valid(validate_mobile, mobile),
            "contact_name": str(told.get("name") or "")[:30],
        }

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """An account has one address: that of the form, verified where the network has verified the same."""
        email = form.cleaned_data["email"].lower()
        told = [one for one in sociallogin.email_addresses if one.verified and one.email.lower() == email]
        sociallogin.email_addresses = told[:1] or [EmailAddress(email=email, verified=False, primary=True)]
        return super().save_user(request, sociallogin, form)


def _if_valid(validate: Callable[[str], None], value: str) -> str:
    with suppress(ValidationError):
        validate(value)
        return value
    return ""


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the network's own page of signing in."""
    if request.method == "POST" and (limited := ratelimit.consume_or_429(request, action="login")):
        return limited
    return _or_sorry(views.login, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from there."""
    return _or_sorry(views.callback, request, provider_id)


def _or_sorry(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    """The network's server may be away, or answer what it should not: allauth catches half of that."""
    try:
        return view(request, provider_id)
    except (RequestException, KeyError, TypeError, ValueError) as error:
        provider = get_adapter().get_provider(request, provider_id)
        return render_authentication_error(request, provider, exception=error)
