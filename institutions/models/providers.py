"""Providers 接券机构: that is the host unit 依托单位 and its testing body 检测机构."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.addresses import numbered
from accounts.models import User
from accounts.money import format_yuan
from files.models import PrivateFile, SiteImage
from institutions import sme
from institutions.codes import (
    code_kind,
    is_registered_in_province,
    normalise_code,
    validate_identity_code,
)
from institutions.phones import validate_phone
from institutions.querysets import ProviderQuerySet
from institutions.regions import city_choices, city_name, is_district_of, place_name
from programme.selectors import current_parameters
from workflow.models import Evidence, ReviewSection, Submission
from workflow.statuses import SubmissionStatus

if TYPE_CHECKING:
    from institutions.models.suspensions import Suspension


class HostType(models.TextChoices):
    UNIVERSITY = "university", _("高等院校")
    INSTITUTE = "institute", _("科研院所")
    ENTERPRISE = "enterprise", _("企业")
    TESTING = "testing", _("检验检测机构")
    HOSPITAL = "hospital", _("医疗卫生机构")
    OTHER = "other", _("其他事业单位或社会组织")


class Provider(Submission):
    """A provider 接券机构. Approved reads 可接券: its instruments and services may then be public.

    Conditions of the programme (manual, section 一.2.(2)) are declared here and shown to the reviewer
    beside what the data says.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("账户"), on_delete=models.PROTECT, related_name="provider"
    )

    host_name = models.CharField(_("依托单位名称"), max_length=100)
    host_code = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        blank=True,
        validators=[validate_identity_code],
        help_text=_("18 位统一社会信用代码；尚未多证合一的，可填 9 位组织机构代码。"),
    )
    host_type = models.CharField(_("单位类型"), max_length=12, choices=HostType, blank=True)
    is_legal_person = models.BooleanField(_("依托单位是独立法人单位"), default=False)
    legal_representative = models.CharField(_("法定代表人"), max_length=30, blank=True)
    city = models.CharField(_("所在城市"), max_length=4, blank=True, choices=city_choices)
    district = models.CharField(_("所在区县"), max_length=20, blank=True)
    address = models.CharField(_("详细地址"), max_length=120, blank=True)
    introduction = models.TextField(_("单位简介"), max_length=2000, blank=True)
    logo = models.ForeignKey(
        SiteImage,
        verbose_name=_("Logo 或代表性照片"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("没有 Logo 的，可用机构匾牌、办公大楼等照片代替。"),
    )
    certificate = models.ForeignKey(
        PrivateFile,
        verbose_name=_("证照扫描件"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("营业执照、事业单位法人证书或组织机构代码证，文字须清晰可辨。仅供审核，不公开。"),
    )

    name = models.CharField(_("检测机构名称"), max_length=100, blank=True)
    affiliation_proof = models.ForeignKey(
        PrivateFile,
        verbose_name=_("隶属关系证明"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("检测机构与依托单位名称不同时请上传，以备核查。"),
    )
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=20, blank=True, validators=[validate_phone])
    contact_email = models.EmailField(_("联系邮箱"), blank=True)
    website = models.URLField(_("网址"), blank=True)
    body_introduction = models.TextField(_("检测机构简介"), max_length=2000, blank=True)
    declares_registered = models.BooleanField(_("注册地址在省内"), default=False)
    declares_network_member = models.BooleanField(_("是大型科学仪器设备协作共用网加盟单位"), default=False)
    declares_equipment = models.BooleanField(_("拥有单台（套）20 万元以上的大型科学仪器设备"), default=False)
    declares_service_rules = models.BooleanField(
        _("仪器性能良好、运行正常，有对外服务管理制度"), default=False
    )

    objects = ProviderQuerySet.as_manager()  # type: ignore[misc]  # the stubs take the base's for a ClassVar

    review_sections: ClassVar[Sequence[ReviewSection]] = (
        ReviewSection(
            _("依托单位信息"),
            (
                "host_name",
                "host_code",
                "host_type",
                "is_legal_person",
                "legal_representative",
                "city",
                "district",
                "address",
                "introduction",
                "logo",
                "certificate",
            ),
        ),
        ReviewSection(
            _("检测机构信息"),
            (
                "name",
                "affiliation_proof",
                "contact_name",
                "contact_phone",
                "contact_email",
                "website",
                "body_introduction",
            ),
        ),
        ReviewSection(
            _("纳入条件声明"),
            (
                "declares_registered",
                "declares_network_member",
                "declares_equipment",
                "declares_service_rules",
            ),
        ),
    )
    approved_label = _("可接券")
    review_aside_template = "institutions/admin/suspension_card.html"
    chosen_fields: ClassVar[frozenset[str]] = frozenset({"district"})
    required_to_submit: ClassVar[Sequence[str]] = (
        "host_name",
        "host_code",
        "host_type",
        "is_legal_person",
        "legal_representative",
        "city",
        "district",
        "address",
        "introduction",
        "logo",
        "certificate",
        "name",
        "contact_name",
        "contact_phone",
        "contact_email",
        "body_introduction",
        "declares_registered",
        "declares_network_member",
        "declares_equipment",
        "declares_service_rules",
    )

    class Meta(Submission.Meta):
        verbose_name = _("接券机构")
        verbose_name_plural = _("接券机构")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["city"], name="provider_city"),
            models.Index(fields=["host_code"], name="provider_host_code"),
        ]

    def __str__(self) -> str:
        return self.name or self.host_name

    def clean(self) -> None:
        super().clean()
        self.host_code = normalise_code(self.host_code)
        if self.city and self.district and not is_district_of(self.district, self.city):
            raise ValidationError({"district": _("所选区县不属于所在城市，请重新选择。")})

    @classmethod
    def review_target_days(cls) -> int:
        return current_parameters().institution_review_days

    @classmethod
    def settled_label(cls, name: str) -> str | None:
        """The declaration about instruments says the least value that the programme asks for."""
        if name != "declares_equipment":
            return None
        return gettext("拥有单台（套）%s以上的大型科学仪器设备") % sme.in_wan(
            current_parameters().min_instrument_amount
        )

    @property
    def owner(self) -> User:
        return self.account

    @property
    def institution_name(self) -> str:
        return self.host_name

    @property
    def city_name(self) -> str:
        return city_name(self.city)

    @cached_property
    def suspension(self) -> "Suspension | None":
        """The suspension in force, if any; read once for each instance."""
        return self.suspensions.in_force().first() if self.pk else None

    @property
    def is_public(self) -> bool:
        return super().is_public and self.suspension is None

    @property
    def shown_status(self) -> str:
        suspended = self.status == SubmissionStatus.APPROVED and self.suspension is not None
        return "suspended" if suspended else self.status

    @property
    def status_label(self) -> str:
        return gettext("已暂停") if self.shown_status == "suspended" else super().status_label

    @property
    def hidden_reason(self) -> str:
        return self.suspension.sentence if self.suspension else ""

    @property
    def is_registered_in_province(self) -> bool | None:
        """What the code says of the place of registration; None where it does not tell."""
        return is_registered_in_province(self.host_code, settings.PROVINCE_PREFIX)

    @property
    def place(self) -> str:
        return place_name(self.city, self.district)

    def review_evidence(self) -> list[Evidence]:
        """The programme's conditions (manual, section 一.2.(2)) beside what the data says.

        A host may rightly have several testing bodies, each with its account: a second record with the
        same code is for the reviewer to judge.
        """
        in_province = self.is_registered_in_province
        dearest = self.instruments.aggregate(most=Max("original_value_amount"))["most"]
        twins = (
            Provider.objects.exclude(host_code="").filter(host_code=self.host_code).exclude(pk=self.pk)[:5]
        )
        threshold = current_parameters().min_instrument_amount
        return [
            Evidence(
                gettext("注册地址在省内"),
                gettext("%(kind)s %(code)s，登记地区代码%(finding)s")
                % {
                    "kind": code_kind(self.host_code),
                    "code": self.host_code,
                    "finding": {
                        True: gettext("属于本省"),
                        False: gettext("不属于本省"),
                        None: gettext("无法判断"),
                    }[in_province],
                },
                in_province,
            ),
            Evidence(
                gettext("拥有单台（套）%(amount)s 元以上的仪器") % {"amount": format_yuan(threshold)},
                gettext("已录入仪器中原值最高 %(amount)s 元") % {"amount": format_yuan(dearest)}
                if dearest is not None
                else gettext("尚未录入仪器，按声明核对"),
                dearest >= threshold if dearest is not None else None,
            ),
            Evidence(
                gettext("未重复登记"),
                gettext("同一代码另有机构登记：%s，请核对是否重复") % "、".join(map(str, twins))
                if twins
                else gettext("没有其他机构使用同一代码"),
                None if twins else True,
            ),
            Evidence(
                gettext("检测机构与依托单位的关系"),
                gettext("名称一致")
                if self.name == self.host_name
                else gettext("名称不同，已上传隶属关系证明")
                if self.affiliation_proof_id
                else gettext("名称不同，未上传隶属关系证明"),
                True if self.name == self.host_name else None,
            ),
        ]

    def get_absolute_url(self) -> str:
        return numbered("catalogue:provider_detail", self.pk)

    def get_centre_url(self) -> str:
        return reverse("institutions:overview")
