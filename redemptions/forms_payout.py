"""Forms by which staff make batches, inspect, answer objections, import results and take money back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from redemptions.result_files import MAX_BYTES

REASON: dict[str, Any] = {"max_length": 500, "widget": forms.Textarea(attrs={"rows": 3})}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), error_messages={"required": _("请填写原因。")}, **REASON)


class InspectionForm(forms.Form):
    passed = forms.TypedChoiceField(
        label=_("抽查结果"),
        choices=[("yes", _("通过")), ("no", _("未通过：不能公示，由复审人员退回或不予兑付"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择抽查结果。")},
    )
    note = forms.CharField(
        label=_("抽查说明"),
        help_text=_("看了哪些原件，发现了什么。"),
        error_messages={"required": _("请填写抽查说明：看了什么，发现了什么。")},
        **REASON,
    )


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("处理结果"),
        choices=[
            ("no", _("异议不成立，继续办理")),
            ("return", _("异议成立，退回用券机构补正")),
            ("refuse", _("异议成立，不予兑付（不能再次提交）")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择处理结果。")},
    )
    answer = forms.CharField(
        label=_("处理意见"),
        help_text=_("异议成立的，用券机构会看到。"),
        error_messages={"required": _("请填写处理意见；异议成立的，用券机构会看到。")},
        **REASON,
    )


class ResultForm(forms.Form):
    file = forms.FileField(
        label=_("银行结果文件"),
        help_text=_("CSV 或 .xlsx，不超过 5 MB。可以只含一部分明细，最后一行须是控制行。"),
        error_messages={"required": _("请选择银行结果文件。"), "empty": _("这是空文件，没有内容。")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def content(self) -> bytes:
        """One byte more than may be: who reads it then says that it is too much."""
        content: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return content


class ClawBackForm(ReasonForm):
    amount = forms.DecimalField(
        label=_("追回金额（元）"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        error_messages={
            "required": _("请填写追回金额。"),
            "invalid": _("请填写数字，最多两位小数。"),
            "min_value": _("追回金额应大于 0。"),
        },
    )
    field_order = ("amount", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("用券机构会看到。")
