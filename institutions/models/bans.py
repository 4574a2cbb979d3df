"""Bans of consumers 暂停用券资格."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.models.consumers import Consumer
from institutions.querysets import ConsumerBanQuerySet
from workflow.setup import AUDITORS, MANAGERS, REVIEWERS


class ConsumerBan(models.Model):
    """Staff have taken from a consumer the right to new vouchers, bookings and orders for a time.

    In force from its first day through its last, or until it is lifted: by hand, or by ``manage.py lift_suspensions`` once the
    last day has passed. What is under way goes on; no state changes. It holds for the institution, whatever accounts it
    has (``institutions.bans``).
    """

    consumer = models.ForeignKey(
        Consumer, verbose_name=_("用券机构"), on_delete=models.PROTECT, related_name="bans"
    )
    reason = models.TextField(_("暂停原因"), max_length=500)
    starts_on = models.DateField(_("暂停自"), default=timezone.localdate)
    until = models.DateField(
        _("暂停至"), null=True, blank=True, help_text=_("含当天；不填为长期，直到人工恢复。")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("操作人"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("操作时间"), auto_now_add=True)
    # empty where its time ran out
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("恢复人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lifted_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)
    lift_reason = models.TextField(_("恢复说明"), max_length=500, blank=True)

    objects = ConsumerBanQuerySet.as_manager()

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        REVIEWERS: ("view", "add", "change"),
        MANAGERS: ("view",),
        AUDITORS: ("view",),
    }
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("用券资格暂停记录")
        verbose_name_plural = _("用券资格暂停记录")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consumer"], condition=Q(lifted_at=None), name="consumer_ban_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("starts_on")),
                name="consumer_ban_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {date_format(self.starts_on, 'Y-m-d')}"

    @property
    def is_over(self) -> bool:
        return self.lifted_at is not None or (self.until is not None and self.until < timezone.localdate())

    @property
    def term(self) -> str:
        """From when until when, in words: 2026-12-01 至 2026-12-31（含当天）, or 自 2026-12-01 起，长期."""
        start = date_format(self.starts_on, "Y-m-d")
        if self.until is None:
            return gettext("自 %s 起，长期") % start
        return gettext("%(start)s 至 %(until)s（含当天）") % {
            "start": start,
            "until": date_format(self.until, "Y-m-d"),
        }

    @property
    def facts(self) -> str:
        """Term and reason, to follow the sentence that says what is not possible."""
        return gettext("暂停期限：%(term)s。暂停原因：%(reason)s。") % {
            "term": self.term,
            "reason": self.reason.rstrip("。.；; "),
        }
