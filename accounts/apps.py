from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("账户")


class WagtailUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user administration, limited to staff accounts (see accounts/admin_views.py)."""

    user_viewset = "accounts.admin_views.StaffUserViewSet"
