"""What accounts change in the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from accounts.admin_views import AssignRoleToStaff, DeleteUnused, ResetTwoFactorView, SetActiveState
from accounts.models import User
from accounts.two_factor import may_reset_two_factor

for action in (AssignRoleToStaff, DeleteUnused, SetActiveState):
    # order: after Wagtail's own action of the same name, which it replaces
    hooks.register("register_bulk_action", action, order=1)


@hooks.register("register_account_menu_item")
def two_factor_item(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("两步验证"),
        "help_text": _("登录时再输入手机上的验证码；查看备用码、更换手机。"),
    }


@hooks.register("register_account_menu_item")
def sessions_item(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("account_sessions"),
        "label": _("登录设备"),
        "help_text": _("查看本账户在哪里登录着，退出不认识的。"),
    }


@hooks.register("register_admin_urls")
def account_urls() -> list[URLPattern]:
    return [
        path(
            "users/<int:pk>/two-factor/reset/", ResetTwoFactorView.as_view(), name="accounts_reset_two_factor"
        )
    ]


@hooks.register("register_user_listing_buttons")
def reset_button(user: User, request_user: User, **kwargs: Any) -> Iterator[Button]:
    if may_reset_two_factor(request_user, user):
        url = reverse("accounts_reset_two_factor", args=[user.pk])
        yield Button(_("重置两步验证"), url, icon_name="key", priority=40)
