"""Warnings, and what was done about them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from supervision.kinds import CODE_LENGTH, AlertKind, kind_of
from supervision.querysets import AlertQuerySet
from supervision.statuses import UNSETTLED, AlertStatus, Severity
from workflow.setup import AUDITORS, MANAGERS, REVIEWERS


class Alert(models.Model):
    """Something found that a person should look into: a warning 预警. It decides nothing by itself.

    ``key`` names the finding within its kind: while it is unsettled the same is not raised twice.
    """

    code = models.CharField(_("预警类型"), max_length=CODE_LENGTH)
    key = models.CharField(max_length=200, editable=False)
    severity = models.CharField(_("严重程度"), max_length=10, choices=Severity)
    title = models.CharField(_("预警"), max_length=200)
    detail = models.TextField(_("详情"), blank=True)
    record_type = models.ForeignKey(
        ContentType, verbose_name=_("涉及记录的类型"), on_delete=models.PROTECT, related_name="+"
    )
    record_id = models.PositiveBigIntegerField(_("涉及记录的编号"))
    record_title = models.CharField(_("涉及记录"), max_length=255)
    institution_names = models.CharField(_("涉及机构"), max_length=500, blank=True)
    # [{"name": …, "type": content type, "id": …}]; a name alone where it is of no record of ours
    institutions = models.JSONField(default=list, blank=True, editable=False)
    found_at = models.DateTimeField(_("发现时间"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("最近一次发现"))
    status = models.CharField(_("处理状态"), max_length=10, choices=AlertStatus, default=AlertStatus.OPEN)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("跟进人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    staff_page: ClassVar[str] = "supervision_alert"

    objects = AlertQuerySet.as_manager()

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        REVIEWERS: ("view", "change"),
        MANAGERS: ("view", "change"),
        AUDITORS: ("view",),
    }
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("预警")
        verbose_name_plural = _("预警")
        ordering = ["-found_at", "-pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "key"],
                condition=Q(status__in=sorted(UNSETTLED)),
                name="alert_once_while_unsettled",
            )
        ]
        indexes = [
            models.Index(fields=["code", "key"], name="alert_finding"),
            models.Index(fields=["status", "-found_at"], name="alert_status"),
            models.Index(fields=["record_type", "record_id"], name="alert_record"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> AlertKind:
        return kind_of(self.code)

    @property
    def kind_label(self) -> str:
        return str(self.kind.label)

    @property
    def is_settled(self) -> bool:
        return self.status not in UNSETTLED

    def get_admin_url(self) -> str:
        return reverse("supervision_alert", args=[self.pk])


class AlertNote(models.Model):
    """One step of a follow-up: who, when, what was found, and what became of the warning. Append-only (trigger-guarded)."""

    alert = models.ForeignKey(Alert, verbose_name=_("预警"), on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("跟进人"), on_delete=models.PROTECT, related_name="+"
    )
    author_name = models.CharField(_("跟进人姓名"), max_length=150)
    text = models.TextField(_("跟进情况"), max_length=1000, blank=True)
    # as it stands after this step
    status = models.CharField(_("处理状态"), max_length=10, choices=AlertStatus)
    assigned_name = models.CharField(_("交给"), max_length=150, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("预警跟进")
        verbose_name_plural = _("预警跟进")
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.author_name} {self.get_status_display()}"
