"""评价 and its answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from orders.forms.fields import in_our_words
from orders.models import STARS, Evaluation
from workflow.forms import ParagraphWidget

MOST_TEXT = 500
STAR_CHOICES = [
    (1, gettext_lazy("1 星")),
    (2, gettext_lazy("2 星")),
    (3, gettext_lazy("3 星")),
    (4, gettext_lazy("4 星")),
    (5, gettext_lazy("5 星")),
]


class StarsField(forms.TypedChoiceField):
    """One to five stars; cleans to a number."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        sentence = gettext_lazy("请选择 1 至 5 颗星。")
        messages = {"required": sentence, "invalid_choice": sentence}
        super().__init__(choices=STAR_CHOICES, coerce=int, error_messages=messages, **kwargs)


class EvaluationForm(forms.ModelForm):
    quality = StarsField(label=gettext_lazy("服务质量"))
    speed = StarsField(label=gettext_lazy("完成速度"))
    service = StarsField(label=gettext_lazy("服务态度"))

    class Meta:
        model = Evaluation
        fields = (*STARS, "text")
        widgets = {"text": ParagraphWidget(rows=5)}
        help_texts = {
            "text": gettext_lazy(
                "可以不填，最多 500 字。评价会公开显示，单位名称会隐去一部分；提交后不能修改。"
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self)

    @property
    def stars(self) -> list[forms.BoundField]:
        return [self[name] for name in STARS]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("回复内容"),
        max_length=MOST_TEXT,
        widget=ParagraphWidget(rows=5),
        help_text=gettext_lazy("最多 500 字。回复会公开显示，只能回复一次，提交后不能修改。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self)
