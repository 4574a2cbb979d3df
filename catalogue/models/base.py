"""What the records of a provider have in common."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel

from accounts.models import User
from accounts.money import format_yuan
from catalogue.models.classification import TestingField
from catalogue.querysets import ProviderRecordQuerySet
from institutions.models import Provider
from institutions.phones import validate_phone
from institutions.regions import city_name
from programme.selectors import current_parameters
from workflow.models import ReviewSection, Submission

if TYPE_CHECKING:
    from catalogue.attributes import AttributeBook
    from workflow.differences import SectionRows

POSITIVE_PRICE = MinValueValidator(Decimal("0.01"), message=_("价格应大于 0 元。"))


class PriceUnit(models.TextChoices):
    SAMPLE = "sample", _("样品")
    HOUR = "hour", _("小时")
    RUN = "run", _("次")
    DAY = "day", _("天")
    ITEM = "item", _("项")


class PriceKind(models.TextChoices):
    FIXED = "fixed", _("固定价格")
    RANGE = "range", _("价格区间")
    AGREEMENT = "agreement", _("面议")


class ProviderRecord(Submission, ClusterableModel):
    """A record that a provider keeps: public only while approved, of a public provider.

    ``internal_number`` is the provider's own; imports and the API find a record by it. ``attributes`` holds what
    staff have defined for the record's class or field (``catalogue.attributes``), by the definition's number.
    A subclass declares ``provider`` and ``category_field``, the name of its place in a classification.
    """

    category_field: ClassVar[str] = ""

    provider: Any
    provider_id: Any
    _attribute_book: "AttributeBook | None" = None

    objects: ClassVar[ProviderRecordQuerySet] = ProviderRecordQuerySet.as_manager()  # type: ignore[assignment]

    internal_number = models.CharField(
        _("单位内部编号"),
        max_length=40,
        blank=True,
        help_text=_("本单位自己的编号，单位内不重复；导入时按它更新。"),
    )
    attributes = models.JSONField(_("专业参数"), default=dict, blank=True)

    class Meta(Submission.Meta):
        abstract = True
        ordering = ["-pk"]
        constraints = [
            *Submission.Meta.constraints,
            models.UniqueConstraint(
                fields=["provider", "internal_number"],
                condition=~Q(internal_number=""),
                name="%(class)s_internal_number",
                violation_error_message=_("本单位已有相同内部编号的记录，请核对编号。"),
            ),
        ]

    def submission_problems(self) -> dict[str, list[str]]:
        problems = super().submission_problems()
        if not self.provider.is_withdrawable:  # neither waiting for review nor approved
            problems["provider"] = [
                gettext("机构信息还没有提交审核。请先把“机构信息”填写完整并点击“完成”，再提交%(type)s。")
                % {"type": self._meta.verbose_name}
            ]
        for definition in self.attribute_book.missing(self):
            problems[definition.field_name] = [definition.missing_sentence]
        return problems

    @property
    def attribute_book(self) -> "AttributeBook":
        """What staff have defined for records like this one. Where there are many, set one book for all of them."""
        if self._attribute_book is None or not self._attribute_book.covers(self.category_code):
            from catalogue.attributes import AttributeBook

            self._attribute_book = AttributeBook.for_records(self)
        return self._attribute_book

    @attribute_book.setter
    def attribute_book(self, book: "AttributeBook") -> None:
        self._attribute_book = book

    def extra_review_sections(self, previous: Self | None) -> "list[SectionRows]":
        from catalogue.attributes.review import attribute_sections

        return attribute_sections(self, previous)

    @classmethod
    def describe_change(cls, name: str, before: Any, after: Any) -> str | None:
        from catalogue.attributes.review import describe_changes

        return describe_changes(before or {}, after or {}) if name == "attributes" else None

    @property
    def hidden_reason(self) -> str:
        if self.provider.is_public:
            return ""
        return self.provider.hidden_reason or gettext("机构信息目前不是“可接券”状态，所以暂不公开。")

    @property
    def category_code(self) -> str | None:
        """The code of its place in the classification; None while it has none."""
        return getattr(self, f"{self.category_field}_id") if self.category_field else None

    @classmethod
    def review_target_days(cls) -> int:
        return current_parameters().resource_review_days

    @property
    def owner(self) -> User:
        return self.provider.account

    @property
    def institution_name(self) -> str:
        return str(self.provider)

    @property
    def city_name(self) -> str:
        return city_name(self.provider.city)


class ServiceRecord(ProviderRecord):
    """A service that a consumer books: what is delivered, how, how soon and for how much. Amounts in yuan."""

    category_field = "field"

    name = models.CharField(_("服务名称"), max_length=100)
    field = models.ForeignKey(
        TestingField,
        verbose_name=_("服务领域"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    content = models.TextField(_("服务内容"), max_length=1000, blank=True)
    deliverables = models.TextField(
        _("交付成果"), max_length=300, blank=True, help_text=_("如检测报告、数据、样品、技术方案。")
    )
    methods = models.TextField(
        _("标准或方法"),
        max_length=500,
        blank=True,
        help_text=_("一行一项，如“GB/T 228.1-2021 金属材料 拉伸试验”。"),
    )
    instruments = ParentalManyToManyField(
        "catalogue.Instrument", verbose_name=_("使用的仪器"), blank=True, related_name="%(class)ss"
    )
    turnaround_days = models.PositiveSmallIntegerField(
        _("服务周期（工作日）"),
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, message=_("服务周期至少 1 个工作日。")),
            MaxValueValidator(750, message=_("服务周期最多 750 个工作日，请核对。")),
        ],
    )
    price_kind = models.CharField(
        _("计价方式"), max_length=10, choices=PriceKind, blank=True, help_text=_("面议的不必填写价格。")
    )
    price_amount = models.DecimalField(
        _("价格（元）"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[POSITIVE_PRICE]
    )
    price_max_amount = models.DecimalField(
        _("最高价格（元）"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[POSITIVE_PRICE],
    )
    price_unit = models.CharField(_("计价单位"), max_length=8, choices=PriceUnit, blank=True)
    price_list = models.TextField(_("收费说明"), max_length=500, blank=True)
    sample_requirements = models.TextField(_("样品要求"), max_length=500, blank=True)
    user_notice = models.TextField(_("用户须知"), max_length=500, blank=True)
    accepts_vouchers = models.BooleanField(_("可使用创新券"), default=True)
    contact_name = models.CharField(_("服务联系人"), max_length=20, blank=True)
    contact_phone = models.CharField(_("联系人电话"), max_length=20, blank=True, validators=[validate_phone])
    contact_email = models.EmailField(_("联系人邮箱"), max_length=50, blank=True)

    review_sections: ClassVar[Sequence[ReviewSection]] = (
        ReviewSection(
            _("服务信息"),
            (
                "name",
                "internal_number",
                "field",
                "content",
                "deliverables",
                "methods",
                "instruments",
                "sample_requirements",
            ),
        ),
        ReviewSection(
            _("周期与价格"),
            (
                "turnaround_days",
                "price_kind",
                "price_amount",
                "price_max_amount",
                "price_unit",
                "price_list",
                "user_notice",
                "accepts_vouchers",
            ),
        ),
        ReviewSection(_("联系人"), ("contact_name", "contact_phone", "contact_email")),
    )
    required_to_submit: ClassVar[Sequence[str]] = (
        "name",
        "field",
        "content",
        "deliverables",
        "turnaround_days",
        "price_kind",
        "contact_name",
        "contact_phone",
    )

    class Meta(ProviderRecord.Meta):
        abstract = True
        constraints = [
            *ProviderRecord.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_price_positive",
                condition=Q(price_amount=None) | Q(price_amount__gt=0),
                violation_error_message=_("价格应大于 0 元。"),
            ),
            models.CheckConstraint(
                name="%(class)s_price_range",
                condition=Q(price_amount=None)
                | Q(price_max_amount=None)
                | Q(price_max_amount__gte=F("price_amount")),
                violation_error_message=_("最高价格不能低于价格。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        lowest, highest = self.price_amount, self.price_max_amount
        if lowest is not None and highest is not None and highest < lowest:
            raise ValidationError({"price_max_amount": _("最高价格不能低于价格，请核对。")})

    def submission_problems(self) -> dict[str, list[str]]:
        problems = super().submission_problems()
        priced = self.price_kind in {PriceKind.FIXED, PriceKind.RANGE}
        if priced and self.price_amount is None:
            problems.setdefault("price_amount", [gettext("请填写“价格（元）”，或把计价方式改为“面议”。")])
        if self.price_kind == PriceKind.RANGE and self.price_max_amount is None:
            problems.setdefault("price_max_amount", [gettext("价格区间请填写“最高价格（元）”。")])
        if priced and not self.price_unit:
            problems.setdefault("price_unit", [gettext("请选择“计价单位”。")])
        return problems

    @property
    def inapplicable_fields(self) -> frozenset[str]:
        match self.price_kind:
            case PriceKind.FIXED:
                return frozenset({"price_max_amount"})
            case PriceKind.AGREEMENT:
                return frozenset({"price_amount", "price_max_amount", "price_unit"})
        return super().inapplicable_fields

    @property
    def price_label(self) -> str:
        """The price in words: 300 元/样品, 300–500 元/样品, or 面议."""
        if self.price_kind == PriceKind.AGREEMENT or self.price_amount is None:
            return gettext("价格面议")
        amount = format_yuan(self.price_amount)
        if self.price_kind == PriceKind.RANGE and self.price_max_amount is not None:
            amount = f"{amount}–{format_yuan(self.price_max_amount)}"
        unit = self.get_price_unit_display()
        words = gettext("%(amount)s 元/%(unit)s") if unit else gettext("%(amount)s 元")
        return words % {"amount": amount, "unit": unit}


__all__ = ["PriceKind", "PriceUnit", "Provider", "ProviderRecord", "ServiceRecord"]
