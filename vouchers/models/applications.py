"""Applications for vouchers 创新券申请, and what was granted for them (manual, section 五.2). Amounts in yuan."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from accounts.models import User
from accounts.money import format_yuan
from files.models import PrivateFile
from institutions import sme
from institutions.models import Consumer
from programme.selectors import current_parameters
from vouchers.querysets import ApplicationQuerySet
from workflow.differences import FieldRow, SectionRows, field_label, shown_value
from workflow.models import (
    Evidence,
    ReviewPlan,
    ReviewSection,
    ReviewStep,
    ReviewTaskState,
    Submission,
)
from workflow.statuses import SubmissionStatus

if TYPE_CHECKING:
    from vouchers.eligibility import Standing
    from vouchers.forms_admin import GrantForm

CHECKERS = "创新券初审"
DECIDERS = "创新券审定"

# A statement of use shorter than this tells a reviewer nothing.
LEAST_WORDS = 20

# What an application shows of its institution, as the institution's own pages have it.
INSTITUTION_FIELDS: dict[str, Any] = {
    "name": _("机构名称"),
    "code": _("统一社会信用代码"),
    "consumer_type": _("机构类型"),
    "size_label": _("企业规模"),
    "registered_on": _("注册日期"),
    "legal_representative": _("法定代表人"),
    "place": _("所在地"),
    "address": _("详细地址"),
    "industry": _("所属行业"),
    "staff_count": _("从业人员"),
    "revenue_amount": _("营业收入"),
    "assets_amount": _("资产总额"),
    "bank_account_name": _("账户名称"),
    "bank_name": _("开户银行"),
    "bank_branch": _("开户支行"),
    "bank_account_number": _("对公银行账号"),
    "contact_name": _("联系人"),
    "contact_mobile": _("手机号码"),
    "contact_email": _("联系邮箱"),
}


def statement_field(label: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        PrivateFile, verbose_name=label, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


class VoucherApplication(Submission, ClusterableModel):  # type: ignore[django-manager-missing]  # modelcluster's
    """A consumer asks for a voucher. Approved at its last step, it has a ``grant`` with the voucher.

    One at a time is open (not approved yet) for each consumer. ``institution`` is what its institution said when it was
    submitted: ``{field name: text}``.
    """

    consumer = models.ForeignKey(
        Consumer, verbose_name=_("用券机构"), on_delete=models.PROTECT, related_name="applications"
    )
    institution = models.JSONField(_("提交时的机构信息"), default=dict, blank=True, editable=False)

    # step 1: the application
    applied_amount = models.DecimalField(
        _("申请额度（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    last_year_revenue_amount = models.DecimalField(
        _("上一年度营业收入"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, _("营业收入不能小于 0。"))],
    )
    reason = models.TextField(_("申请理由"), max_length=2000, blank=True)
    problem = models.TextField(_("拟解决的问题"), max_length=2000, blank=True)
    has_projects = models.BooleanField(_("具有创新项目"), null=True, blank=True)

    # step 3, after the projects: the financial statements
    statement_year = models.PositiveSmallIntegerField(_("报表年度"), null=True, blank=True)
    statement = statement_field(_("最近一年财务报表"))
    earlier_statement_year = models.PositiveSmallIntegerField(_("上一份报表年度"), null=True, blank=True)
    earlier_statement = statement_field(_("上一年财务报表"))

    objects = ApplicationQuerySet.as_manager()  # type: ignore[misc]  # the stubs take the base's for a ClassVar

    group_permissions: ClassVar[dict[str, tuple[str, ...]]] = {
        CHECKERS: ("view_voucherapplication", "view_consumer", "view_voucher", "view_pool"),
        DECIDERS: ("view_voucherapplication", "view_consumer", "view_voucher", "view_pool", "grant_voucher"),
    }
    approval_effect: ClassVar[str | Promise] = _("最后一步通过后，按申请额度发放创新券。")
    review_aside_template = "vouchers/admin/grant_card.html"
    default_review: ClassVar[ReviewPlan | None] = ReviewPlan(
        "创新券审核", (ReviewStep("初审", CHECKERS), ReviewStep("审定", DECIDERS))
    )
    review_sections: ClassVar[Sequence[ReviewSection]] = (
        ReviewSection(
            _("申请信息"),
            ("applied_amount", "last_year_revenue_amount", "reason", "problem", "has_projects"),
        ),
        ReviewSection(
            _("财务报表"),
            ("statement_year", "statement", "earlier_statement_year", "earlier_statement"),
        ),
    )
    chosen_fields: ClassVar[frozenset[str]] = frozenset({"statement_year"})
    required_to_submit: ClassVar[Sequence[str]] = (
        "applied_amount",
        "last_year_revenue_amount",
        "reason",
        "problem",
        "statement_year",
        "statement",
    )

    class Meta(Submission.Meta):
        verbose_name = _("创新券申请")
        verbose_name_plural = _("创新券申请")
        ordering = ["-pk"]
        constraints = [
            *Submission.Meta.constraints,
            models.UniqueConstraint(
                fields=["consumer"],
                condition=~models.Q(status=SubmissionStatus.APPROVED.value),
                name="application_one_open",
            ),
            models.CheckConstraint(
                name="application_amount_positive",
                condition=models.Q(applied_amount=None) | models.Q(applied_amount__gt=0),
            ),
        ]

    def __str__(self) -> str:
        day = date_format(timezone.localtime(self.submitted_at or self.created_at or timezone.now()), "Y-m-d")
        if self.applied_amount is None:
            return gettext("%s 的申请") % day
        return gettext("%(day)s 申请 %(amount)s 元") % {
            "day": day,
            "amount": format_yuan(self.applied_amount),
        }

    @classmethod
    def review_target_days(cls) -> int:
        return current_parameters().voucher_review_days

    @property
    def owner(self) -> User:
        return self.consumer.account

    @property
    def institution_name(self) -> str:
        return self.consumer.name

    @property
    def city_name(self) -> str:
        return self.consumer.city_name

    @property
    def is_public(self) -> bool:
        """Never: it says what a company plans."""
        return False

    @property
    def hidden_reason(self) -> str:
        return gettext("创新券申请不对外公开。")

    @property
    def kept_reason(self) -> str:
        if self.status != SubmissionStatus.APPROVED:
            return ""
        return gettext("申请已获批，创新券已经发放，不能再撤回或修改。用不完的金额可以在“创新券”页面退券。")

    @property
    def granted_amount(self) -> Decimal | None:
        """What was granted; None until it was."""
        return self.grant.voucher.amount if hasattr(self, "grant") else None

    @property
    def staff_title(self) -> str:
        return gettext("%(institution)s，%(application)s") % {
            "institution": self.institution_name,
            "application": self,
        }

    @property
    def approval_outcome(self) -> str:
        granted = self.granted_amount
        return gettext("发放 %s 元") % format_yuan(granted) if granted is not None else ""

    @classmethod
    def bulk_facts(cls, states: Sequence[ReviewTaskState], *, approving: bool) -> list[str]:
        from vouchers.selectors import bulk_facts

        return bulk_facts(states, approving=approving)

    def needs_two_statements(self, day: datetime.date) -> bool:
        """Of two years, unless the company is younger than two years on that day."""
        founded = self.consumer.registered_on
        return founded is None or anniversary(founded, 2) <= day

    @property
    def inapplicable_fields(self) -> frozenset[str]:
        day = timezone.localdate(self.submitted_at) if self.submitted_at else timezone.localdate()
        if self.needs_two_statements(day):
            return frozenset()
        return frozenset({"earlier_statement_year", "earlier_statement"})

    @cached_property
    def standing(self) -> "Standing":
        """What counts for and against it now; read once for each instance."""
        from vouchers.eligibility import standing_of

        return standing_of(self.consumer, besides=self)

    def submission_problems(self) -> dict[str, list[str]]:
        """Also by eligibility, against ``consumer``, and by the amount that may be applied for today."""
        problems = super().submission_problems()
        standing = self.standing
        against = standing.reasons
        amount = self.applied_amount
        found = {
            "consumer": against,
            "applied_amount": [one for one in standing.amount_reasons(amount) if one not in against]
            if amount is not None
            else [],
            "has_projects": [gettext("请选择是否具有创新项目。")] if self.has_projects is None else [],
            "projects": self._project_problems(),
            "earlier_statement": self._earlier_statement_problems(),
            **{name: self._word_problems(name) for name in ("reason", "problem")},
        }
        for name, sentences in found.items():
            if sentences:
                problems.setdefault(name, []).extend(sentences)
        return problems

    def _word_problems(self, name: str) -> list[str]:
        count = len(getattr(self, name).strip())
        if not 0 < count < LEAST_WORDS:
            return []
        return [
            gettext("“%(label)s”至少写 %(least)d 个字，现在有 %(count)d 个，请写具体。")
            % {"label": field_label(type(self), name), "least": LEAST_WORDS, "count": count}
        ]

    def _project_problems(self) -> list[str]:
        if not self.has_projects:
            return []
        projects = self.projects.all()
        if not projects:
            return [gettext("请至少填写一个创新项目；没有的，请在第 1 步改选“否”。")]
        return [sentence for project in projects if (sentence := project.gap)]

    def _earlier_statement_problems(self) -> list[str]:
        """Nothing is said of the earlier one while the last is missing: that comes first."""
        if self.earlier_statement is None:
            if not self.needs_two_statements(timezone.localdate()):
                return []
            day = self.consumer.registered_on or gettext("（未填）")
            return [gettext("机构注册日期是 %s，已满两年，须提交近两年的财务报表，请上传上一年的。") % day]
        if self.earlier_statement_year is None:
            return [gettext("请选择这份财务报表的年度。")]
        if self.statement_year is not None and self.earlier_statement_year != self.statement_year - 1:
            return [
                gettext(
                    "近两年的财务报表应是相邻的两年：最近一年是 %(last)d 年度，上一年应是 %(earlier)d 年度，请核对。"
                )
                % {"last": self.statement_year, "earlier": self.statement_year - 1}
            ]
        if self.statement and self.statement.sha256 == self.earlier_statement.sha256:
            return [gettext("两份财务报表是同一个文件，请分别上传两年的报表。")]
        return []

    def values_to_freeze(self) -> dict[str, Any]:
        """Its institution as it is now, locked: nobody withdraws it between the check and the submission."""
        self.consumer = Consumer.objects.select_related("account").locked(self.consumer_id)
        self.__dict__.pop("standing", None)
        return {
            "institution": {
                **institution_texts(self.consumer),
                "revision": self.consumer.approved_revision_id,
            }
        }

    @property
    def last_step_form(self) -> "type[GrantForm]":
        from vouchers.forms_admin import GrantForm

        return GrantForm

    def settle(self, *, actor: User, comment: str, details: Mapping[str, Any]) -> str:
        from vouchers.application_services import grant_application

        return grant_application(application=self, actor=actor, comment=comment, **details)

    def institution_rows(self) -> list[FieldRow]:
        """As the institution is, until the application is submitted; from then on as it was."""
        texts = institution_texts(self.consumer) if self.is_editable else self.institution
        return [
            FieldRow(f"institution_{name}", str(label), texts[name], None)
            for name, label in INSTITUTION_FIELDS.items()
            if texts.get(name)
        ]

    def extra_review_sections(self, previous: Self | None) -> list[SectionRows]:
        """Projects and institution. There is no version approved before to compare with."""
        projects = [
            FieldRow(f"project_{number}", gettext("项目 %d") % number, str(project), None)
            for number, project in enumerate(self.projects.all(), start=1)
        ]
        sections = {
            gettext("创新项目"): projects if self.has_projects else [],
            gettext("机构信息")
            if self.is_editable
            else gettext("机构信息（提交时）"): self.institution_rows(),
        }
        return [SectionRows(title, rows) for title, rows in sections.items() if rows]

    def review_evidence(self) -> list[Evidence]:
        from vouchers.evidence import evidence_for

        return evidence_for(self)

    def get_last_year_revenue_amount_display(self) -> str:
        return sme.in_wan(self.last_year_revenue_amount)

    def get_applied_amount_display(self) -> str:
        return format_yuan(self.applied_amount) if self.applied_amount is not None else ""

    def get_has_projects_display(self) -> str:
        return {True: gettext("是"), False: gettext("否"), None: ""}[self.has_projects]

    @classmethod
    def describe_change(cls, name: str, before: Any, after: Any) -> str | None:
        """The revenue in 万元, as the pages have it."""
        in_wan = name == "last_year_revenue_amount"
        return sme.change_in_wan(cls, name, before, after) if in_wan else None

    def get_centre_url(self) -> str:
        return reverse("vouchers:application", args=[self.pk])


class ApplicationProject(Orderable):
    """An innovation project for which the voucher is meant."""

    application = ParentalKey(VoucherApplication, on_delete=models.CASCADE, related_name="projects")
    title = models.CharField(_("项目名称"), max_length=100)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    budget_amount = models.DecimalField(
        _("项目预算（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    funding_source = models.CharField(_("经费来源"), max_length=100, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("创新项目")
        verbose_name_plural = _("创新项目")
        constraints = [
            models.CheckConstraint(
                name="project_dates_in_order", condition=models.Q(starts_on__lte=models.F("ends_on"))
            ),
            models.CheckConstraint(name="project_budget_positive", condition=models.Q(budget_amount__gt=0)),
        ]

    def __str__(self) -> str:
        values = (gettext("（未填）") if value is None or value == "" else value for value in self._values())
        return gettext("%(title)s；%(start)s 至 %(end)s；预算 %(budget)s；经费来源：%(source)s") % dict(
            zip(("title", "start", "end", "budget", "source"), values, strict=True)
        )

    def _values(self) -> tuple[Any, ...]:
        budget = gettext("%s 元") % format_yuan(self.budget_amount) if self.budget_amount else None
        return self.title, self.starts_on, self.ends_on, budget, self.funding_source

    @property
    def gap(self) -> str:
        """What it still lacks, in a sentence; empty when complete."""
        names = ("starts_on", "ends_on", "budget_amount", "funding_source")
        missing = [field_label(type(self), name) for name in names if not getattr(self, name)]
        if not missing:
            return ""
        return gettext("创新项目“%(title)s”还缺少：%(missing)s。") % {
            "title": self.title,
            "missing": gettext("、").join(missing),
        }


class Grant(models.Model):
    """The decision on an application: the voucher it became. ``reason`` says why for less than applied for."""

    application = models.OneToOneField(
        VoucherApplication, verbose_name=_("创新券申请"), on_delete=models.PROTECT, related_name="grant"
    )
    voucher = models.OneToOneField(
        "vouchers.Voucher", verbose_name=_("创新券"), on_delete=models.PROTECT, related_name="grant"
    )
    reason = models.TextField(_("核减原因"), max_length=1000, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("批准")
        verbose_name_plural = _("批准")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.application} → {self.voucher}"


def anniversary(day: datetime.date, years: int) -> datetime.date:
    """That many years later; 29 February becomes the last of its month (Civil Code, article 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def institution_texts(consumer: Consumer) -> dict[str, str]:
    return {name: shown_value(consumer, name) for name in INSTITUTION_FIELDS}
