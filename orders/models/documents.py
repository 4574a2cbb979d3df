"""What belongs to an order besides itself: contract, report, invoices. Uploading again replaces; what was replaced stays."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from files.models import PrivateFile
from orders.models.base import amount_field
from orders.models.orders import Order
from orders.statuses import Party
from workflow.setup import AUDITORS, MANAGERS, REVIEWERS


class DocumentKind(models.TextChoices):
    CONTRACT = "contract", _("合同")
    REPORT = "report", _("检测报告")


class OrderDocument(models.Model):
    """A contract or a report. Of each kind an order may have several in use, each replaceable by itself."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("类型"), max_length=10, choices=DocumentKind)
    file = models.ForeignKey(
        PrivateFile, verbose_name=_("文件"), on_delete=models.PROTECT, related_name="order_documents"
    )
    party = models.CharField(_("上传方"), max_length=10, choices=Party)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    removed_at = models.DateTimeField(_("替换或移除时间"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("订单附件")
        verbose_name_plural = _("订单附件")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.file)


class Invoice(models.Model):
    """An invoice of an order. The same one, by number and seller's code, is in use once in the whole system. Amount with tax, in yuan."""

    order = models.ForeignKey(
        Order, verbose_name=_("订单"), on_delete=models.PROTECT, related_name="invoices"
    )
    number = models.CharField(_("发票号码"), max_length=20)
    code = models.CharField(_("发票代码"), max_length=12, blank=True)
    issued_on = models.DateField(_("开票日期"))
    seller_name = models.CharField(_("销售方名称"), max_length=100)
    seller_code = models.CharField(_("销售方纳税人识别号"), max_length=20)
    buyer_name = models.CharField(_("购买方名称"), max_length=100)
    buyer_code = models.CharField(_("购买方纳税人识别号"), max_length=20)
    amount = amount_field(_("价税合计（元）"))
    file = models.ForeignKey(
        PrivateFile, verbose_name=_("发票文件"), on_delete=models.PROTECT, related_name="invoices"
    )
    # how its fields were read (orders/invoices); empty where they were typed
    source = models.CharField(_("识别方式"), max_length=10, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    removed_at = models.DateTimeField(_("替换或移除时间"), null=True, blank=True)

    wagtail_reference_index_ignore = True
    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        REVIEWERS: ("view",),
        MANAGERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("发票")
        verbose_name_plural = _("发票")
        ordering = ["pk"]
        default_permissions = ("view",)
        # what the ledger's columns sort by; of parts of numbers see migration 0003
        indexes = [
            models.Index(fields=["number", "id"], name="invoice_by_number"),
            models.Index(fields=["amount", "id"], name="invoice_by_amount"),
            models.Index(fields=["issued_on", "id"], name="invoice_by_issue"),
            models.Index(fields=["uploaded_at"], name="invoice_uploaded"),
        ]
        constraints = [
            models.CheckConstraint(name="invoice_amount_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["seller_code", "number"], condition=Q(removed_at=None), name="invoice_used_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number
