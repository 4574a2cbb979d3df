"""Bookings 预约: what a consumer asks of a provider, what they write to each other, and what the provider accepted."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from files.models import PrivateFile
from orders.models.base import Deal, amount_field, line_amount, one_offer, quantity_field, unit_field
from orders.querysets import BookingQuerySet
from orders.statuses import BOOKING_LABELS, HOLDING, OPEN_BOOKINGS, BookingStatus, Party
from workflow.setup import AUDITORS, MANAGERS, REVIEWERS


class Booking(Deal):
    """A booking (manual, sections 四.6 and 五.3).

    While its state is one of ``HOLDING`` it keeps the instrument from ``starts_at`` to ``ends_at``: no two do at the same time
    (an exclusion constraint on PostgreSQL; on SQLite the transaction that accepts looks, and no other writes meanwhile).
    The ``accepted_*`` columns are the provider's offer, which an order without changes takes over. Amounts in yuan.
    """

    status = models.CharField(
        _("状态"), max_length=10, choices=BookingStatus, default=BookingStatus.WAITING, editable=False
    )
    sample = models.TextField(
        _("样品说明"), max_length=1000, help_text=_("样品名称、数量、状态、有无危险性等。")
    )
    requirements = models.TextField(
        _("服务要求"), max_length=2000, help_text=_("要测的项目、标准或方法、精度、报告形式等。")
    )
    quantity = quantity_field()
    unit = unit_field()
    wished_on = models.DateField(_("期望完成日期"))
    budget_amount = amount_field(_("预算（元）"), null=True, blank=True)
    starts_at = models.DateTimeField(_("上机开始时间"), null=True, blank=True)
    ends_at = models.DateTimeField(_("上机结束时间"), null=True, blank=True)

    accepted_quantity = quantity_field(_("接受的数量"), null=True, blank=True)
    accepted_price_amount = amount_field(_("接受的单价（元）"), null=True, blank=True)
    accepted_delivery_on = models.DateField(_("承诺交付日期"), null=True, blank=True)
    accepted_note = models.TextField(_("答复说明"), max_length=1000, blank=True)
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)

    # since when it is the turn of whoever has to act now
    waiting_since = models.DateTimeField(_("等待自"))
    expires_on = models.DateField(_("过期日"), help_text=_("过了这一天还没有下单，预约失效。"))

    objects = BookingQuerySet.as_manager()

    statuses = BookingStatus
    labels = BOOKING_LABELS
    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        REVIEWERS: ("view",),
        MANAGERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("预约")
        verbose_name_plural = _("预约")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["consumer", "status", "-id"], name="booking_of_consumer"),
            models.Index(fields=["provider", "status", "-id"], name="booking_of_provider"),
            # what the ledger's filters count by; parts of numbers have an index of trigrams (migration 0003)
            models.Index(fields=["status", "-id"], name="booking_in_status"),
            models.Index(fields=["kind", "status", "created_at"], name="booking_ledger"),
            models.Index(
                fields=["instrument", "starts_at"],
                condition=Q(status__in=[status.value for status in sorted(HOLDING)]),
                name="booking_slots",
            ),
            models.Index(
                fields=["expires_on"],
                condition=Q(status__in=[status.value for status in sorted(OPEN_BOOKINGS)]),
                name="booking_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="booking_status_known",
                condition=Q(status__in=[status.value for status in BookingStatus]),
            ),
            models.CheckConstraint(name="booking_one_offer", condition=one_offer()),
            models.CheckConstraint(name="booking_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="booking_slot_in_order",
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__gt=F("starts_at"), instrument__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_accepted_has_offer",
                condition=~Q(status__in=[status.value for status in sorted(HOLDING)])
                | Q(
                    accepted_at__isnull=False,
                    accepted_quantity__gt=0,
                    accepted_price_amount__gt=0,
                    accepted_delivery_on__isnull=False,
                ),
            ),
        ]

    @property
    def accepted_amount(self) -> Decimal | None:
        """What the provider's offer comes to in yuan; None before it accepts."""
        if self.accepted_quantity is None or self.accepted_price_amount is None:
            return None
        return line_amount(self.accepted_quantity, self.accepted_price_amount)

    def get_centre_url(self) -> str:
        return reverse("bookings:detail", args=[self.pk])


class BookingMessage(models.Model):
    """What one side wrote to the other. Append-only by use: there is no view that changes one."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="messages")
    party = models.CharField(_("一方"), max_length=10, choices=Party)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("留言人"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("留言"), max_length=2000)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("预约留言")
        verbose_name_plural = _("预约留言")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text[:30]


class BookingFile(models.Model):
    """A file of the booking itself, or of one of its messages."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="files")
    message = models.ForeignKey(
        BookingMessage, null=True, blank=True, on_delete=models.PROTECT, related_name="files"
    )
    file = models.ForeignKey(
        PrivateFile, verbose_name=_("附件"), on_delete=models.PROTECT, related_name="booking_files"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("预约附件")
        verbose_name_plural = _("预约附件")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.file)
