"""Parameters of the programme: what staff may settle without a developer, in sets that take force one after the other."""

import datetime
from typing import Any, ClassVar, Self, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import require
from programme.exceptions import ProgrammeError
from programme.querysets import ProgrammeParametersQuerySet
from programme.subsidy import validate_bands
from workflow.setup import AUDITORS, MANAGERS, REVIEWERS

# Ten years: no voucher is valid for longer, however its end is given.
MOST_VALID_DAYS = 3650


class Validity(models.TextChoices):
    DAYS = "days", _("自发放之日起若干天")
    FIXED_DATE = "fixed_date", _("到固定日期")
    PROGRAMME_YEAR = "programme_year", _("到项目年度末（12 月 31 日）")


class Payee(models.TextChoices):
    CONSUMER = "consumer", _("用券机构")
    PROVIDER = "provider", _("接券机构")


class SubsidyBase(models.TextChoices):
    VOUCHERS = "vouchers", _("用创新券结算的订单")
    ALL = "all", _("全部完成的订单")


def amount_field(label: Any, *, least: int = 1, **options: Any) -> models.DecimalField[Any, Any]:
    validator = MinValueValidator(least, _("金额不能小于 %(limit_value)s 元。"))
    return models.DecimalField(label, max_digits=14, decimal_places=2, validators=[validator], **options)


def percent_field(
    label: Any, *, least: int = 1, **options: Any
) -> models.PositiveSmallIntegerField[Any, Any]:
    validators = [
        MinValueValidator(least, _("比例不能小于 %(limit_value)s%%。")),
        MaxValueValidator(100, _("比例不能大于 %(limit_value)s%%。")),
    ]
    return models.PositiveSmallIntegerField(label, validators=validators, **options)


def days_field(
    label: Any, *, least: int = 1, most: int = MOST_VALID_DAYS, **options: Any
) -> models.PositiveSmallIntegerField[Any, Any]:
    validators = [
        MinValueValidator(least, _("天数不能小于 %(limit_value)s。")),
        MaxValueValidator(most, _("天数不能大于 %(limit_value)s。")),
    ]
    return models.PositiveSmallIntegerField(label, validators=validators, **options)


