"""The audit trail."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.querysets import AuditEntryQuerySet
from workflow.statuses import Action

if TYPE_CHECKING:
    pass


class AuditEntry(models.Model):
    """One step in the life of a record: who, when, what changed, why. Append-only (trigger-guarded)."""

    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)
    # PROTECT: who acted stays known for as long as the trail does
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    actor_name = models.CharField(_("操作人姓名"), max_length=150)
    action = models.CharField(_("操作"), max_length=20, choices=Action)
    record_type = models.ForeignKey(
        ContentType, verbose_name=_("类型"), on_delete=models.PROTECT, related_name="+"
    )
    record_id = models.PositiveBigIntegerField(_("编号"))
    record_title = models.CharField(_("名称"), max_length=255)
    # {field: [before, after]}
    changes = models.JSONField(_("变更"), default=dict, blank=True)
    reason = models.TextField(_("说明"), blank=True)

    objects = AuditEntryQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["record_type", "record_id"], name="audit_record"),
            # the search narrows by these, newest first (supervision)
            models.Index(fields=["actor", "-at", "-id"], name="audit_actor"),
            models.Index(fields=["action", "-at", "-id"], name="audit_action"),
            models.Index(fields=["record_type", "-at", "-id"], name="audit_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.record_title}"

    def get_record_type_display(self) -> str:
        return self.record_type.name

    def get_changes_display(self) -> str:
        from workflow.differences import changes_text

        model = self.record_type.model_class()
        return changes_text(model, self.changes) if model else str(self.changes)
