"""What shows that a provider can test: qualifications 检测资质 and capabilities 检测能力."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.models.base import ProviderRecord
from catalogue.models.classification import TestingField
from catalogue.querysets import CapabilityQuerySet
from files.models import PrivateFile
from institutions.models import Provider
from workflow.models import Evidence, ReviewSection

# Days ahead of its end from which a qualification is flagged.
EXPIRING_DAYS = 60


class QualificationKind(models.TextChoices):
    CMA = "cma", _("CMA 检验检测机构资质认定")
    CNAS = "cnas", _("CNAS 实验室认可")
    CAL = "cal", _("CAL 审查认可")
    CATL = "catl", _("CATL 农产品质量安全检测机构考核")
    OTHER = "other", _("其他资质")


class Validity(models.TextChoices):
    """How a qualification stands today."""

    VALID = "valid", _("有效")
    EXPIRING = "expiring", _("即将到期")
    EXPIRED = "expired", _("已过期")


class Qualification(ProviderRecord):
    """A certificate (CMA, CNAS, CAL …) with its term. The scan is for reviewers, never public."""

    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="qualifications"
    )
    kind = models.CharField(_("资质类型"), max_length=10, choices=QualificationKind, blank=True)
    name = models.CharField(
        _("资质名称"), max_length=100, help_text=_("与证书上的名称一致，如“检验检测机构资质认定证书”。")
    )
    certificate_number = models.CharField(_("证书编号"), max_length=60, blank=True)
    issuer = models.CharField(_("发证机关"), max_length=100, blank=True)
    scope = models.TextField(
        _("资质范围"), max_length=1000, blank=True, help_text=_("证书覆盖的检测领域和项目，最多 1000 字。")
    )
    valid_from = models.DateField(_("有效期自"), null=True, blank=True)
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    scan = models.ForeignKey(
        PrivateFile,
        verbose_name=_("证书扫描件"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("文字须清晰可辨。仅供审核，不公开。"),
    )

    review_sections: ClassVar[Sequence[ReviewSection]] = (
        ReviewSection(
            _("资质信息"),
            (
                "kind",
                "name",
                "internal_number",
                "certificate_number",
                "issuer",
                "scope",
                "valid_from",
                "valid_to",
                "scan",
            ),
        ),
    )
    required_to_submit: ClassVar[Sequence[str]] = (
        "kind",
        "name",
        "certificate_number",
        "issuer",
        "scope",
        "valid_from",
        "valid_to",
        "scan",
    )

    class Meta(ProviderRecord.Meta):
        verbose_name = _("检测资质")
        verbose_name_plural = _("检测资质")
        constraints = [
            *ProviderRecord.Meta.constraints,
            models.CheckConstraint(
                name="qualification_term",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("有效期止不能早于有效期起。"),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-updated_at"], name="qualification_provider"),
            models.Index(fields=["valid_to"], name="qualification_valid_to"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("“有效期至”早于“有效期自”，请核对证书上的日期。")})

    def submission_problems(self) -> dict[str, list[str]]:
        problems = super().submission_problems()
        if self.validity == Validity.EXPIRED:
            problems.setdefault("valid_to", []).append(
                gettext("这项资质已过期，不能提交。请填写换发后的证书信息。")
            )
        return problems

    def review_evidence(self) -> list[Evidence]:
        twins = (
            Qualification.objects.exclude(certificate_number="")
            .filter(certificate_number=self.certificate_number)
            .exclude(pk=self.pk)
            .select_related("provider")[:5]
        )
        left = self.days_left
        return [
            Evidence(
                gettext("证书在有效期内"),
                gettext("未填写有效期")
                if left is None
                else gettext("已过期 %d 天") % -left
                if left < 0
                else gettext("还有 %d 天到期") % left,
                None if left is None else left > EXPIRING_DAYS or (None if left >= 0 else False),
            ),
            Evidence(
                gettext("证书未重复登记"),
                gettext("同一证书编号另有登记：%s")
                % "、".join(f"{twin.provider}（{twin}）" for twin in twins)
                if twins
                else gettext("没有其他记录使用同一证书编号"),
                None if twins else True,
            ),
        ]

    @property
    def days_left(self) -> int | None:
        """Days until the term ends, 0 on its last day, negative when it has ended."""
        return (self.valid_to - timezone.localdate()).days if self.valid_to else None

    @property
    def validity(self) -> Validity | None:
        """How it stands today; None while no term is known."""
        left = self.days_left
        if left is None:
            return None
        if left < 0:
            return Validity.EXPIRED
        return Validity.EXPIRING if left <= EXPIRING_DAYS else Validity.VALID

    def get_centre_url(self) -> str:
        return reverse("qualifications:detail", args=[self.pk])


class QualificationReminder(models.Model):
    """That a provider has been told how near the end of a term is, so that it is told once.

    ``days`` is the stage: so many days ahead, 0 for ended. A renewed certificate has another ``valid_to``, and is
    reminded of anew.
    """

    qualification = models.ForeignKey(Qualification, on_delete=models.CASCADE, related_name="reminders")
    valid_to = models.DateField()
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["qualification", "valid_to", "days"], name="qualification_reminded_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.qualification_id} {self.valid_to} {self.days}"


def validity_condition(validity: str) -> Q:
    """Which qualifications stand so today: ``Qualification.validity``, asked of the database."""
    today = timezone.localdate()
    last_day = today + datetime.timedelta(days=EXPIRING_DAYS)
    match validity:
        case Validity.EXPIRED:
            return Q(valid_to__lt=today)
        case Validity.EXPIRING:
            return Q(valid_to__gte=today, valid_to__lte=last_day)
    return Q(valid_to__gt=last_day)


class Capability(ProviderRecord):
    """One thing a provider can test: a parameter of an object, to a standard, within limits."""

    category_field = "field"

    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="capabilities"
    )
    field = models.ForeignKey(
        TestingField,
        verbose_name=_("检测领域"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="capabilities",
    )
    object_name = models.CharField(
        _("检测对象"), max_length=100, help_text=_("如金属材料、地表水、婴幼儿配方乳粉。")
    )
    parameter = models.CharField(
        _("检测参数"), max_length=100, blank=True, help_text=_("检测的项目，如抗拉强度、化学需氧量。")
    )
    standard_number = models.CharField(
        _("标准编号"), max_length=60, blank=True, help_text=_("如 GB/T 228.1-2021；企业会按它来搜索。")
    )
    standard_name = models.CharField(_("标准名称"), max_length=150, blank=True)
    limits = models.CharField(
        _("限制范围或说明"), max_length=300, blank=True, help_text=_("量程、检出限、不做的部分。没有可不填。")
    )
    qualification = models.ForeignKey(
        Qualification,
        verbose_name=_("依据的资质"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="capabilities",
    )

    objects = CapabilityQuerySet.as_manager()  # type: ignore[misc]

    review_sections: ClassVar[Sequence[ReviewSection]] = (
        ReviewSection(
            _("能力信息"),
            (
                "field",
                "object_name",
                "parameter",
                "internal_number",
                "standard_number",
                "standard_name",
                "limits",
                "qualification",
            ),
        ),
    )
    required_to_submit: ClassVar[Sequence[str]] = (
        "field",
        "object_name",
        "parameter",
        "standard_number",
        "standard_name",
    )

    class Meta(ProviderRecord.Meta):
        verbose_name = _("检测能力")
        verbose_name_plural = _("检测能力")
        indexes = [models.Index(fields=["provider", "-updated_at"], name="capability_provider")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What is tested of what: 金属材料 抗拉强度."""
        return f"{self.object_name} {self.parameter}".strip()

    def review_evidence(self) -> list[Evidence]:
        qualification = self.qualification
        covered = qualification is not None and qualification.is_public
        return [
            Evidence(
                gettext("有资质依据"),
                gettext("%(name)s（%(status)s），有效期至 %(day)s")
                % {
                    "name": qualification,
                    "status": qualification.get_status_display(),
                    "day": qualification.valid_to or gettext("未填写"),
                }
                if qualification is not None
                else gettext("未选择所依据的资质"),
                (covered and qualification.validity != Validity.EXPIRED)
                if qualification is not None
                else None,
            )
        ]

    def get_absolute_url(self) -> str:
        return f"{self.provider.get_absolute_url()}#capabilities"

    def get_centre_url(self) -> str:
        return reverse("capabilities:detail", args=[self.pk])


__all__: list[Any] = [
    "Capability",
    "Qualification",
    "QualificationKind",
    "QualificationReminder",
    "Validity",
    "validity_condition",
]
