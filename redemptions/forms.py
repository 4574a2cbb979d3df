"""The provider's own bank account."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions import bank
from institutions.forms.consumers import BANKS
from institutions.forms.fields import AccountNumberField
from redemptions.models import ProviderAccount


class ProviderAccountForm(forms.ModelForm):
    banks = BANKS

    class Meta:
        model = ProviderAccount
        fields = ("account_name", "bank_name", "bank_branch", "account_number", "declares_no_card")
        field_classes = {"account_number": AccountNumberField}
        widgets = {
            "account_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "bank_name": forms.TextInput(attrs={"autocomplete": "off", "list": "banks"}),
            "bank_branch": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "bank_branch": gettext_lazy("写到支行或营业部，如“西安高新支行”。"),
            "account_number": gettext_lazy(
                "必须是依托单位的对公账户，不得使用个人账户。加密保存，只显示后四位。"
            ),
        }

    def __init__(self, *args: Any, host_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host_name = host_name
        self.fields["account_name"].help_text = _("须与依托单位名称一致：%s") % host_name
        for field in self.fields.values():
            field.error_messages["required"] = _("请填写“%s”。") % field.label
        if self.instance.pk:
            self.fields["account_number"].required = False
            self.fields["account_number"].help_text = (
                _("已保存：%s。留空则不变；要更换，请重新输入完整的对公账号。") % self.instance.account_number
            )

    def clean_account_name(self) -> str:
        name: str = self.cleaned_data["account_name"]
        if problem := bank.account_name_problem(name, self.host_name):
            raise forms.ValidationError(problem)
        return name

    def clean_account_number(self) -> Any:
        return self.cleaned_data["account_number"] or self.instance.account_number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number, declared = cleaned.get("account_number", ""), cleaned.get("declares_no_card", False)
        if problem := bank.number_problem(number, declared=declared):
            self.add_error("account_number", forms.ValidationError(problem, code="may_be_card"))
        return cleaned

    @property
    def asks_for_declaration(self) -> bool:
        """Only where the number might be a card."""
        refused = self.has_error("account_number", "may_be_card") if self.is_bound else False
        return refused or bool(self["declares_no_card"].value())
