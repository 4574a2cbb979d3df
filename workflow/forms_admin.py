"""Forms of a review decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.models import Submission

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
    """The decision on one record; ``revision`` is the submission the reviewer has on screen, ``task_state`` the step.

    A kind of record whose last step decides more derives its own (``Submission.last_step_form``): what it adds is
    shown above the reason and handed to ``settle`` as ``details``. Returning needs none of it.
    """

    decision = forms.ChoiceField(choices=DECISIONS)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    task_state = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("审核意见"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("退回时必填（或在左侧字段旁指出问题），申请人会看到。"),
    )

    def __init__(self, *args: Any, record: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        self.fields["revision"].initial = record.latest_revision_id
        state = record.current_workflow_state
        self.fields["task_state"].initial = state and state.current_task_state_id

    @property
    def added(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in DecisionForm.base_fields]

    @property
    def details(self) -> dict[str, Any]:
        return {field.name: self.cleaned_data[field.name] for field in self.added}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "return":
            for field in self.added:
                self.errors.pop(field.name, None)
        return cleaned
