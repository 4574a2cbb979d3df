"""What a person gives to an import: the file, and then which rows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.exchange.choosing import RowChoice

ALL, CHOSEN = "all", "chosen"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("填写好的导入模板"),
        help_text=gettext_lazy("Excel 工作簿（.xlsx），不超过 20 MB，最多 20,000 行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        max_length=200,
        error_messages={
            "required": gettext_lazy("请先选择填写好的导入模板。"),
            "empty": gettext_lazy("这是空文件，没有内容。请重新选择文件。"),
            "max_length": gettext_lazy("文件名太长，请改短后重新上传。"),
        },
    )


class ConfirmForm(forms.Form):
    """Which rows to import, and what becomes of records that are under review or approved."""

    scope = forms.ChoiceField(
        label=gettext_lazy("导入哪些行"),
        choices=[
            (ALL, gettext_lazy("导入全部正确的行")),
            (CHOSEN, gettext_lazy("只导入指定的行（有误的行仍不导入）")),
        ],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    rows = forms.CharField(
        label=gettext_lazy("行号"),
        help_text=gettext_lazy("按 Excel 左侧的行号，如 2-200, 305。只在上面选择“只导入指定的行”时有效。"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    withdraw = forms.BooleanField(
        label=gettext_lazy("已通过或待审核的记录：撤回后更新"),
        help_text=gettext_lazy(
            "勾选后，内容有变化的记录会立即从前台撤下、变为“未提交”，须重新提交审核；不勾选则这些行不导入。"
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("scope") == CHOSEN:
            rows = data.get("rows", "")
            try:
                if not RowChoice.parse(rows).ranges and "rows" not in self.errors:
                    self.add_error("rows", _("请填写要导入的行号，如 2-200。"))
            except ValidationError as error:
                self.add_error("rows", error)
        return data

    @property
    def job_options(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "rows": data["rows"] if data["scope"] == CHOSEN else "",
            "withdraw": data["withdraw"],
        }
