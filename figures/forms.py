"""Forms about a provider's year."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TEXT_LENGTH = 1000


def text_field(label: Any, help_text: Any, required: Any) -> forms.CharField:
    """A text that the other side reads; ``required`` is the sentence where there is none."""
    return forms.CharField(
        label=label,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
        error_messages={"required": required},
    )


class DisputeForm(forms.Form):
    text = text_field(
        _("异议"),
        _("写明哪项数字有出入、应为多少，以及依据，如订单号。"),
        _("请写明哪项数字有出入，以及您的依据。"),
    )


class AnswerForm(forms.Form):
    """The provider reads the answer, with the figures as they are computed then."""

    text = text_field(
        _("答复"),
        _("机构会看到。提交时按现在的数据和项目参数重新统计。"),
        _("请填写答复，机构会看到。"),
    )


class ReopenForm(forms.Form):
    """The provider reads why."""

    text = text_field(
        _("原因"),
        _("机构会看到，并需要重新确认。提交时按现在的数据和项目参数重新统计。"),
        _("请填写重新开放核对的原因，机构会看到。"),
    )


class OpenYearForm(forms.Form):
    """Which past year; the last one first."""

    year = forms.TypedChoiceField(label=_("年度"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year: datetime.date = timezone.localdate()
        years = range(this_year.year - 1, this_year.year - 4, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]  # a choice
