"""Forms of a review decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DECISIONS = [("approve", _("通过")), ("return", _("退回"))]


class BulkDecisionForm(forms.Form):
    """One decision for many records. Returning needs a reason that fits them all."""

    decision = forms.ChoiceField(choices=DECISIONS, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "return" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("请填写退回原因，申请人会看到它。"))
        return cleaned


class DecisionForm(forms.Form):
    """The decision on one record; ``revision`` is the submission the reviewer has on screen."""

    decision = forms.ChoiceField(choices=DECISIONS)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("审核意见"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("退回时必填（或在左侧字段旁指出问题），申请人会看到。"),
    )
