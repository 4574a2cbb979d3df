"""两步验证: a code of the telephone after the password. For staff the administration may demand it (``STAFF_TWO_FACTOR``).

allauth keeps the secrets, asks for the code and counts the wrong ones; here is how it behaves, and the gate.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt, is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from accounts.models import User
from accounts.services import notify

# Where staff see what is not public.
GUARDED = ("/admin/", "/files/", "/documents/")
# The gate of the admin itself, and what its pages load.
OPEN = ("/admin/login/", "/admin/logout/", "/admin/sprite/", "/admin/jsi18n/")
OWN = "/accounts/two-factor/"
# Its pages for whoever has not given a code yet; that of setting up leads on to switching off.
BEFORE_CODE = (f"{OWN}authenticate/", f"{OWN}reauthenticate/", f"{OWN}totp/activate/")
# The key of what was set up, in the session in which it was: whose telephone it is is known there.
SET_UP = "two_factor_set_up"
# account, actor: for the audit trail, which lies above accounts
two_factor_reset = Signal()
MOST_SESSIONS = 30
DAY = 24 * 60 * 60  # seconds
FAILURES_TOLD = 5


class TwoFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不正确。请输入手机应用上当前显示的 6 位数字，并检查手机时间是否准确。"),
        "cannot_delete_authenticator": _(
            "管理人员账户必须使用两步验证，不能关闭。更换手机的，请联系系统管理员重置。"
        ),
        "rate_limited": _("验证码输错次数过多，为保护账户已暂停验证。请 10 分钟后再试。"),
        "unverified_email": _("请先在“电子邮箱”一页验证邮箱，再启用两步验证。"),
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_demanded_of(authenticator.user)


def _keys() -> Any:
    """Those of ``FIELD_ENCRYPTION_KEYS``, as for account numbers."""
    return EncryptedTextField().f


def is_demanded_of(user: Any) -> bool:
    return bool(settings.STAFF_TWO_FACTOR and user.is_authenticated and not user.is_external)


def is_passed(request: HttpRequest) -> bool:
    """Whether in this session a code was given, or the second step set up, of a telephone or backup codes that still count.

    One query: a reset, by whoever and however, shuts out every session there is.
    """
    records = get_authentication_records(request, request.user)
    used = {one.get("id") for one in records if one.get("method") == "mfa"} | {request.session.get(SET_UP)}
    used.discard(None)
    return bool(used) and Authenticator.objects.filter(user_id=request.user.pk, pk__in=used).exists()


def may_reset_two_factor(actor: Any, account: User) -> bool:
    """Superusers, of everybody but themselves."""
    return bool(actor.is_active and actor.is_superuser and actor.pk != account.pk)


@transaction.atomic
def reset_two_factor(*, account: User, actor: User) -> bool:
    """Take telephone and backup codes from an account, end its sessions and tell it; False where it has none.

    Raises PermissionDenied for who may not.
    """
    if not may_reset_two_factor(actor, account):
        raise PermissionDenied
    if not Authenticator.objects.filter(user=account).delete()[0]:
        return False
    # not before: a request meanwhile would put what is deleted back into the cache
    transaction.on_commit(lambda: end_sessions(UserSession.objects.filter(user=account)))
    two_factor_reset.send(sender=User, account=account, actor=actor)
    notify(
        recipient=account,
        subject=gettext("两步验证已重置"),
        body=gettext(
            "系统管理员重置了您的两步验证，请用密码登录后重新启用。如果不是您要求的，请立即联系运营部门。"
        ),
    )
    return True


def renew_secrets() -> int:
    """Encrypt every stored secret anew under the first key; how many accounts have any."""
    keys = list(Authenticator.objects.values_list("pk", flat=True))
    for pk in keys:
        with transaction.atomic():
            for authenticator in Authenticator.objects.select_for_update().filter(pk=pk):
                for name in {"secret", "seed"} & authenticator.data.keys():
                    authenticator.data[name] = encrypt(decrypt(authenticator.data[name]))
                authenticator.save(update_fields=["data"])
    return len(keys)


def end_sessions(sessions: Iterable[UserSession]) -> int:
    """Sign out wherever the account is signed in; how many there were."""
    return sum(1 for session in sessions if session.end() is None)


def remember_set_up(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        request.session[SET_UP] = authenticator.pk


def limit_sessions(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The oldest end, before this one is recorded: a list of thousands would cost each sign-in thousands of queries."""
    end_sessions(UserSession.objects.filter(user=user).order_by("-created_at", "-pk")[MOST_SESSIONS - 1 :])


def warn_of_failures(sender: Any, user: User, **kwargs: Any) -> None:
    """Whoever fails at the code has the password already: its owner is told, once a day."""
    key = f"two-factor-failed:{user.pk}"
    cache.add(key, 0, DAY)
    if cache.incr(key) == FAILURES_TOLD:
        notify(
            recipient=user,
            subject=gettext("有人用您的密码登录，但验证码多次不正确"),
            body=gettext("如果不是您本人，说明密码已经泄露，请立即修改密码。"),
        )


def warn_of_backup_code(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        notify(
            recipient=user,
            subject=gettext("您的账户使用了一个备用码登录"),
            body=gettext("如果不是您本人，请立即修改密码，重新生成备用码，并联系运营部门。"),
        )


class TwoFactorMiddleware:
    """Where the second step is asked for beyond signing in.

    Of staff, where the public does not get, if it is demanded: who has none yet is led to set it up. Of everybody, before the pages
    that show backup codes or switch it off: a session from before it was set up knows the password alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(OWN):
            response = self.before_own_pages(request) or self.get_response(request)
            add_never_cache_headers(response)
            return response
        if settings.STAFF_TWO_FACTOR and path.startswith(GUARDED) and not path.startswith(OPEN):
            return self.before_staff_pages(request) or self.get_response(request)
        return self.get_response(request)

    def before_own_pages(self, request: HttpRequest) -> HttpResponse | None:
        if (
            request.path_info.startswith(BEFORE_CODE)
            or not request.user.is_authenticated
            or is_passed(request)
            or not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        ):
            return None
        return ask_for_code(request.get_full_path())

    def before_staff_pages(self, request: HttpRequest) -> HttpResponse | None:
        if not is_demanded_of(request.user) or is_passed(request):
            return None
        if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
            return HttpResponseForbidden()  # a script of a page that is open: it can follow nobody anywhere
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            # signed in before it was set up, or elsewhere
            read = request.method in ("GET", "HEAD")
            return ask_for_code(request.get_full_path() if read else resolve_url("wagtailadmin_home"))
        messages.warning(request, _("管理人员须先启用两步验证，才能进入管理后台。"))
        return redirect("mfa_activate_totp")


def ask_for_code(back: str) -> HttpResponse:
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
