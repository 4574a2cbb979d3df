"""Evaluations 评价: what a consumer says of a completed order, and what the provider answers."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order
from orders.querysets import EvaluationQuerySet
from workflow.setup import AUDITORS, MANAGERS, REVIEWERS

STARS = ("quality", "speed", "service")


def stars_field(label: Any) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(
        label,
        validators=[
            MinValueValidator(1, _("请选择 1 至 5 颗星。")),
            MaxValueValidator(5, _("请选择 1 至 5 颗星。")),
        ],
    )


class Evaluation(models.Model):
    """One evaluation of one order, never changed by its author. Staff hide it with a reason, and show it again."""

    order = models.OneToOneField(
        Order, verbose_name=_("订单"), on_delete=models.PROTECT, related_name="evaluation"
    )
    quality = stars_field(_("服务质量"))
    speed = stars_field(_("完成速度"))
    service = stars_field(_("服务态度"))
    text = models.TextField(_("评价内容"), max_length=500, blank=True)
    at = models.DateTimeField(_("评价时间"), auto_now_add=True)
    answer = models.TextField(_("机构回复"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("回复时间"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("隐藏时间"), null=True, blank=True)
    hidden_reason = models.TextField(_("隐藏原因"), max_length=500, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("隐藏人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = EvaluationQuerySet.as_manager()

    wagtail_reference_index_ignore = True
    staff_permissions = {
        REVIEWERS: ("view", "hide"),
        MANAGERS: ("view", "hide"),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("hide_evaluation", "隐藏和恢复评价")]
        constraints = [
            models.CheckConstraint(
                name="evaluation_stars",
                condition=Q(**{f"{name}__range": (1, 5) for name in STARS}),
            ),
        ]

    def __str__(self) -> str:
        return str(self.order)
