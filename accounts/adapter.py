"""How allauth behaves here."""

import math
import time
from functools import partial
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import get_client_ip
from django.contrib.sites.shortcuts import get_current_site
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import account_named
from accounts.tasks import send_mail_task
from accounts.validators import normalise_identifier

WRONG_PASSWORD = _("登录名（邮箱、手机号码）或密码不正确，请核对后重新输入。")
TOLD_BY_MAIL = ("mfa/", "account/email/password_", "socialaccount/email/")
LOGIN_FAILED = {"app": "allauth.account", "action": "login_failed"}


def client_address(request: HttpRequest) -> str:
    """The visitor's address as the trusted proxies tell it; empty where nothing does."""
    return get_client_ip(request) or ""


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": _("这个登录名已被使用，请换一个。"),
        "email_taken": _("这个邮箱已注册过，可直接登录或找回密码。"),
        "username_password_mismatch": WRONG_PASSWORD,
        "email_password_mismatch": WRONG_PASSWORD,
        "incorrect_password": _("密码不正确，请重新输入。"),
        "enter_current_password": _("当前密码不正确，请重新输入。"),
        "too_many_login_attempts": _(
            "登录失败次数过多，为保护账户已暂停登录。请 %d 分钟后再试，或点击“忘记密码”用邮箱找回。"
        ),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.kind = form.cleaned_data["kind"]
        user.mobile = form.cleaned_data["mobile"]
        user.contact_name = form.cleaned_data["contact_name"]
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        account = cast(User, request.user)
        return resolve_url("centre:dashboard" if account.is_external else "wagtailadmin_home")

    def get_client_ip(self, request: HttpRequest) -> str:
        """For the list of sessions, which has to have one."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 - not listened to

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail, once what it speaks of is stored: a slow mail server delays nobody's page."""
        request = allauth_context.request
        values = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        mail = self.render_mail(template_prefix, email, values)
        transaction.on_commit(
            partial(
                send_mail_task.enqueue, subject=str(mail.subject), body=str(mail.body), recipients=mail.to
            )
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What the owner of an account must learn of, whoever did it. Of a change of address ``change_email`` tells."""
        if template_prefix.startswith(TOLD_BY_MAIL) and user.email:
            self.send_mail(template_prefix, user.email, {"user": user, **(context or {})})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this try; refuse it after too many failures, saying how long to wait."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise self.validation_error(error.code, _minutes_to_wait(request, key)) from error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One counter an account, whichever of its three identifiers is being tried, on any host name."""
        typed = credentials.get("email") or credentials.get("username") or ""
        account = account_named(typed)
        return f"account:{account.pk}" if account else f"unknown:{normalise_identifier(typed)}"


def _minutes_to_wait(request: HttpRequest, key: str) -> int:
    """Whole minutes until the oldest counted failure no longer counts; at least one."""
    seconds = [0.0]
    for rate in ratelimit.get_rates(**LOGIN_FAILED):
        failures = cache.get(ratelimit.get_cache_key(request, rate=rate, key=key, **LOGIN_FAILED), [])
        if len(failures) >= rate.amount:
            seconds.append(failures[-1] + rate.duration - time.time())
    return max(1, math.ceil(max(seconds) / 60))