class ProgrammeParameters(models.Model):
    """One whole set, in force from its moment until that of the next.

    A set in force or past is never changed and never deleted, by this model and by triggers: decisions refer to it. Amounts in
    yuan. Source of the defaults: the manual, and the practice of other provinces (docs/adr/0012-programme-app.md).
    """

    effective_from = models.DateTimeField(
        _("生效时间"), unique=True, error_messages={"unique": _("已有一套参数在这一时间生效，请换一个时间。")}
    )

    yearly_pool_amount = amount_field(
        _("年度资金总额（元）"), default=20_000_000, help_text=_("一个项目年度内发放创新券的资金上限。")
    )
    consumer_ceiling_amount = amount_field(
        _("每家机构年度申领上限（元）"), default=200_000, help_text=_("含正在审核的申请。")
    )
    first_ceiling_amount = amount_field(
        _("首次申领上限（元）"), null=True, blank=True, help_text=_("留空表示首次申领没有单独的上限。")
    )
    reapply_used_percent = percent_field(
        _("再次申领须已使用（%）"),
        null=True,
        blank=True,
        help_text=_("本年度已获批的额度使用超过该比例，才可再次申领；留空表示不作要求。"),
    )
    whole_yuan_only = models.BooleanField(
        _("金额只取整元"), default=False, help_text=_("申领和发放的金额不带角、分。")
    )

    instrument_share_percent = percent_field(
        _("仪器共享补助比例（%）"), default=50, help_text=_("创新券可抵扣发票金额的比例。")
    )
    testing_share_percent = percent_field(
        _("检验检测补助比例（%）"), default=50, help_text=_("创新券可抵扣发票金额的比例。")
    )
    lab_share_percent = percent_field(
        _("实验服务补助比例（%）"), default=50, help_text=_("创新券可抵扣发票金额的比例。")
    )

    validity = models.CharField(_("有效期"), max_length=20, choices=Validity, default=Validity.DAYS)
    validity_days = days_field(
        _("有效天数"), default=365, help_text=_("有效期选“自发放之日起若干天”时使用；发放当天计为第 1 天。")
    )
    valid_to = models.DateField(
        _("有效期截止日"), null=True, blank=True, help_text=_("含当天；有效期选“到固定日期”时填写。")
    )
    redeem_within_days = days_field(
        _("兑付期限（天）"),
        least=0,
        default=90,
        help_text=_("有效期结束后多少天内仍可申请兑付；到期未用的金额退回资金池。"),
    )
    payee = models.CharField(_("收款方"), max_length=10, choices=Payee, default=Payee.CONSUMER)
    publicity_days = days_field(
        _("兑付前公示（天）"), least=0, most=365, default=7, help_text=_("填 0 表示不公示。")
    )
    spot_check_percent = percent_field(
        _("抽查比例（%）"), least=0, default=20, help_text=_("兑付申请中随机抽查的比例。")
    )
    low_use_percent = percent_field(
        _("低使用率停申线（%）"),
        null=True,
        blank=True,
        help_text=_("上一年度使用率低于该比例的机构，次年不能申领；留空表示不启用。"),
    )
    direct_orders = models.BooleanField(
        _("开放“立即下单”"), default=True, help_text=_("关闭后，用券机构只能先预约再下单。")
    )
    min_instrument_amount = amount_field(
        _("接券机构仪器最低原值（元）"),
        default=200_000,
        help_text=_("接券机构至少应有一台（套）不低于该原值的仪器。"),
    )

    # of the running subsidy 运行补助, by a provider's year (programme/subsidy.py)
    subsidy_base = models.CharField(
        _("运行补助的计补范围"),
        max_length=10,
        choices=SubsidyBase,
        default=SubsidyBase.VOUCHERS,
        db_default="vouchers",  # while the version before still makes sets
    )
    subsidy_bands = models.TextField(
        _("运行补助档次"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[validate_bands],
        help_text=_(
            "每行一档，从低到高：全年服务金额起点（元），空格，补助。例如“100000 5%”按服务金额的 5% 补助，"
            "“1000000 80000元”补助定额。按达到的最高一档计算；留空表示不发放运行补助。"
        ),
    )
    subsidy_ceiling_amount = amount_field(
        _("每家机构运行补助上限（元）"), null=True, blank=True, help_text=_("留空表示没有上限。")
    )

    institution_review_days = days_field(_("机构审核期限（工作日）"), most=60, default=2)
    resource_review_days = days_field(_("仪器与服务审核期限（工作日）"), most=60, default=2)
    voucher_review_days = days_field(_("创新券审核期限（工作日）"), most=60, default=3)

    reason = models.TextField(
        _("变更原因"), max_length=500, help_text=_("写明依据，如文件名称和文号；留存在审计记录中。")
    )
    # nobody for the set that the platform comes with
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("制定人"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("制定时间"), auto_now_add=True)

    objects = ProgrammeParametersQuerySet.as_manager()
    _stored_from: datetime.datetime | None = None

    staff_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        MANAGERS: ("view", "add", "change", "delete"),
        REVIEWERS: ("view",),
        AUDITORS: ("view",),
    }

    class Meta:
        verbose_name = _("项目参数")
        verbose_name_plural = _("项目参数")
        ordering = ["-effective_from"]

    def __str__(self) -> str:
        moment = date_format(timezone.localtime(self.effective_from), "Y-m-d H:i")
        return gettext("%s 起生效的项目参数") % moment

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._require_future()
        super().save(*args, **kwargs)
        self._stored_from = self.effective_from

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._require_future()
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """A validity to a fixed date has one within ten years, and a first application's ceiling lies within the year's."""
        problems = {}
        start = timezone.localdate(self.effective_from or timezone.now())
        if self.validity == Validity.FIXED_DATE and self.valid_to is None:
            problems["valid_to"] = _("有效期到固定日期时，请填写有效期截止日。")
        elif self.valid_to and (self.valid_to - start).days > MOST_VALID_DAYS:
            problems["valid_to"] = _("有效期截止日不能晚于参数生效后十年，请核对年份。")
        if self.first_ceiling_amount and self.first_ceiling_amount > (self.consumer_ceiling_amount or 0):
            problems["first_ceiling_amount"] = _("首次申领上限不能大于每家机构年度申领上限。")
        if problems:
            raise ValidationError(problems)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        parameters = super().from_db(*args, **kwargs)
        parameters._stored_from = parameters.__dict__.get("effective_from")
        return parameters

    def _require_future(self) -> None:
        """By the moment that is stored: the one in memory may be another already."""
        require(
            self._stored_from is None or self._stored_from > timezone.now(),
            ProgrammeError(gettext("这套参数已经生效，不能修改或删除。需要调整的，请新增一套参数。")),
        )

    def copied(self) -> "ProgrammeParameters":
        """A new set with the same parameters, not stored, whose moment and reason are yet to be given."""
        fields = (field for field in self._meta.concrete_fields if field.editable and not field.primary_key)
        values = {field.name: getattr(self, field.name) for field in fields}
        return ProgrammeParameters(**values | {"effective_from": None, "reason": ""})

    def share_percent(self, kind: str) -> int:
        """Of an invoice, in percent, for a kind of service: instrument, testing or lab."""
        return cast(int, getattr(self, f"{kind}_share_percent"))

    @property
    def has_taken_force(self) -> bool:
        """In force or past: not to be changed any more."""
        return self.effective_from <= timezone.now()

    def valid_until(self, granted_on: datetime.date) -> datetime.date:
        """The last day of a voucher that is granted on that day. A fixed date may have passed: whoever grants must look."""
        if self.validity == Validity.FIXED_DATE:
            return cast(datetime.date, self.valid_to)
        if self.validity == Validity.PROGRAMME_YEAR:
            return datetime.date(granted_on.year, 12, 31)
        return granted_on + datetime.timedelta(days=self.validity_days - 1)
