"""Files people upload: private scans behind a checked view, and images of the public pages."""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from files.querysets import PrivateFileQuerySet


def private_storage() -> Storage:
    return storages["private"]


def private_path(instance: "PrivateFile", filename: str) -> str:
    """Where a private file lies: named by its own id, never by what the uploader called it."""
    key = instance.uuid.hex
    return f"{key[:2]}/{key}.{instance.extension}"


class PrivateFile(models.Model):
    """One uploaded scan or document, immutable: uploading again makes a new row.

    An old revision keeps pointing at the file it was submitted with, so a reviewer can compare the
    two. The content type is what the bytes are, never what the name claims (``files.uploads``).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+"
    )
    file = models.FileField(_("文件"), storage=private_storage, upload_to=private_path, max_length=120)
    name = models.CharField(_("原文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    extension = models.CharField(max_length=5)
    size_bytes = models.PositiveIntegerField(_("大小（字节）"))
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    objects = PrivateFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("私有文件")
        verbose_name_plural = _("私有文件")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:private", args=[self.uuid])

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


class SiteImage(AbstractImage):
    """Images of public pages: instrument photos, logos, pictures in articles."""

    admin_form_fields = Image.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")


class SiteRendition(AbstractRendition):
    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="unique_site_rendition"
            )
        ]
