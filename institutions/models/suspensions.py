"""Suspensions of providers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.models.providers import Provider
from institutions.querysets import SuspensionQuerySet
from workflow.setup import AUDITORS, REVIEWERS


class Suspension(models.Model):
    """Staff have taken a provider, and all that hangs on it, from the public for a time.

    In force until it is lifted, by hand or by ``manage.py lift_suspensions`` once its last day has passed. It
    stands beside the provider's row, which revisions write back, and changes no state: lifting it restores exactly
    what was public before.
    """

    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="suspensions"
    )
    reason = models.TextField(_("暂停原因"), max_length=500)
    until = models.DateField(
        _("暂停至"), null=True, blank=True, help_text=_("含当天；不填为长期，直到人工恢复。")
    )
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("操作人"), on_delete=models.PROTECT, related_name="+"
    )
    suspended_at = models.DateTimeField(_("暂停时间"), auto_now_add=True)
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

    objects = SuspensionQuerySet.as_manager()

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        REVIEWERS: ("view", "add", "change"),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("暂停记录")
        verbose_name_plural = _("暂停记录")
        ordering = ["-suspended_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider"], condition=models.Q(lifted_at=None), name="suspension_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {date_format(timezone.localtime(self.suspended_at), 'Y-m-d')}"

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None

    @property
    def term(self) -> str:
        """Until when, in words: 2026-12-31（含当天）, or 长期."""
        return gettext("%s（含当天）") % date_format(self.until, "Y-m-d") if self.until else gettext("长期")

    @property
    def sentence(self) -> str:
        """What the suspension means, for those who see a record of the provider that has left the public."""
        return gettext("机构已被暂停，暂停期限：%s。本机构及其仪器、资质、能力和服务暂不公开。") % self.term
