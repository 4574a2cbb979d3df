"""Long work a provider has asked for: an import, photos, a submission of many. Its progress lives here."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.querysets import JobQuerySet
from files.models import PrivateFile
from institutions.models import Provider


class JobKind(models.TextChoices):
    IMPORT = "import", _("导入")
    PHOTOS = "photos", _("导入照片")
    SUBMIT = "submit", _("批量提交")


class JobState(models.TextChoices):
    CHECKING = "checking", _("正在检查")
    READY = "ready", _("待确认")
    RUNNING = "running", _("正在处理")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")
    CANCELLED = "cancelled", _("已取消")


class Job(models.Model):
    """One piece of background work. Everything needed to go on after a restart is in the row and its file.

    ``position`` of ``total`` rows are dealt with and committed; work resumes from there. ``heartbeat_at`` tells a
    worker that still runs from one that is gone.
    """

    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.CASCADE, related_name="jobs"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("操作人"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("类型"), max_length=10, choices=JobKind)
    # which records, by the key of catalogue.centre.kinds and the slug of catalogue.exchange.subjects
    subject = models.CharField(_("对象"), max_length=14)
    state = models.CharField(_("状态"), max_length=10, choices=JobState, default=JobState.CHECKING)
    file = models.ForeignKey(
        PrivateFile, verbose_name=_("文件"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    options = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(_("总数"), default=0)
    position = models.PositiveIntegerField(_("已处理"), default=0)
    created_count = models.PositiveIntegerField(_("新建"), default=0)
    updated_count = models.PositiveIntegerField(_("更新"), default=0)
    unchanged_count = models.PositiveIntegerField(_("无变化"), default=0)
    refused_count = models.PositiveIntegerField(_("未导入"), default=0)
    # what the pages show: the first faulty rows, sentences, warnings
    report = models.JSONField(default=dict, blank=True)
    refused_file = models.ForeignKey(
        PrivateFile,
        verbose_name=_("未导入的行"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    error = models.TextField(_("原因"), blank=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量任务")
        verbose_name_plural = _("批量任务")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["provider", "-id"], name="job_provider")]
        constraints = [
            models.CheckConstraint(
                name="job_state_known", condition=models.Q(state__in=[state.value for state in JobState])
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def percent(self) -> int:
        """How much is dealt with, 0 to 100."""
        return self.position * 100 // self.total if self.total else 0

    @property
    def is_working(self) -> bool:
        return self.state in {JobState.CHECKING, JobState.RUNNING}
