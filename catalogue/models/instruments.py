"""Shared instruments 仪器 and their photos."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from accounts.addresses import numbered
from catalogue.models.base import PriceUnit, ProviderRecord
from catalogue.models.classification import InstrumentClass
from catalogue.querysets import InstrumentQuerySet
from files.models import SiteImage
from institutions.models import Provider
from institutions.phones import validate_phone
from institutions.regions import city_choices, city_name, is_district_of, place_name
from workflow.models import Evidence, ReviewSection

HOURS = _("一年最多 8784 小时，请核对。")


class InstrumentSource(models.TextChoices):
    PURCHASED = "purchased", _("购置")
    DEVELOPED = "developed", _("研制")
    DONATED = "donated", _("赠送")
    OTHER = "other", _("其他")


class EquipmentKind(models.TextChoices):
    SPECIAL = "special", _("专用")
    GENERAL = "general", _("通用")


class Condition(models.TextChoices):
    NORMAL = "normal", _("正常")
    OCCASIONAL = "occasional", _("偶有故障")
    FREQUENT = "frequent", _("故障频繁")
    REPAIR = "repair", _("待修")
    SCRAP = "scrap", _("待报废")


class Sharing(models.TextChoices):
    INTERNAL = "internal", _("内部共享")
    EXTERNAL = "external", _("外部共享")
    NONE = "none", _("不共享")


class Instrument(ProviderRecord):  # type: ignore[django-manager-missing]  # modelcluster's
    """A shared instrument 仪器. Amounts in yuan. Public only while approved, of an approved provider."""

    category_field = "instrument_class"

    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="instruments"
    )

    # step 1: basics
    name = models.CharField(_("仪器名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    instrument_class = models.ForeignKey(
        InstrumentClass,
        verbose_name=_("仪器分类"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="instruments",
    )
    model = models.CharField(_("规格型号"), max_length=100, blank=True)
    manufacturer = models.CharField(_("生产厂商"), max_length=50, blank=True)
    origin = models.CharField(_("产地（国别）"), max_length=30, blank=True)
    source = models.CharField(_("来源"), max_length=10, choices=InstrumentSource, blank=True)
    original_value_amount = models.DecimalField(
        _("原值（元）"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"), message=_("原值应大于 0 元。"))],
    )
    purchased_on = models.DateField(_("启用日期"), null=True, blank=True)
    specifications = models.TextField(_("主要技术指标"), max_length=500, blank=True)
    functions = models.TextField(_("主要功能及应用范围"), max_length=500, blank=True)
    sample_requirements = models.TextField(_("样品要求"), max_length=500, blank=True)
    city = models.CharField(_("安放城市"), max_length=4, blank=True, choices=city_choices)
    district = models.CharField(_("安放区县"), max_length=20, blank=True)
    location = models.CharField(_("安放地址"), max_length=100, blank=True)

    # what the national platform asks for besides (NRII export)
    equipment_kind = models.CharField(_("设备类别"), max_length=10, choices=EquipmentKind, blank=True)
    condition = models.CharField(_("运行状态"), max_length=10, choices=Condition, blank=True)
    sharing = models.CharField(_("共享模式"), max_length=10, choices=Sharing, blank=True)
    run_hours = models.PositiveIntegerField(
        _("年运行机时（小时）"), null=True, blank=True, validators=[MaxValueValidator(8784, message=HOURS)]
    )
    served_hours = models.PositiveIntegerField(
        _("年服务机时（小时）"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(8784, message=HOURS)],
        help_text=_("其中为外单位服务的机时。"),
    )
    disciplines = models.CharField(
        _("主要学科领域"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(
                r"\A[0-9]{3}(?:[0-9]{2}){0,2}(?:,[0-9]{3}(?:[0-9]{2}){0,2}){0,3}\Z",
                _("请填写 1–4 个学科代码（GB/T 13745，3、5 或 7 位数字），用英文逗号分隔，如 150,43050。"),
            )
        ],
        help_text=_("学科代码（GB/T 13745），1–4 个，用英文逗号分隔，如 150,43050。"),
    )
    funding_source = models.CharField(
        _("主要购置经费来源"), max_length=50, blank=True, help_text=_("如财政资金、自有资金、科研项目经费。")
    )

    # step 2: service
    service_content = models.TextField(_("服务内容"), max_length=500, blank=True)
    price_amount = models.DecimalField(
        _("参考价格（元）"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"), message=_("价格应大于 0 元。"))],
        help_text=_("最常用项目的单价；其余项目写在收费标准里。"),
    )
    price_unit = models.CharField(_("计价单位"), max_length=8, choices=PriceUnit, blank=True)
    price_list = models.TextField(_("收费标准"), max_length=500, blank=True)
    service_hours = models.CharField(
        _("服务时间"), max_length=100, blank=True, help_text=_("如：工作日 8:30–17:30，可预约夜间测试。")
    )
    user_notice = models.TextField(_("用户须知"), max_length=500, blank=True)
    accepts_vouchers = models.BooleanField(_("可使用创新券"), default=True)

    # step 3: person in charge
    contact_name = models.CharField(
        _("仪器负责人"), max_length=20, blank=True, help_text=_("请填写实际操作仪器、能解答技术咨询的人员。")
    )
    contact_phone = models.CharField(_("负责人电话"), max_length=20, blank=True, validators=[validate_phone])
    contact_email = models.EmailField(_("负责人邮箱"), max_length=50, blank=True)

    objects = InstrumentQuerySet.as_manager()  # type: ignore[misc]  # the stubs take the base's for a ClassVar

    review_sections: ClassVar[Sequence[ReviewSection]] = (
        ReviewSection(
            _("基本信息"),
            (
                "name",
                "name_en",
                "internal_number",
                "instrument_class",
                "model",
                "manufacturer",
                "origin",
                "source",
                "original_value_amount",
                "purchased_on",
                "city",
                "district",
                "location",
                "photos",
                "specifications",
                "functions",
                "sample_requirements",
            ),
        ),
        ReviewSection(
            _("国家平台报送信息"),
            (
                "equipment_kind",
                "condition",
                "sharing",
                "run_hours",
                "served_hours",
                "disciplines",
                "funding_source",
            ),
        ),
        ReviewSection(
            _("服务信息"),
            (
                "service_content",
                "price_amount",
                "price_unit",
                "price_list",
                "service_hours",
                "user_notice",
                "accepts_vouchers",
            ),
        ),
        ReviewSection(_("负责人信息"), ("contact_name", "contact_phone", "contact_email")),
    )
    required_to_submit: ClassVar[Sequence[str]] = (
        "name",
        "internal_number",
        "instrument_class",
        "model",
        "manufacturer",
        "origin",
        "original_value_amount",
        "purchased_on",
        "city",
        "district",
        "location",
        "specifications",
        "functions",
        "sample_requirements",
        "service_content",
        "price_amount",
        "price_unit",
        "service_hours",
        "contact_name",
        "contact_phone",
    )

    class Meta(ProviderRecord.Meta):
        verbose_name = _("仪器")
        verbose_name_plural = _("仪器")
        constraints = [
            *ProviderRecord.Meta.constraints,
            models.CheckConstraint(
                name="instrument_original_value_positive",
                condition=Q(original_value_amount=None) | Q(original_value_amount__gt=0),
                violation_error_message=_("原值应大于 0 元。"),
            ),
            models.CheckConstraint(
                name="instrument_price_positive",
                condition=Q(price_amount=None) | Q(price_amount__gt=0),
                violation_error_message=_("价格应大于 0 元。"),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-updated_at"], name="instrument_provider"),
            models.Index(fields=["-first_published_at"], name="instrument_newest", condition=Q(live=True)),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.city and self.district and not is_district_of(self.district, self.city):
            errors["district"] = _("所选区县不属于安放城市，请重新选择。")
        if self.purchased_on and self.purchased_on > timezone.localdate():
            errors["purchased_on"] = _("启用日期不能晚于今天。")
        if (
            self.run_hours is not None
            and self.served_hours is not None
            and self.served_hours > self.run_hours
        ):
            errors["served_hours"] = _("年服务机时不能多于年运行机时，请核对。")
        if errors:
            raise ValidationError(errors)

    def submission_problems(self) -> dict[str, list[str]]:
        problems = super().submission_problems()
        if not self.photos.exists():
            problems["photos"] = [gettext("请至少上传一张仪器照片。")]
        return problems

    def review_evidence(self) -> list[Evidence]:
        twins = (
            Instrument.objects.filter(provider=self.provider, name=self.name, model=self.model)
            .exclude(pk=self.pk)
            .count()
        )
        return [
            Evidence(
                gettext("接券机构已纳入"),
                gettext("机构状态：%s。机构通过审核前，仪器通过后也不公开。")
                % self.provider.get_status_display(),
                self.provider.is_public,
            ),
            Evidence(
                gettext("未重复填报"),
                gettext("本单位另有 %d 台同名同型号的仪器，请核对内部编号") % twins
                if twins
                else gettext("本单位没有同名同型号的其他仪器"),
                None if twins else True,
            ),
        ]

    @property
    def city_name(self) -> str:
        return city_name(self.city)

    @property
    def place(self) -> str:
        return place_name(self.city, self.district)

    @property
    def cover(self) -> SiteImage | None:
        """The first photo."""
        return self.shown_photos[0].image if self.shown_photos else None

    @property
    def shown_photos(self) -> "Sequence[InstrumentPhoto]":
        """The photos in their order: as a list or page has read them for all its instruments, so that none costs a query."""
        known: Sequence[InstrumentPhoto] | None = getattr(self, "prefetched_photos", None)
        return list(self.photos.all()) if known is None else known

    def get_absolute_url(self) -> str:
        return numbered("catalogue:instrument_detail", self.pk)

    def get_centre_url(self) -> str:
        return reverse("instruments:detail", args=[self.pk])


class InstrumentPhoto(Orderable):
    """A photo of an instrument; the first is its cover."""

    instrument = ParentalKey(Instrument, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey(SiteImage, verbose_name=_("照片"), on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = _("照片")
        verbose_name_plural = _("仪器照片")
        constraints = [models.UniqueConstraint(fields=["instrument", "image"], name="instrument_photo_once")]

    def __str__(self) -> str:
        return self.image.title
