"""The forms by which staff put money into a pool and decide how much is granted."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.forms import MoneyField
from workflow.forms_admin import DecisionForm


def open_years() -> list[tuple[int, str]]:
    this_year = timezone.localdate().year
    return [(year, str(year)) for year in (this_year, this_year + 1)]


class FundPoolForm(forms.Form):
    year = forms.TypedChoiceField(label=_("项目年度"), choices=open_years, coerce=int)
    amount = MoneyField(
        label=_("注入金额（元）"),
        max_digits=14,
        decimal_places=2,
        error_messages={"required": _("请填写注入金额。")},
        help_text=_("注入后不能减少；总额不能超过项目参数规定的年度资金总额。"),
    )
    reason = forms.CharField(
        label=_("资金来源和依据"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请填写资金来源和依据，如预算文件的名称和文号。")},
    )
    # of the pool, when the question was put whether to go on: the answer counts once
    funded_amount = forms.DecimalField(required=False, widget=forms.HiddenInput)


class GrantForm(DecisionForm):
    """The last decision on an application for a voucher: how much is granted, in yuan."""

    granted_amount = MoneyField(
        label=_("批准额度（元）"),
        max_digits=14,
        decimal_places=2,
        error_messages={"required": _("请填写批准额度。")},
        help_text=_("可以少于申请额度，这时须在“审核意见”中写明原因。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["granted_amount"].initial = self.record.applied_amount
