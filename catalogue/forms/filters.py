"""How a provider narrows its own lists down. Whatever does not parse is ignored."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from catalogue.models import InstrumentClass, QualificationKind, TestingField, Validity, validity_condition


class KeywordField(forms.CharField):
    """What is searched for as a piece of text; NUL, which no database can look for, is dropped."""

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value or "").replace("\0", "")) or "" or ""


class NodeField(forms.ModelChoiceField):
    """A first-level node of a classification."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\0", "") if isinstance(value, str) else value)


class RecordFilterForm(forms.Form):
    """A keyword in any of ``searched``, and what a kind of record adds: ``narrow`` applies what was understood."""

    searched: ClassVar[tuple[str, ...]]
    keyword_label: ClassVar[Any]

    q = KeywordField(label=gettext_lazy("关键词"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = self.keyword_label
        self.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "maxlength": 100, "placeholder": self.keyword_label}
        )

    @property
    def understood(self) -> dict[str, Any]:
        """The parameters that parse and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, records: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.understood.items():
            records = records.filter(self.condition(name, value))
        return records

    def condition(self, name: str, value: Any) -> Q:
        """What a parameter asks of a record."""
        assert name == "q", name  # noqa: S101 - a field without its condition is a programming error
        found = Q()
        for field in self.searched:
            found |= Q(**{f"{field}__icontains": value})
        return found


class VoucherFilterForm(RecordFilterForm):
    voucher = forms.ChoiceField(
        label=gettext_lazy("创新券"),
        choices=[
            ("", gettext_lazy("创新券不限")),
            ("1", gettext_lazy("可用创新券")),
            ("0", gettext_lazy("不可用创新券")),
        ],
        required=False,
    )

    def condition(self, name: str, value: Any) -> Q:
        return Q(accepts_vouchers=value == "1") if name == "voucher" else super().condition(name, value)


class InstrumentFilterForm(VoucherFilterForm):
    searched = ("name", "internal_number", "model")
    keyword_label = gettext_lazy("名称、内部编号或型号")

    group = NodeField(
        label=gettext_lazy("仪器分类"),
        queryset=InstrumentClass.objects.filter(parent=None),
        empty_label=gettext_lazy("全部分类"),
        required=False,
    )

    field_order = ("q", "group", "voucher")

    def condition(self, name: str, value: Any) -> Q:
        if name == "group":
            return Q(instrument_class__code__startswith=value.prefix)
        return super().condition(name, value)


class FieldFilterMixin(forms.Form):
    """By the first level of the testing fields."""

    group = NodeField(
        label=gettext_lazy("检测领域"),
        queryset=TestingField.objects.filter(parent=None),
        empty_label=gettext_lazy("全部领域"),
        required=False,
    )


class ServiceFilterForm(FieldFilterMixin, VoucherFilterForm):
    searched = ("name", "internal_number", "content", "methods")
    keyword_label = gettext_lazy("名称、内部编号、内容或标准")
    field_order = ("q", "group", "voucher")

    def condition(self, name: str, value: Any) -> Q:
        return Q(field__code__startswith=value.prefix) if name == "group" else super().condition(name, value)


class CapabilityFilterForm(FieldFilterMixin, RecordFilterForm):
    searched = ("object_name", "parameter", "standard_number", "standard_name", "internal_number")
    keyword_label = gettext_lazy("对象、参数、标准或内部编号")
    field_order = ("q", "group")

    def condition(self, name: str, value: Any) -> Q:
        return Q(field__code__startswith=value.prefix) if name == "group" else super().condition(name, value)


class QualificationFilterForm(RecordFilterForm):
    searched = ("name", "internal_number", "certificate_number", "issuer", "scope")
    keyword_label = gettext_lazy("名称、证书编号、机关或范围")

    kind = forms.ChoiceField(
        label=gettext_lazy("资质类型"),
        choices=[("", gettext_lazy("全部类型")), *QualificationKind.choices],
        required=False,
    )
    validity = forms.ChoiceField(
        label=gettext_lazy("有效期"),
        choices=[("", gettext_lazy("有效期不限")), *Validity.choices],
        required=False,
    )

    def condition(self, name: str, value: Any) -> Q:
        match name:
            case "kind":
                return Q(kind=value)
            case "validity":
                return validity_condition(value)
        return super().condition(name, value)
