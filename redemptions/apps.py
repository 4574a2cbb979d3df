from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RedemptionsConfig(AppConfig):
    name = "redemptions"
    verbose_name = _("兑付")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from redemptions.audit import redemption_breaks
        from redemptions.sign_ins import remember_sign_in
        from vouchers.audit import FURTHER_PROOFS

        user_logged_in.connect(remember_sign_in, dispatch_uid="redemptions.sign_in")
        if redemption_breaks not in FURTHER_PROOFS:
            FURTHER_PROOFS.append(redemption_breaks)
