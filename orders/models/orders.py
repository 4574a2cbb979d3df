"""Orders 订单: what was agreed, and how it went."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.models.base import Deal, amount_field, one_offer, quantity_field, unit_field
from orders.models.bookings import Booking
from orders.querysets import OrderQuerySet
from orders.statuses import ORDER_LABELS, VOID_ORDERS, OrderStatus
from workflow.setup import AUDITORS, MANAGERS, REVIEWERS


class Order(Deal):
    """An order (manual, sections 四.7, 五.3 and 五.4): placed from an accepted booking, or 补录 for work already done.

    What was agreed never changes. ``changes`` are the differences to what the provider had accepted, frozen as it reads them:
    [[what, accepted, ordered], …]. Amounts in yuan; ``total_amount`` is the sum of the items.
    """

    booking = models.ForeignKey(
        Booking,
        verbose_name=_("预约"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
    )
    # 立即下单: without a booking, for work already done
    is_direct = models.BooleanField(_("补录"), default=False)
    status = models.CharField(_("状态"), max_length=20, choices=OrderStatus, editable=False)
    requirements = models.TextField(_("服务内容与要求"), max_length=2000)
    delivery_on = models.DateField(_("交付日期"))
    terms = models.TextField(_("合同约定"), max_length=2000, blank=True)
    total_amount = amount_field(_("总金额（元）"))
    changes = models.JSONField(_("与预约的差异"), default=list, blank=True)
    accepted_at = models.DateTimeField(_("接单时间"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    completed_at = models.DateTimeField(_("确认完成时间"), null=True, blank=True)
    # while a claim on vouchers stands on its papers, nobody changes them
    claimed_at = models.DateTimeField(_("申请兑付时间"), null=True, blank=True, editable=False)
    dispute_reason = models.TextField(_("异议原因"), max_length=1000, blank=True)

    objects = OrderQuerySet.as_manager()

    statuses = OrderStatus
    labels = ORDER_LABELS
    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        REVIEWERS: ("view", "mediate"),
        MANAGERS: ("view", "mediate"),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("订单")
        verbose_name_plural = _("订单")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("mediate_order", "调解订单异议")]
        indexes = [
            models.Index(fields=["consumer", "status", "-id"], name="order_of_consumer"),
            models.Index(fields=["provider", "status", "-id"], name="order_of_provider"),
            models.Index(fields=["status", "-id"], name="order_in_status"),
            models.Index(fields=["created_at"], name="order_created"),
            # what the ledger's filters count by and its columns sort by; of parts of numbers see migration 0003
            models.Index(fields=["kind", "status", "is_direct", "created_at"], name="order_ledger"),
            models.Index(fields=["total_amount", "id"], name="order_by_amount"),
            # with theirs, the ledgers of invoices and evaluations
            models.Index(fields=["id"], condition=Q(is_direct=True), name="order_direct"),
        ]
        constraints = [
            models.CheckConstraint(
                name="order_status_known", condition=Q(status__in=[status.value for status in OrderStatus])
            ),
            models.CheckConstraint(name="order_one_offer", condition=one_offer()),
            models.CheckConstraint(name="order_amount_positive", condition=Q(total_amount__gt=0)),
            models.CheckConstraint(
                name="order_direct_or_booked",
                condition=Q(is_direct=True, booking=None) | Q(is_direct=False, booking__isnull=False),
            ),
            # a second click, another tab, a race: one order of a booking at most is alive
            models.UniqueConstraint(
                fields=["booking"],
                condition=~Q(status__in=[status.value for status in sorted(VOID_ORDERS)]),
                name="order_once_for_booking",
            ),
        ]

    def get_centre_url(self) -> str:
        return reverse("orders:detail", args=[self.pk])


class OrderItem(models.Model):
    """One line of an order. Amounts in yuan."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="items")
    name = models.CharField(_("项目"), max_length=100)
    quantity = quantity_field()
    unit = unit_field()
    price_amount = amount_field(_("单价（元）"))
    amount = amount_field(_("金额（元）"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("订单项目")
        verbose_name_plural = _("订单项目")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="order_item_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="order_item_price_positive", condition=Q(price_amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name
