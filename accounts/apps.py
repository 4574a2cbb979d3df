from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("账户")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from accounts.two_factor import remember_set_up

        authenticator_added.connect(remember_set_up, dispatch_uid="accounts.two_factor")


class WagtailUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user administration, limited to staff accounts (see accounts/admin_views.py)."""

    user_viewset = "accounts.admin_views.StaffUserViewSet"
