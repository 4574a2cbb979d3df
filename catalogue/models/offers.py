"""What is booked and ordered: testing services 检测服务 and laboratory services 实验服务."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.addresses import numbered
from catalogue.models.base import ServiceRecord
from catalogue.querysets import ServiceQuerySet
from institutions.models import Provider


class TestingService(ServiceRecord):
    """A test on offer (manual, section 四.4)."""

    __test__ = False

    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="testing_services"
    )

    objects = ServiceQuerySet.as_manager()  # type: ignore[misc]

    class Meta(ServiceRecord.Meta):
        verbose_name = _("检测服务")
        verbose_name_plural = _("检测服务")
        indexes = [models.Index(fields=["provider", "-updated_at"], name="testing_provider")]

    def get_absolute_url(self) -> str:
        return numbered("catalogue:testing_detail", self.pk)

    def get_centre_url(self) -> str:
        return reverse("testing:detail", args=[self.pk])


class LabService(ServiceRecord):
    """Research or experiment work on offer (manual, section 四.5)."""

    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="lab_services"
    )

    objects = ServiceQuerySet.as_manager()  # type: ignore[misc]

    class Meta(ServiceRecord.Meta):
        verbose_name = _("实验服务")
        verbose_name_plural = _("实验服务")
        indexes = [models.Index(fields=["provider", "-updated_at"], name="lab_provider")]

    def get_absolute_url(self) -> str:
        return numbered("catalogue:lab_detail", self.pk)

    def get_centre_url(self) -> str:
        return reverse("labs:detail", args=[self.pk])
