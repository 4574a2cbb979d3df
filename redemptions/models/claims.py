"""Redemptions 兑付: a consumer claims the share of an order that vouchers pay (manual, section 五.4). Amounts in yuan."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from institutions.fields import MaskedNumberField
from institutions.models import Consumer, Provider
from orders.models import Order
from programme.models import Payee, ProgrammeParameters
from redemptions.querysets import RedemptionQuerySet
from redemptions.statuses import CONSUMER_LABELS, TONES, RedemptionStatus
from vouchers.models import Voucher
from vouchers.models.applications import CHECKERS, DECIDERS
from vouchers.models.ledger import money_field
from workflow.setup import AUDITORS, MANAGERS, PAYERS, REVIEWERS


def staff_field(label: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


class Redemption(models.Model):
    """One order's claim on vouchers; an order has one for life, which is returned and submitted again.

    ``claimed_amount`` is what was computed at submission, under ``parameters``, explained by ``lines``: [[what, how, yuan], …].
    ``amount`` is what is granted: the same, or less with a reason. It is the sum of ``shares``, each reserved on its voucher.
    The account is the payee's as the decider approved it; approving and renewing put it, by its last four digits, into the audit trail.
    """

    number = models.CharField(_("兑付编号"), max_length=20, unique=True)
    order = models.OneToOneField(
        Order, verbose_name=_("订单"), on_delete=models.PROTECT, related_name="redemption"
    )
    consumer = models.ForeignKey(
        Consumer, verbose_name=_("用券机构"), on_delete=models.PROTECT, related_name="redemptions"
    )
    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="redemptions"
    )
    status = models.CharField(_("状态"), max_length=12, choices=RedemptionStatus, editable=False)
    parameters = models.ForeignKey(
        ProgrammeParameters, verbose_name=_("项目参数"), on_delete=models.PROTECT, related_name="+"
    )
    claimed_amount = money_field(_("申请金额（元）"))
    amount = money_field(_("核定金额（元）"))
    lines = models.JSONField(_("计算过程"), default=list)
    # as redemptions/checks found them when it was submitted or last looked at: Check.as_dict
    checks = models.JSONField(_("自动核查"), default=list, blank=True)
    checks_at = models.DateTimeField(_("核查时间"), null=True, blank=True)
    # how many of them did not pass, or could not be made
    failed_checks = models.PositiveSmallIntegerField(_("未通过核查"), default=0)
    # {"invoice-3": reason, "document-5": reason, …}: what of the papers is to be put right
    document_reasons = models.JSONField(_("材料退回原因"), default=dict, blank=True)
    reason = models.TextField(_("审核意见"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"))
    checked_at = models.DateTimeField(_("初审时间"), null=True, blank=True)
    checked_by = staff_field(_("初审人"))
    decided_at = models.DateTimeField(_("复审时间"), null=True, blank=True)
    decided_by = staff_field(_("复审人"))
    paid_on = models.DateField(_("拨付日期"), null=True, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    payee = models.CharField(_("收款方"), max_length=10, choices=Payee)
    payee_name = models.CharField(_("收款账户名称"), max_length=100, blank=True)
    bank_name = models.CharField(_("开户银行"), max_length=60, blank=True)
    bank_branch = models.CharField(_("开户支行"), max_length=100, blank=True)
    account_number = MaskedNumberField(_("收款账号"), blank=True, default="")
    account_at = models.DateTimeField(_("收款账户确认时间"), null=True, blank=True)

    objects = RedemptionQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        CHECKERS: ("view", "check"),
        DECIDERS: ("view", "decide"),
        PAYERS: ("view", "pay"),
        REVIEWERS: ("view",),
        MANAGERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("兑付申请")
        verbose_name_plural = _("兑付申请")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("check_redemption", "初审兑付申请"),
            ("decide_redemption", "复审兑付申请"),
            ("pay_redemption", "编制批次和拨付"),
        ]
        indexes = [
            models.Index(fields=["consumer", "-id"], name="redemption_of_consumer"),
            models.Index(fields=["provider", "-id"], name="redemption_of_provider"),
            models.Index(fields=["status", "submitted_at"], name="redemption_in_status"),
            models.Index(fields=["submitted_at"], name="redemption_submitted"),
            models.Index(
                fields=["-id"], condition=Q(failed_checks__gt=0), name="redemption_with_failed_checks"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="redemption_status_known",
                condition=Q(status__in=[status.value for status in RedemptionStatus]),
            ),
            models.CheckConstraint(
                name="redemption_amount_within_claim",
                condition=Q(amount__gte=0, claimed_amount__gt=0, amount__lte=F("claimed_amount")),
            ),
            # four eyes, whatever the code above has let through
            models.CheckConstraint(
                name="redemption_two_people",
                condition=Q(checked_by=None) | Q(decided_by=None) | ~Q(checked_by=F("decided_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def consumer_label(self) -> str:
        """The state in the consumer's words."""
        status = RedemptionStatus(self.status)
        return str(CONSUMER_LABELS.get(status, status.label))

    @property
    def tone(self) -> str:
        return TONES[RedemptionStatus(self.status)]

    def get_centre_url(self) -> str:
        return reverse("redemptions:detail", args=[self.pk])


class RedemptionShare(models.Model):
    """What one voucher pays of a redemption. Of one that came to nothing none are left; the ledger has what was reserved."""

    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, related_name="shares")
    voucher = models.ForeignKey(
        Voucher, verbose_name=_("创新券"), on_delete=models.PROTECT, related_name="shares"
    )
    amount = money_field(_("金额（元）"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("兑付金额来源")
        verbose_name_plural = _("兑付金额来源")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["redemption", "voucher"], name="share_once"),
            models.CheckConstraint(name="share_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.voucher}: {self.amount}"
