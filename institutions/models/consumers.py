"""Consumers 用券机构: those who apply for vouchers and spend them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from accounts.models import User
from accounts.validators import validate_mobile
from files.models import PrivateFile
from institutions import bank, sme
from institutions.codes import (
    normalise_code,
    validate_identity_code,
)
from institutions.fields import MaskedNumberField
from institutions.phones import validate_phone
from institutions.querysets import ConsumerQuerySet
from institutions.regions import city_choices, city_name, is_district_of, place_name
from programme.selectors import current_parameters
from workflow.models import Evidence, ReviewSection, Submission
from workflow.setup import PAYERS

if TYPE_CHECKING:
    from institutions.models.bans import ConsumerBan


class ConsumerType(models.TextChoices):
    SME = "sme", _("中小微企业")
    INCUBATOR = "incubator", _("孵化器、众创空间、星创天地（统一申请）")
    NETWORK = "network", _("协作网成员单位或新型研发机构")


class Consumer(Submission, ClusterableModel):  # type: ignore[django-manager-missing]  # modelcluster's
    """A consumer 用券机构 (manual, section 五.1). Approved, it may apply for vouchers; it is never public.

    Amounts in yuan; the pages say them in 万元, as the table of classes does. Staff and amounts are those of the last
    year. The bank account must be the institution's own.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("账户"), on_delete=models.PROTECT, related_name="consumer"
    )

    # step 1: basics
    name = models.CharField(_("机构名称"), max_length=100)
    code = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        blank=True,
        validators=[validate_identity_code],
        help_text=_("18 位统一社会信用代码；尚未取得的，可填 9 位组织机构代码。"),
    )
    consumer_type = models.CharField(_("机构类型"), max_length=10, choices=ConsumerType, blank=True)
    registered_on = models.DateField(_("注册日期"), null=True, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=30, blank=True)
    city = models.CharField(_("所在城市"), max_length=4, blank=True, choices=city_choices)
    district = models.CharField(_("所在区县"), max_length=20, blank=True)
    address = models.CharField(_("详细地址"), max_length=120, blank=True)
    certificate = models.ForeignKey(
        PrivateFile,
        verbose_name=_("证照扫描件"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("营业执照、事业单位法人证书或组织机构代码证，文字须清晰可辨。仅供审核，不公开。"),
    )
    introduction = models.TextField(_("机构简介"), max_length=2000, blank=True)

    # step 2: finance
    industry = models.CharField(_("所属行业"), max_length=12, choices=sme.Industry, blank=True)
    staff_count = models.PositiveIntegerField(_("从业人员"), null=True, blank=True)
    revenue_amount = models.DecimalField(
        _("营业收入"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, _("营业收入不能小于 0。"))],
    )
    assets_amount = models.DecimalField(
        _("资产总额"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, _("资产总额不能小于 0。"))],
    )
    bank_account_name = models.CharField(_("账户名称"), max_length=100, blank=True)
    bank_name = models.CharField(_("开户银行"), max_length=60, blank=True)
    bank_branch = models.CharField(_("开户支行"), max_length=100, blank=True)
    bank_account_number = MaskedNumberField(
        _("对公银行账号"), blank=True, default="", validators=[bank.validate_account_number]
    )

    declares_no_card = models.BooleanField(_("这是对公账户，不是银行卡"), default=False)

    # step 3: contact
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=20, blank=True, validators=[validate_phone])
    contact_mobile = models.CharField(_("手机号码"), max_length=11, blank=True, validators=[validate_mobile])
    contact_email = models.EmailField(_("联系邮箱"), blank=True)

    objects = ConsumerQuerySet.as_manager()  # type: ignore[misc]  # the stubs take the base's for a ClassVar

    group_permissions: ClassVar[dict[str, tuple[str, ...]]] = {PAYERS: ("view_consumer", "view_bank_account")}
    approval_effect: ClassVar[Any] = _("通过后可以申请创新券，信息不公开。")
    review_aside_template = "institutions/admin/consumer_aside.html"
    review_sections: ClassVar[Sequence[ReviewSection]] = (
        ReviewSection(
            _("基本信息"),
            (
                "name",
                "code",
                "consumer_type",
                "registered_on",
                "legal_representative",
                "city",
                "district",
                "address",
                "certificate",
                "introduction",
                "incubated",
            ),
        ),
        ReviewSection(
            _("财务信息"),
            (
                "industry",
                "staff_count",
                "revenue_amount",
                "assets_amount",
                "bank_account_name",
                "bank_name",
                "bank_branch",
                "bank_account_number",
            ),
        ),
        ReviewSection(_("联系人信息"), ("contact_name", "contact_mobile", "contact_phone", "contact_email")),
    )
    chosen_fields: ClassVar[frozenset[str]] = frozenset({"district"})
    required_to_submit: ClassVar[Sequence[str]] = tuple(
        name
        for section in review_sections
        for name in section.fields
        if name not in {"incubated", "contact_phone"}
    )

    class Meta(Submission.Meta):
        verbose_name = _("用券机构")
        verbose_name_plural = _("用券机构")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["city"], name="consumer_city"),
            models.Index(fields=["code"], name="consumer_code"),
        ]
        permissions = [("view_bank_account", "查看完整银行账号")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.code = normalise_code(self.code)
        errors = {}
        if self.city and self.district and not is_district_of(self.district, self.city):
            errors["district"] = _("所选区县不属于所在城市，请重新选择。")
        if self.registered_on and self.registered_on > timezone.localdate():
            errors["registered_on"] = _("注册日期不能晚于今天，请对照证照核对。")
        if errors:
            raise ValidationError(errors)

    @classmethod
    def review_target_days(cls) -> int:
        return current_parameters().institution_review_days

    @property
    def owner(self) -> User:
        return self.account

    @property
    def institution_name(self) -> str:
        return self.name

    @property
    def city_name(self) -> str:
        return city_name(self.city)

    @cached_property
    def ban(self) -> "ConsumerBan | None":
        """The ban in force against the institution, if any; read once for each instance."""
        from institutions.bans import ban_in_force

        return ban_in_force(self)

    @cached_property
    def standing_ban(self) -> "ConsumerBan | None":
        """One against the institution that is not lifted yet, perhaps about to begin; rather its own than a twin's."""
        from institutions.models.bans import ConsumerBan

        bans = ConsumerBan.objects.standing().of_institution(self).select_related("made_by", "consumer")
        return min(bans, key=lambda ban: (ban.consumer_id != self.pk, ban.pk), default=None)

    @property
    def place(self) -> str:
        return place_name(self.city, self.district)

    @property
    def is_public(self) -> bool:
        """Never: what it says is for the reviewers and those who pay."""
        return False

    @property
    def hidden_reason(self) -> str:
        return gettext("用券机构的信息不对外公开。")

    @property
    def size(self) -> sme.Finding:
        """The class by size, with the rule that decided it."""
        return sme.classify(
            industry=self.industry,
            staff_count=self.staff_count,
            revenue_amount=self.revenue_amount,
            assets_amount=self.assets_amount,
        )

    @property
    def size_label(self) -> str:
        return str(self.size.size.label) if self.size.size else gettext("待核定")

    @property
    def size_problem(self) -> str:
        """Why the size keeps it from applying, in a sentence. Only enterprises are held to a size."""
        if self.consumer_type != ConsumerType.SME or self.size.is_sme is not False:
            return ""
        return (
            gettext(
                "大型企业不能以“中小微企业”申请。%s请核对行业、人数和金额（单位是万元）；如属其他类型，请修改机构类型。"
            )
            % self.size.reason
        )

    @property
    def account_problem(self) -> str:
        """Why the bank account is not the institution's own, in a sentence; empty while either name is missing."""
        if not (self.name and self.bank_account_name):
            return ""
        return bank.account_name_problem(self.bank_account_name, self.name)

    @property
    def number_problem(self) -> str:
        """Why the account number is refused although it is well-formed, in a sentence."""
        return bank.number_problem(self.bank_account_number, declared=self.declares_no_card)

    @property
    def inapplicable_fields(self) -> frozenset[str]:
        return frozenset() if self.consumer_type == ConsumerType.INCUBATOR else frozenset({"incubated"})

    def submission_problems(self) -> dict[str, list[str]]:
        problems = super().submission_problems()
        listed = bool(self.incubated.all())
        found = {
            "incubated": gettext("请至少填写一家在孵企业或团队。")
            if self.consumer_type == ConsumerType.INCUBATOR and not listed
            else gettext("只有孵化器、众创空间、星创天地填写在孵企业和团队，请移除，或修改机构类型。")
            if self.consumer_type and self.consumer_type != ConsumerType.INCUBATOR and listed
            else "",
            "industry": self.size_problem,
            "bank_account_name": self.account_problem,
            "bank_account_number": self.number_problem,
        }
        for name, sentence in found.items():
            if sentence:
                problems.setdefault(name, []).append(sentence)
        return problems

    def review_evidence(self) -> list[Evidence]:
        from institutions.evidence import consumer_evidence

        return consumer_evidence(self)

    def get_revenue_amount_display(self) -> str:
        return sme.in_wan(self.revenue_amount)

    def get_assets_amount_display(self) -> str:
        return sme.in_wan(self.assets_amount)

    @classmethod
    def describe_change(cls, name: str, before: Any, after: Any) -> str | None:
        """Amounts in 万元, as the pages have them."""
        in_wan = name in {"revenue_amount", "assets_amount"}
        return sme.change_in_wan(cls, name, before, after) if in_wan else None

    def get_centre_url(self) -> str:
        return reverse("institutions:overview")


class IncubatedMember(Orderable):
    """An enterprise or team that an incubator applies for. A team has no code."""

    consumer = ParentalKey(Consumer, on_delete=models.CASCADE, related_name="incubated")
    name = models.CharField(_("企业或团队名称"), max_length=100)
    code = models.CharField(
        _("统一社会信用代码"), max_length=18, blank=True, validators=[validate_identity_code]
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("在孵企业或团队")
        verbose_name_plural = _("在孵企业和团队")
        constraints = [
            models.UniqueConstraint(
                fields=["consumer", "code"], condition=~Q(code=""), name="incubated_code_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）" if self.code else self.name
