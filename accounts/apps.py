from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("账户")

    def ready(self) -> None:
        from allauth.account.signals import password_reset, user_logged_in
        from allauth.mfa import signals

        from accounts import network, sms, two_factor

        sms.gateway()  # a name that is wrong is better known before the first decision

        for signal, receiver in (
            (signals.authenticator_added, two_factor.remember_set_up),
            (signals.authentication_failed, two_factor.warn_of_failures),
            (signals.authenticator_used, two_factor.warn_of_backup_code),
            (user_logged_in, two_factor.limit_sessions),
            (password_reset, network.unlink_after_reset),
        ):
            signal.connect(receiver, dispatch_uid=f"accounts.{receiver.__name__}")


class WagtailUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user administration, limited to staff accounts (see accounts/admin_views.py)."""

    user_viewset = "accounts.admin_views.StaffUserViewSet"
