"""Who looked at whose private file."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.setup import AUDITORS


class FileAccess(models.Model):
    """Somebody other than its owner was sent a private file. Append-only (trigger-guarded).

    Names are kept as they were. The file is known by its address, not referred to: a reference would keep an abandoned
    upload from being deleted.
    """

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("查看人"), on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField(_("查看人姓名"), max_length=150)
    file_uuid = models.UUIDField(_("文件标识"))
    file_name = models.CharField(_("文件名"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("文件所属账户"), on_delete=models.PROTECT, related_name="+"
    )
    owner_name = models.CharField(_("所属账户登录名"), max_length=150)
    is_download = models.BooleanField(_("下载"), default=False)
    ip_address = models.GenericIPAddressField(_("IP 地址"), null=True, blank=True)

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {AUDITORS: ("view",)}
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("文件查看记录")
        verbose_name_plural = _("文件查看记录")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-at", "-id"], name="file_access_at"),
            models.Index(fields=["file_uuid", "actor", "at"], name="file_access_file"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.file_name}"

    @property
    def way(self) -> str:
        return str(_("下载") if self.is_download else _("查看"))
