"""Signing in with an account of the province's instrument-sharing network 协作网, over OpenID Connect (``OIDC_URL``)."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, suspend_request
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import app_settings
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods
from requests import RequestException

from accounts.models import User
from accounts.services import notify
from accounts.validators import normalise_login_name, normalise_mobile, validate_login_name, validate_mobile

# What is asked of the network about its account, besides ``sub``, and nothing else is kept.
CLAIMS = ("preferred_username", "name", "email", "phone_number")
LONGEST = 254  # characters of one
logger = logging.getLogger(__name__)


class NetworkServer(OpenIDConnectOAuth2Adapter):
    """The network's server. What it tells is checked before anything is made of it."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Raises PermissionDenied where token and user information do not name the same account, plainly."""
        proved = self._decode_id_token(app, kwargs["response"]["id_token"])
        told = self._fetch_user_info(token.token)
        if not isinstance(told, dict) or not _is_name(told.get("sub")) or told["sub"] != proved.get("sub"):
            raise PermissionDenied("sub")
        claims = {name: _plain(told[name]) for name in CLAIMS if isinstance(told.get(name), str)}
        # some servers write it as a word
        verified = told.get("email_verified") in (True, "true")
        login: SocialLogin = self.get_provider().sociallogin_from_response(
            request, {"userinfo": {**claims, "sub": told["sub"], "email_verified": verified}}
        )
        return login


def _is_name(sub: Any) -> bool:
    return isinstance(sub, str) and 0 < len(sub) <= app_settings.UID_MAX_LENGTH and _plain(sub) == sub


def _plain(text: str) -> str:
    """Without what no database takes."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()[:LONGEST]


class NetworkAdapter(DefaultSocialAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": _("这个邮箱已注册过。请先用原来的账户登录，再到“账户设置”绑定%s账户。"),
        "no_password": _("账户还没有密码，解除绑定后将无法登录。请先设置密码。"),
    }

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Staff sign in with password and code alone: who administers the network must not become one of them."""
        sociallogin.token = None  # nothing more is asked of the network
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            refusal = _before_linking(request)
            if refusal is None and not did_recently_reauthenticate(request):
                messages.error(request, gettext("确认密码后过了太久，请重新绑定一次。"))
                refusal = redirect("socialaccount_connections")
        elif sociallogin.is_existing and not sociallogin.user.is_external:
            refusal = _for_staff(request)
        else:
            refusal = None
        if refusal:
            raise ImmediateHttpResponse(refusal)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **kwargs: Any
    ) -> None:
        # an OAuth2Error holds all that the server answered
        said = exception if not isinstance(exception, OAuth2Error) else None
        logger.warning(
            "signing in over OpenID Connect failed: %s",
            f"{error} {exception}"[:LONGEST],
            exc_info=said,
        )

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """What the network told, as far as it can be an account's here."""
        told = sociallogin.account.get_provider_account().get_user_data()
        username = normalise_login_name(told.get("preferred_username", ""))
        return {
            "email": super().get_signup_form_initial_data(sociallogin)["email"],
            "username": _if_valid(validate_login_name, username),
            "mobile": _if_valid(validate_mobile, normalise_mobile(told.get("phone_number", ""))),
            "contact_name": told.get("name", "")[:30],
        }

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """An account has one address: that of the form, verified where the network has verified the same."""
        email = form.cleaned_data["email"].lower()
        told = [one for one in sociallogin.email_addresses if one.verified and one.email.lower() == email]
        sociallogin.email_addresses = told[:1] or [EmailAddress(email=email, verified=False, primary=True)]
        account: User = super().save_user(request, sociallogin, form)
        return account


def _if_valid(validate: Callable[[str], None], value: str) -> str:
    with suppress(ValidationError):
        validate(value)
        return value
    return ""


def _for_staff(request: HttpRequest) -> HttpResponse:
    messages.error(request, gettext("管理人员账户只能用密码登录。"))
    return redirect("account_login")


def _before_linking(request: HttpRequest) -> HttpResponse | None:
    """Where who wants to link must go first: it is another way in, so its owner must be known by a password and an address."""
    account = request.user
    if not isinstance(account, User):
        return redirect("account_login")
    if not account.is_external:
        return _for_staff(request)
    if not account.has_usable_password():
        return set_password_first(request)
    if not EmailAddress.objects.filter(user=account, email=account.email, verified=True).exists():
        messages.info(request, gettext("请先验证邮箱，再绑定账户。"))
        return redirect("account_email")
    return None


def set_password_first(request: HttpRequest) -> HttpResponse:
    messages.info(request, gettext("这项操作要用密码确认，请先设置密码。"))
    back = urlencode({"next": reverse("accounts:account")})
    return redirect(f"{reverse('account_set_password')}?{back}")


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the network's own page of signing in; GET only asks whether to go there."""
    if request.method == "POST" and (limited := ratelimit.consume_or_429(request, action="login")):
        return limited
    given = request.GET.copy()
    linking = given.get("process") == AuthProcess.CONNECT
    # allauth takes more from the address than anybody here should have a say in
    for name in given.keys() - {"next"}:
        del given[name]
    given["process"] = AuthProcess.CONNECT if linking else AuthProcess.LOGIN
    request.GET = given  # type: ignore[assignment]  # a copy that may be changed
    if linking:
        if refusal := _before_linking(request):
            return refusal
        if not did_recently_reauthenticate(request):
            again: HttpResponse = suspend_request(request, reverse("account_reauthenticate"))
            return again
    return _or_sorry(OAuth2LoginView, request, provider_id)


@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from there."""
    return _or_sorry(OAuth2CallbackView, request, provider_id)


def _or_sorry(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """The network's server may be away, or answer what it should not: allauth catches half of that."""
    server = NetworkServer(request, provider_id)
    try:
        provider = server.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        response: HttpResponse = view.adapter_view(server)(request)
    except (RequestException, LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        response = render_authentication_error(request, provider, exception=error)
    return response


def unlink_after_reset(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever resets the password by mail owns the address: whoever linked an account before may have been somebody else."""
    if SocialAccount.objects.filter(user=user).delete()[0]:
        notify(
            recipient=user,
            subject=gettext("已解除与%s账户的绑定") % settings.OIDC_NAME,
            body=gettext("您重设了密码，为保护账户，绑定的登录方式已全部解除。需要的话，请登录后重新绑定。"),
        )
