"""The forms by which staff mediate a dispute, and hide an evaluation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.forms.fields import in_our_words
from orders.services.orders import MEDIATIONS
from workflow.statuses import Action

# What each result means for the two sides.
RESULTS: dict[Action, Any] = {
    Action.MEDIATE_RESUME: _("继续服务：订单回到“进行中”，接券机构整改后再次点击“完成”"),
    Action.MEDIATE_CONFIRM: _("请用券机构确认：服务已符合约定，订单回到“待确认”，由用券机构确认完成"),
    Action.MEDIATE_CANCEL: _("取消订单：订单和它的预约一并取消，不能恢复"),
}


class StaffReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("说明"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("双方都会看到，请写明依据。"),
        error_messages={"required": _("请填写说明，双方都会看到。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self)


class MediationForm(StaffReasonForm):
    action = forms.TypedChoiceField(
        label=_("调解结果"),
        choices=[(action, RESULTS[action]) for action in MEDIATIONS],
        coerce=Action,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择调解结果。")},
    )
    # the dangerous result is asked for once more
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ("action", "reason")
