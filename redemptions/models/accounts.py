"""Where the money of a provider goes, in programmes whose payee is the provider."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions import bank
from institutions.fields import MaskedNumberField
from institutions.models import Provider


class ProviderAccount(models.Model):
    """The provider's own bank account. The decider of each redemption looks at it, and freezes it there."""

    provider = models.OneToOneField(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="bank_account"
    )
    account_name = models.CharField(_("账户名称"), max_length=100)
    bank_name = models.CharField(_("开户银行"), max_length=60)
    bank_branch = models.CharField(_("开户支行"), max_length=100)
    account_number = MaskedNumberField(_("对公银行账号"), validators=[bank.validate_account_number])
    declares_no_card = models.BooleanField(_("这是对公账户，不是银行卡"), default=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("填写人"), on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(_("填写时间"), auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("接券机构收款账户")
        verbose_name_plural = _("接券机构收款账户")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account_name} {self.account_number}"
