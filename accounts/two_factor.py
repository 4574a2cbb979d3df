"""两步验证: a code of the telephone after the password. For staff the administration may demand it (``STAFF_TWO_FACTOR``).

allauth keeps the secrets, asks for the code and counts the wrong ones; here is how it behaves, and the gate.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
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
# The session in which somebody has set it up knows the telephone is theirs.
SET_UP = "two_factor_set_up"
# account, actor: for the audit trail, which lies above accounts
two_factor_reset = Signal()


class TwoFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不正确。请输入手机应用上当前显示的 6 位数字，并检查手机时间是否准确。"),
        "cannot_delete_authenticator": _(
            "管理人员账户必须使用两步验证，不能关闭。更换手机的，请联系系统管理员重置。"
        ),
        "rate_limited": _("输错次数过多，请几分钟后再试。"),
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
    """Whether a code was given in this session, or the session is the one in which it was set up. No query."""
    records = get_authentication_records(request, request.user)
    return request.session.get(SET_UP) == request.user.pk or any(
        one.get("method") == "mfa" for one in records
    )


def may_reset_two_factor(actor: Any, account: User) -> bool:
    """Whoever may change accounts, of everybody but themselves; of a superuser another superuser alone."""
    return bool(
        actor.has_perm("accounts.change_user")
        and actor.pk != account.pk
        and (actor.is_superuser or not account.is_superuser)
    )


@transaction.atomic
def reset_two_factor(*, account: User, actor: User) -> bool:
    """Take telephone and backup codes from an account, end its sessions and tell it; False where it has none.

    Raises PermissionDenied for who may not.
    """
    if not may_reset_two_factor(actor, account):
        raise PermissionDenied
    if not Authenticator.objects.filter(user=account).delete()[0]:
        return False
    for session in UserSession.objects.filter(user=account):
        session.end()
    two_factor_reset.send(sender=User, account=account, actor=actor)
    notify(
        recipient=account,
        subject=gettext("两步验证已重置"),
        body=gettext(
            "系统管理员重置了您的两步验证，请用密码登录后重新启用。如果不是您要求的，请立即联系运营部门。"
        ),
    )
    return True


def remember_set_up(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        request.session[SET_UP] = user.pk


class StaffTwoFactorMiddleware:
    """Nobody of the staff gets where the public does not without a code; who has none yet is led to set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path
        if (
            not settings.STAFF_TWO_FACTOR
            or not path.startswith(GUARDED)
            or path.startswith(OPEN)
            or not is_demanded_of(request.user)
            or is_passed(request)
        ):
            return self.get_response(request)
        back = request.get_full_path() if request.method == "GET" else resolve_url("wagtailadmin_home")
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            # signed in before it was set up, or elsewhere
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
        messages.warning(request, _("管理人员须先启用两步验证，才能进入管理后台。"))
        return redirect("mfa_activate_totp")
