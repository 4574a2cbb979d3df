"""Forms by which staff suspend a provider or ban a consumer, and bring either back."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

REASON_LENGTH = 500


class SuspendForm(forms.Form):
    """Why, and until when. The provider reads both."""

    reason = forms.CharField(
        label=_("暂停原因"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("机构会在应用中心、站内信和邮件中看到，请写明事由和恢复的条件。"),
        error_messages={"required": _("请填写暂停原因，机构会看到它。")},
    )
    until = forms.DateField(
        label=_("暂停至"),
        required=False,
        widget=AdminDateInput,
        help_text=_("含当天，次日自动恢复；不填为长期，直到人工恢复。"),
        error_messages={"invalid": _("请填写日期，如 2026-12-31。")},
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and until < timezone.localdate():
            raise forms.ValidationError(_("“暂停至”不能早于今天，请改为今天或以后的日期。"))
        return until


class BanForm(forms.Form):
    """Why, from when and until when. The consumer reads it all."""

    reason = forms.CharField(
        label=_("暂停原因"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("机构会在应用中心、站内信和邮件中看到，请写明事由和恢复的条件。"),
        error_messages={"required": _("请填写暂停原因，机构会看到它。")},
    )
    starts_on = forms.DateField(
        label=_("暂停自"),
        required=False,
        widget=AdminDateInput,
        help_text=_("不填为今天起。"),
        error_messages={"invalid": _("请填写日期，如 2026-12-31。")},
    )
    until = forms.DateField(
        label=_("暂停至"),
        required=False,
        widget=AdminDateInput,
        help_text=_("含当天，次日自动恢复；不填为长期，直到人工恢复。"),
        error_messages={"invalid": _("请填写日期，如 2026-12-31。")},
    )


class LiftBanForm(forms.Form):
    reason = forms.CharField(
        label=_("恢复说明"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("机构会看到。"),
        error_messages={"required": _("请填写恢复说明，机构会看到它。")},
    )


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("恢复说明"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("可不填；填写后机构会看到。"),
    )
