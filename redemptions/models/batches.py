"""Payout batches 拨付批次: redemptions that are made public, exported to the treasury and paid together. Amounts in yuan."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.fields import MaskedNumberField
from programme.models import ProgrammeParameters
from redemptions.models.claims import Redemption, staff_field
from redemptions.querysets import BatchQuerySet
from redemptions.statuses import HOLDING_LINES, BatchStatus, LineStatus
from vouchers.models.applications import CHECKERS, DECIDERS
from vouchers.models.ledger import money_field
from workflow.setup import AUDITORS, MANAGERS, PAYERS, REVIEWERS


class PayoutBatch(models.Model):
    """A batch. Its lines are fixed when it goes public; the file for the treasury when it is exported.

    ``seed`` and ``percent`` are those of the spot check: drawn are the first ``percent`` of its redemptions that were not public
    before, rounded up, sorted by SHA-256 of ``seed:number``. Who has the numbers can draw again, with ``redemptions.draws.draw`` or
    ``manage.py draw``. The seed is made with the batch and never changed; numbers stay listed when their line leaves.
    """

    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveSmallIntegerField(_("批次"))
    status = models.CharField(
        _("状态"), max_length=10, choices=BatchStatus, default=BatchStatus.DRAFT, editable=False
    )
    parameters = models.ForeignKey(
        ProgrammeParameters, verbose_name=_("项目参数"), on_delete=models.PROTECT, related_name="+"
    )
    made_by = staff_field(_("编制人"))
    made_at = models.DateTimeField(_("编制时间"), auto_now_add=True)
    seed = models.CharField(_("抽查种子"), max_length=64)
    percent = models.PositiveSmallIntegerField(_("抽查比例（%）"))
    published_on = models.DateField(_("公示开始日"), null=True, blank=True)
    publicity_until = models.DateField(
        _("公示截止日"), null=True, blank=True, help_text=_("含当天；次日起可以导出。")
    )
    exported_at = models.DateTimeField(_("导出时间"), null=True, blank=True)
    exported_by = staff_field(_("导出人"))
    # of what was exported: the bank's file must say the same
    line_count = models.PositiveIntegerField(_("笔数"), default=0)
    total_amount = money_field(_("合计金额（元）"), default=0)
    export_hash = models.CharField(_("清单校验值"), max_length=64, blank=True)

    objects = BatchQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        CHECKERS: ("view",),
        DECIDERS: ("view",),
        PAYERS: ("view",),
        REVIEWERS: ("view",),
        MANAGERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("拨付批次")
        verbose_name_plural = _("拨付批次")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="batch_serial_once"),
            models.CheckConstraint(
                name="batch_status_known", condition=Q(status__in=[status.value for status in BatchStatus])
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(year)d 年第 %(serial)d 批") % {"year": self.year, "serial": self.serial}

    @property
    def number(self) -> str:
        """As files have it: 2026-003."""
        return f"{self.year}-{self.serial:03d}"

    def get_public_url(self) -> str:
        return reverse("publicity:detail", args=[self.number])


class PayoutLine(models.Model):
    """One redemption in a batch, with the account it is paid to. ``reference`` is what the bank's file says it back by."""

    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="payouts")
    redemption = models.ForeignKey(
        Redemption, verbose_name=_("兑付申请"), on_delete=models.PROTECT, related_name="payouts"
    )
    position = models.PositiveIntegerField(_("序号"))
    amount = money_field(_("金额（元）"))
    status = models.CharField(_("状态"), max_length=10, choices=LineStatus, default=LineStatus.WAITING)
    payee_name = models.CharField(_("收款账户名称"), max_length=100)
    bank_name = models.CharField(_("开户银行"), max_length=60)
    bank_branch = models.CharField(_("开户支行"), max_length=100)
    account_number = MaskedNumberField(_("收款账号"))
    # not of one that was public in an earlier batch: its payment failed, or it left when it was to be paid
    is_public = models.BooleanField(_("需要公示"), default=True)
    paid_on = models.DateField(_("拨付日期"), null=True, blank=True)
    bank_reference = models.CharField(_("银行流水号"), max_length=60, blank=True)
    failure = models.CharField(_("失败或移出原因"), max_length=200, blank=True)

    is_drawn = models.BooleanField(_("抽中"), default=False)
    inspected_by = staff_field(_("抽查人"))
    inspected_at = models.DateTimeField(_("抽查时间"), null=True, blank=True)
    inspection_passed = models.BooleanField(_("抽查通过"), null=True, blank=True)
    inspection_note = models.TextField(_("抽查说明"), max_length=500, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("拨付明细")
        verbose_name_plural = _("拨付明细")
        ordering = ["batch", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="payout_position_once"),
            # a redemption is in one batch at a time, and paid once
            models.UniqueConstraint(
                fields=["redemption"],
                condition=Q(status__in=[status.value for status in sorted(HOLDING_LINES)]),
                name="payout_once",
            ),
            models.CheckConstraint(name="payout_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """2026-003-0012."""
        return f"{self.batch.number}-{self.position:04d}"


class ClawBack(models.Model):
    """Paid money that is taken back: one proposes, another who pays carries it out. Only then does money move."""

    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, related_name="claw_backs")
    amount = money_field(_("追回金额（元）"))
    reason = models.TextField(_("追回原因"), max_length=500)
    proposed_by = staff_field(_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    closed_by = staff_field(_("确认人"))
    closed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    is_done = models.BooleanField(_("已追回"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("追回")
        verbose_name_plural = _("追回")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["redemption"], condition=Q(closed_at=None), name="claw_back_open_once"
            ),
            models.CheckConstraint(name="claw_back_positive", condition=Q(amount__gt=0)),
            # four eyes, whatever the code above has let through
            models.CheckConstraint(
                name="claw_back_two_people",
                condition=Q(is_done=False) | (Q(closed_by__isnull=False) & ~Q(closed_by=F("proposed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.redemption}: {self.amount}"


class BankResult(models.Model):
    """The bank's file of one batch: read and found right as a whole, then applied line by line.

    Interrupted, it is applied again from its ``rows``; a line that has its result already is left alone. The same file is
    taken once.
    """

    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="results")
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("校验值"), max_length=64)
    # [[position, amount, paid, date, bank reference, failure], …]
    rows = models.JSONField(_("结果"))
    imported_by = staff_field(_("导入人"))
    imported_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    applied_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("银行结果")
        verbose_name_plural = _("银行结果")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["batch", "sha256"], name="bank_result_once")]

    def __str__(self) -> str:
        return self.file_name


class Objection(models.Model):
    """What somebody has said against a redemption while it was public. While one is open, its line is not exported."""

    line = models.ForeignKey(PayoutLine, on_delete=models.PROTECT, related_name="objections")
    name = models.CharField(_("姓名或单位"), max_length=100)
    contact = models.CharField(_("联系方式"), max_length=100, help_text=_("电话或邮箱，只用于核实，不公开。"))
    text = models.TextField(_("异议内容"), max_length=2000)
    at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    is_upheld = models.BooleanField(_("异议成立"), null=True, blank=True)
    answer = models.TextField(_("处理意见"), max_length=1000, blank=True)
    answered_by = staff_field(_("处理人"))
    answered_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("公示异议")
        verbose_name_plural = _("公示异议")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text[:30]
