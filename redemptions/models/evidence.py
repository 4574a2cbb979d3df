"""What automatic checks look things up in: the look of scans, and from where accounts have signed in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from files.models import PrivateFile

BANDS = ("band_0", "band_1", "band_2", "band_3")


class ScanHash(models.Model):
    """What a scan of an order looks like: a difference hash of 64 bits, in two's complement, and the file's own hash beside it.

    Two hashes that differ in three bits at most agree in one of the four bands of 16 bits: looked up by their indexes, similar
    scans are found without reading the table. No bits: a page with nothing on it, or a file that is no scan.
    """

    file = models.OneToOneField(
        PrivateFile, on_delete=models.PROTECT, primary_key=True, related_name="scan_hash"
    )
    # empty where the page is blank: one blank page is no copy of another
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    bits = models.BigIntegerField(null=True)
    band_0 = models.PositiveIntegerField(null=True)
    band_1 = models.PositiveIntegerField(null=True)
    band_2 = models.PositiveIntegerField(null=True)
    band_3 = models.PositiveIntegerField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("扫描件特征")
        verbose_name_plural = _("扫描件特征")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=[band], condition=Q(bits__isnull=False), name=f"scan_{band}")
            for band in BANDS
        ]

    def __str__(self) -> str:
        return str(self.file_id)


class SignIn(models.Model):
    """From which address, and with which browser, an institution's account has signed in. ``device`` is a hash of what it says it is."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = models.GenericIPAddressField(_("登录地址"))
    device = models.CharField(_("设备"), max_length=16)
    last_at = models.DateTimeField(_("最近登录时间"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("登录来源")
        verbose_name_plural = _("登录来源")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["address", "last_at"], name="sign_in_from")]
        constraints = [
            models.UniqueConstraint(fields=["account", "address", "device"], name="sign_in_source_once")
        ]

    def __str__(self) -> str:
        return self.address
