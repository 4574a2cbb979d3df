from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RedemptionsConfig(AppConfig):
    name = "redemptions"
    verbose_name = _("兑付")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from redemptions.sign_ins import remember_sign_in

        user_logged_in.connect(remember_sign_in, dispatch_uid="redemptions.sign_in")
