"""The steps of an application for a voucher (manual, section 五.2), and giving a voucher back."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import format_yuan
from files.forms import PrivateFileField
from institutions import sme
from institutions.forms.fields import RowsField, WanField
from institutions.models import Consumer
from vouchers.eligibility import Standing
from vouchers.models import Voucher
from vouchers.models.applications import LEAST_WORDS, ApplicationProject, VoucherApplication
from workflow.forms import DayField, MoneyField, ParagraphWidget, StepForm, reword


class YesNoField(forms.NullBooleanField):
    """A question that may stay open."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        choices = [("True", gettext_lazy("是")), ("False", gettext_lazy("否"))]
        super().__init__(**kwargs | {"widget": forms.RadioSelect(choices=choices)})


class ApplicationForm(StepForm):
    """Step 1, 申请信息: the amount, the revenue, and what the voucher is for."""

    class Meta:
        model = VoucherApplication
        fields = ("applied_amount", "last_year_revenue_amount", "reason", "problem", "has_projects")
        field_classes = {
            "applied_amount": MoneyField,
            "last_year_revenue_amount": WanField,
            "has_projects": YesNoField,
        }
        widgets = {"reason": ParagraphWidget(rows=5), "problem": ParagraphWidget(rows=5)}
        labels = {"last_year_revenue_amount": gettext_lazy("上一年度营业收入（万元）")}
        help_texts = {
            "last_year_revenue_amount": gettext_lazy("与财务报表一致，单位是万元，不是元。"),
            "has_projects": gettext_lazy("选“是”的，下一步填写项目信息。填写有效的项目有助于获批。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        least = _("至少 %d 个字。") % LEAST_WORDS
        self.fields["reason"].help_text = least + _("为什么需要创新券，打算购买哪些检测、试验或仪器机时。")
        self.fields["problem"].help_text = least + _("要解决研发或生产中的什么问题，预期得到什么结果。")
        self.fields["applied_amount"].help_text = _(
            "根据实际情况填写，最多 %s 元；审核时可能按实际需要核减。"
        ) % format_yuan(self.standing.left_amount)

    @property
    def standing(self) -> Standing:
        return cast(Standing, self.instance.standing)

    def clean_applied_amount(self) -> Decimal | None:
        amount: Decimal | None = self.cleaned_data["applied_amount"]
        if amount is not None and (against := self.standing.amount_reasons(amount)):
            raise forms.ValidationError(against)
        return amount

    def warnings(self) -> Mapping[str, str]:
        values = self.cleaned_data if self.is_bound else self.initial
        warning = revenue_warning(values.get("last_year_revenue_amount"), self.instance.consumer)
        return {"last_year_revenue_amount": warning} if warning else {}


def revenue_warning(amount: Decimal | None, consumer: Consumer) -> str:
    """What to say of a revenue in yuan that differs from the institution's; empty where it does not, or one is missing."""
    if amount is None or consumer.revenue_amount in {None, amount}:
        return ""
    return _("申请填写的上一年度营业收入是 %(here)s，机构信息中是 %(there)s，请核对。") % {
        "here": sme.in_wan(amount),
        "there": consumer.get_revenue_amount_display(),
    }


class ProjectsField(RowsField):
    """As the rows of any other field, and no project ends before it begins."""

    MOST_ROWS = 20

    def _clean_row(
        self, number: int, row: dict[str, Any], problems: list[forms.ValidationError]
    ) -> dict[str, Any]:
        cleaned = super()._clean_row(number, row, problems)
        start, end, budget = (cleaned.get(name) for name in ("starts_on", "ends_on", "budget_amount"))
        if start and end and start > end:
            problems.append(self._problem(number, "ends_on", [_("不能早于开始日期。")]))
        if budget is not None and budget <= 0:
            problems.append(self._problem(number, "budget_amount", [_("应大于 0 元。")]))
        return cleaned


class ProjectsForm(StepForm):
    """Step 2, 创新项目, of those who have any."""

    projects = ProjectsField(
        label=gettext_lazy("创新项目"),
        columns={
            "title": forms.CharField(label=gettext_lazy("项目名称"), max_length=100),
            "starts_on": DayField(label=gettext_lazy("开始日期")),
            "ends_on": DayField(label=gettext_lazy("结束日期")),
            "budget_amount": MoneyField(
                label=gettext_lazy("项目预算（元）"),
                max_digits=14,
                decimal_places=2,
                error_messages={"invalid": gettext_lazy("请填写数字金额，单位元，如 500,000。")},
            ),
            "funding_source": forms.CharField(label=gettext_lazy("经费来源"), max_length=100),
        },
        unique=("title",),
        help_text=gettext_lazy("与创新券用途有关的在研项目；经费来源如自筹、省重点研发计划。"),
    )

    class Meta:
        model = VoucherApplication
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = list(self.instance.projects.all()) if self.instance.pk else []
        self.initial["projects"] = [self._row(project) for project in self.stored]

    def _row(self, project: ApplicationProject) -> dict[str, Any]:
        columns = self.fields["projects"].columns  # type: ignore[attr-defined]  # of a RowsField
        return {name: getattr(project, name) for name in columns}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the stubs do not know it
        if "projects" in self.cleaned_data:
            # held in memory by modelcluster; saving the application stores them with it
            self.instance.projects.set(
                self._placed(row, position) for position, row in enumerate(self.cleaned_data["projects"])
            )

    def _placed(self, row: dict[str, Any], position: int) -> ApplicationProject:
        project = next((one for one in self.stored if self._row(one) == row), None) or ApplicationProject(
            **row
        )
        project.sort_order = position
        return project


class StatementsForm(StepForm):
    """Step 3, 财务报表: of two years, or of one where the company is younger than two years."""

    class Meta:
        model = VoucherApplication
        fields = ("statement_year", "statement", "earlier_statement_year", "earlier_statement")
        field_classes = {"statement": PrivateFileField, "earlier_statement": PrivateFileField}
        help_texts = {
            "statement": gettext_lazy(
                "资产负债表、利润表等，加盖公章后扫描。支持 PDF、JPG、PNG，不超过 10 MB。"
            ),
            "earlier_statement": gettext_lazy("支持 PDF、JPG、PNG，不超过 10 MB。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # read with the application: the fields need not ask for them by their keys
        for name in ("statement", "earlier_statement"):
            self.initial[name] = getattr(self.instance, name)
        today = timezone.localdate()
        self.is_two_years = self.instance.needs_two_statements(today)
        if self.is_two_years:
            self.required_to_submit = ("earlier_statement_year", "earlier_statement")  # type: ignore[misc]  # of this form only
        elif not self.instance.earlier_statement_id:
            del self.fields["earlier_statement"], self.fields["earlier_statement_year"]
        founded = self.instance.consumer.registered_on
        newest = max(today.year - 1, founded.year if founded else 0)
        for name, year in (("statement_year", newest), ("earlier_statement_year", newest - 1)):
            if name not in self.fields:
                continue
            field = forms.TypedChoiceField(
                label=self.fields[name].label,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("请选择")), *((one, str(one)) for one in recent_years(today))],
            )
            reword(field)
            self.fields[name] = field
            if self.initial.get(name) is None and not self.is_bound:
                self.initial[name] = year


def recent_years(today: datetime.date) -> Sequence[int]:
    return range(today.year, today.year - 4, -1)


class ReturnForm(forms.Form):
    """退券: all of the balance, or part of it. In yuan."""

    amount = MoneyField(
        label=gettext_lazy("退回金额（元）"),
        max_digits=14,
        decimal_places=2,
        error_messages={"required": gettext_lazy("请填写退回金额。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("退券原因"),
        max_length=300,
        widget=ParagraphWidget(rows=3),
        error_messages={"required": gettext_lazy("请填写退券原因。")},
    )
    # of the voucher, when the question was put whether to go on: the answer counts once
    last_entry = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, voucher: Voucher, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voucher = voucher
        balance = format_yuan(voucher.balance_amount)
        self.fields["amount"].initial = voucher.balance_amount
        self.fields["amount"].help_text = _("余额 %s 元，可以全部退回，也可以只退一部分。") % balance
        for field in self.fields.values():
            reword(field)

    @property
    def left_amount(self) -> Decimal:
        """What the voucher would still hold, once the form is valid."""
        left: Decimal = self.voucher.balance_amount - self.cleaned_data["amount"]
        return left

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("退回金额应大于 0 元。"))
        if amount > self.voucher.balance_amount:
            raise forms.ValidationError(
                _("退回金额不能超过余额 %s 元。") % format_yuan(self.voucher.balance_amount)
            )
        return amount
