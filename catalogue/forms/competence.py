"""The one step of a qualification and of a capability (manual, section 四.3)."""

import datetime
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.forms.fields import (
    QualificationField,
    RecordForm,
    StandardNumberField,
    TestingFieldField,
)
from catalogue.models import Capability, Qualification, Validity
from files.forms import PrivateFileField
from workflow.forms import DayField, HalfWidthField, ParagraphWidget

# Testing bodies have been certified since 1985; an earlier day is a typing error in the year.
EARLIEST_CERTIFICATE = datetime.date(1985, 1, 1)
# Years. No certificate of testing is given for longer.
LONGEST_TERM = 10


class QualificationForm(RecordForm):
    """资质信息: the certificate as it is printed, and its scan."""

    class Meta:
        model = Qualification
        fields = (
            "kind",
            "name",
            "internal_number",
            "certificate_number",
            "issuer",
            "scope",
            "valid_from",
            "valid_to",
            "scan",
        )
        field_classes = {
            "internal_number": HalfWidthField,
            "certificate_number": HalfWidthField,
            "valid_from": DayField,
            "valid_to": DayField,
            "scan": PrivateFileField,
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "certificate_number": forms.TextInput(attrs={"autocomplete": "off"}),
            "issuer": forms.TextInput(attrs={"autocomplete": "off"}),
            "scope": ParagraphWidget(rows=6),
        }
        help_texts = {
            "certificate_number": gettext_lazy("照证书填写，如 230021340567。"),
            "issuer": gettext_lazy("如陕西省市场监督管理局、中国合格评定国家认可委员会。"),
        }

    def clean_valid_from(self) -> datetime.date | None:
        return self._plausible(self.cleaned_data["valid_from"])

    def clean_valid_to(self) -> datetime.date | None:
        return self._plausible(self.cleaned_data["valid_to"])

    def _plausible(self, day: datetime.date | None) -> datetime.date | None:
        if day is not None and day < EARLIEST_CERTIFICATE:
            raise forms.ValidationError(_("日期早于 1985 年，请核对年份。"))
        return day

    def warnings(self) -> Mapping[str, str]:
        record = cast(Qualification, self.instance)
        found: dict[str, str] = {}
        if record.validity == Validity.EXPIRED:
            found["valid_to"] = _(
                "这项资质已过期，不能提交审核。换发新证后，请填写新的有效期并上传新的扫描件。"
            )
        elif record.validity == Validity.EXPIRING:
            found["valid_to"] = _("这项资质还有 %d 天到期，请留意换证；换证后请及时更新。") % cast(
                int, record.days_left
            )
        elif record.valid_from and record.valid_to and self._is_long(record.valid_from, record.valid_to):
            found["valid_to"] = _("有效期超过 %d 年，请核对年份。") % LONGEST_TERM
        if record.valid_from and record.valid_from > timezone.localdate():
            found["valid_from"] = _("有效期从将来开始，请核对证书上的日期。")
        if record.certificate_number:
            twins = self.own(Qualification.objects.filter(certificate_number=record.certificate_number))
            if twin := twins.exclude(pk=record.pk).first():
                found["certificate_number"] = _("本单位的“%s”也是这个证书编号，请核对是否重复填写。") % twin
        return found

    def _is_long(self, begin: datetime.date, end: datetime.date) -> bool:
        return (end - begin).days > LONGEST_TERM * 366


class CapabilityForm(RecordForm):
    """能力信息: what is tested of what, to which standard."""

    class Meta:
        model = Capability
        fields = (
            "field",
            "object_name",
            "parameter",
            "standard_number",
            "standard_name",
            "limits",
            "qualification",
            "internal_number",
        )
        field_classes = {
            "field": TestingFieldField,
            "standard_number": StandardNumberField,
            "qualification": QualificationField,
            "internal_number": HalfWidthField,
        }
        widgets = {
            "object_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "parameter": forms.TextInput(attrs={"autocomplete": "off"}),
            "standard_number": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "standard_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "limits": ParagraphWidget(rows=2),
        }
        help_texts = {
            "field": gettext_lazy("选择相关的检测领域，公众按它筛选。"),
            "parameter": gettext_lazy("检测的项目，如抗拉强度、化学需氧量。一项一条，相近的可以“复制”。"),
            "qualification": gettext_lazy(
                "这项能力在哪份资质的范围内；没有可不选。先在“检测资质管理”中填写。"
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(QualificationField, self.fields["qualification"])
        field.queryset = self.own(Qualification.objects.order_by("-valid_to", "-pk"))

    def warnings(self) -> Mapping[str, str]:
        record = cast(Capability, self.instance)
        found: dict[str, str] = {}
        if record.qualification is not None and record.qualification.validity == Validity.EXPIRED:
            found["qualification"] = _("所选资质已过期，请核对是否有换发的证书。")
        if record.parameter and record.standard_number:
            twins = self.own(
                Capability.objects.filter(
                    object_name=record.object_name,
                    parameter=record.parameter,
                    standard_number=record.standard_number,
                )
            )
            if twins.exclude(pk=record.pk).exists():
                found["parameter"] = _("本单位已有检测对象、参数和标准都相同的检测能力，请核对是否重复填写。")
        return found
