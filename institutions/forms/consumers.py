"""The three steps of a consumer's information (manual, section 五.1)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import MobileField
from files.forms import PrivateFileField
from institutions import bank, sme
from institutions.forms.fields import (
    AccountNumberField,
    DistrictField,
    IdentityCodeField,
    PhoneField,
    RowsField,
    WanField,
    province_warning,
)
from institutions.models import Consumer, IncubatedMember
from workflow.forms import DayField, ParagraphWidget, StepForm, WholeNumberField

BANKS = (
    "中国工商银行",
    "中国农业银行",
    "中国银行",
    "中国建设银行",
    "交通银行",
    "中国邮政储蓄银行",
    "招商银行",
    "中信银行",
    "浦发银行",
    "兴业银行",
    "中国民生银行",
    "长安银行",
    "西安银行",
    "秦农银行",
)


class BasicsForm(StepForm):
    """Step 1, 基本信息: what the institution is, and whom an incubator applies for."""

    incubated = RowsField(
        label=gettext_lazy("在孵企业和团队"),
        columns={
            "name": forms.CharField(label=gettext_lazy("企业或团队名称"), max_length=100),
            "code": IdentityCodeField(label=gettext_lazy("统一社会信用代码")),
            "note": forms.CharField(label=gettext_lazy("说明"), max_length=200),
        },
        unique=("name", "code"),
        help_text=gettext_lazy("由本机构统一申请的企业和团队；尚未注册的团队不填代码。"),
    )

    class Meta:
        model = Consumer
        fields = (
            "name",
            "code",
            "consumer_type",
            "registered_on",
            "legal_representative",
            "certificate",
            "city",
            "district",
            "address",
            "introduction",
        )
        field_classes = {
            "code": IdentityCodeField,
            "registered_on": DayField,
            "district": DistrictField,
            "certificate": PrivateFileField,
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "legal_representative": forms.TextInput(attrs={"autocomplete": "off"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "introduction": ParagraphWidget(rows=6),
        }
        help_texts = {
            "name": gettext_lazy("与证照上的名称完全一致。"),
            "consumer_type": gettext_lazy("中小微企业按规模认定；其他两类不受企业规模限制。"),
            "registered_on": gettext_lazy("证照上的成立日期，决定申请创新券时要交几年的财务报表。"),
            "address": gettext_lazy("街道、门牌号和楼名，不必再写城市和区县。"),
            "introduction": gettext_lazy("主要业务、产品和研发情况，最多 2000 字。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = list(self.instance.incubated.all()) if self.instance.pk else []
        self.initial["incubated"] = [_row(member) for member in self.stored]

    def warnings(self) -> Mapping[str, str]:
        return province_warning(self["code"])

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the stubs do not know it
        if "incubated" in self.cleaned_data:
            # held in memory by modelcluster; saving the consumer stores them with it
            self.instance.incubated.set(
                self._placed(row, position) for position, row in enumerate(self.cleaned_data["incubated"])
            )

    def _placed(self, row: dict[str, str], position: int) -> IncubatedMember:
        """The stored row that says the same, or a new one: a code that moves to another row never meets itself."""
        member = next((one for one in self.stored if _row(one) == row), None) or IncubatedMember(**row)
        member.sort_order = position
        return member


def _row(member: IncubatedMember) -> dict[str, str]:
    return {"name": member.name, "code": member.code, "note": member.note}


class FinanceForm(StepForm):
    """Step 2, 财务信息: the figures that decide the class by size, and the institution's own bank account."""

    banks: ClassVar[Sequence[str]] = BANKS

    class Meta:
        model = Consumer
        fields = (
            "industry",
            "staff_count",
            "revenue_amount",
            "assets_amount",
            "bank_account_name",
            "bank_name",
            "bank_branch",
            "bank_account_number",
            "declares_no_card",
        )
        field_classes = {
            "staff_count": WholeNumberField,
            "revenue_amount": WanField,
            "assets_amount": WanField,
            "bank_account_number": AccountNumberField,
        }
        error_messages = {"staff_count": {"invalid": gettext_lazy("请填写整数，如 86。")}}
        widgets = {
            "bank_account_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "bank_name": forms.TextInput(attrs={"autocomplete": "off", "list": "banks"}),
            "bank_branch": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        labels = {
            "revenue_amount": gettext_lazy("营业收入（万元）"),
            "assets_amount": gettext_lazy("资产总额（万元）"),
        }
        help_texts = {
            "industry": gettext_lazy("按主营业务选择，决定企业规模的划分标准。"),
            "staff_count": gettext_lazy("上年末的人数，如 86。"),
            "revenue_amount": gettext_lazy("上一年度，单位是万元，不是元。"),
            "assets_amount": gettext_lazy("上年末，单位是万元，不是元。"),
            "bank_branch": gettext_lazy("写到支行或营业部，如“西安高新支行”。"),
            "bank_account_number": gettext_lazy(
                "必须是本机构的对公账户，不得使用个人账户，以免影响兑现。加密保存，只显示后四位。"
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.name:
            self.fields["bank_account_name"].help_text = _("须与机构名称一致：%s") % escape(
                self.instance.name
            )
        if self.instance.bank_account_number:
            self.fields["bank_account_number"].help_text = _(
                "已保存：%s。留空则不变；要更换，请重新输入完整的对公账号。"
            ) % escape(str(self.instance.bank_account_number))

    def clean_bank_account_name(self) -> str:
        name: str = self.cleaned_data["bank_account_name"]
        if name and (problem := bank.account_name_problem(name, self.instance.name)):
            raise forms.ValidationError(problem)
        return name

    def clean_bank_account_number(self) -> Any:
        return self.cleaned_data["bank_account_number"] or self.instance.bank_account_number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number, declared = cleaned.get("bank_account_number", ""), cleaned.get("declares_no_card", False)
        if problem := bank.number_problem(number, declared=declared):
            self.add_error("bank_account_number", forms.ValidationError(problem, code="may_be_card"))
        return cleaned

    @property
    def asks_for_declaration(self) -> bool:
        """Only where the number might be a card: everybody else would wonder at the question."""
        refused = self.has_error("bank_account_number", "may_be_card") if self.is_bound else False
        return refused or bool(self["declares_no_card"].value())

    @property
    def size(self) -> sme.Finding:
        """The class by what the form says now; a figure that is not well-formed counts as missing."""
        values = self.cleaned_data if self.is_bound else self.initial
        return sme.classify(
            industry=values.get("industry") or "",
            staff_count=values.get("staff_count"),
            revenue_amount=values.get("revenue_amount"),
            assets_amount=values.get("assets_amount"),
        )


class ContactsForm(StepForm):
    """Step 3, 联系人信息: whom the programme's staff call."""

    class Meta:
        model = Consumer
        fields = ("contact_name", "contact_mobile", "contact_phone", "contact_email")
        field_classes = {"contact_mobile": MobileField, "contact_phone": PhoneField}
        widgets = {
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        }
        help_texts = {
            "contact_name": gettext_lazy("审核和兑付时联系的人，请确保信息无误。"),
            "contact_phone": gettext_lazy("固定电话，如 029-88881234；没有可不填。"),
        }
