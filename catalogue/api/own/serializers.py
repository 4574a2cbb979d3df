"""A provider's own records as its system reads and writes them.

What is written is checked by the forms of the pages (``writing``); the body serializers here only describe it.
"""

import functools
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.api.attributes import AttributeValueSerializer, attribute_values
from catalogue.api.nodes import CitySerializer, NodeSerializer, city_of
from catalogue.api.own.collections import Collection
from catalogue.api.own.writing import CATEGORY, body_errors, body_names
from catalogue.api.reading import ReadSerializer
from catalogue.forms import STEP_FORMS
from catalogue.models import ProviderRecord, Qualification, TreeNode
from files.forms import UploadField
from workflow.statuses import SubmissionStatus

SENTENCES = {"type": "object", "additionalProperties": {}}


@extend_schema_field({**SENTENCES, "description": "按字段列出的说明。"})
class ByFieldField(serializers.Field):
    pass


class OwnLinkSerializer(serializers.Serializer):
    """Another record of one's own."""

    id = serializers.IntegerField()
    internal_number = serializers.CharField()
    name = serializers.CharField()


class OwnPhotoSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField(label=_("文件名"))
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class ScanSerializer(serializers.Serializer):
    name = serializers.CharField(label=_("文件名"))
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class StateSerializer(serializers.Serializer):
    """Where a record stands, before what is in it."""

    id = serializers.IntegerField()
    url = serializers.SerializerMethodField(
        label=_("接口地址"), help_text=_("没有内部编号的记录没有地址，请先在网页上填写编号。")
    )
    page_url = serializers.SerializerMethodField(label=_("应用中心的页面"))
    status = serializers.ChoiceField(SubmissionStatus.choices, label=_("状态"))
    status_label = serializers.CharField(label=_("状态的文字"))
    is_public = serializers.SerializerMethodField(label=_("正在公开"))
    version = serializers.IntegerField(label=_("版本"), help_text=_("每次保存加 1，也是 ETag。"))
    return_reason = serializers.CharField(label=_("退回原因"))
    return_notes = serializers.SerializerMethodField(label=_("退回时按字段的说明"))
    problems = serializers.SerializerMethodField(label=_("提交前还要补充的"))
    submitted_at = serializers.DateTimeField(allow_null=True, label=_("提交时间"))
    due_on = serializers.DateField(allow_null=True, label=_("审核期限"))
    decided_at = serializers.DateTimeField(allow_null=True, label=_("审核时间"))
    created_at = serializers.DateTimeField(label=_("创建时间"))
    updated_at = serializers.DateTimeField(label=_("修改时间"))

    def get_url(self, record: ProviderRecord) -> str | None:
        if not record.internal_number:
            return None
        path = reverse(f"api:own-record-{self.context['collection'].slug}", args=[record.internal_number])
        return str(self.context["request"].build_absolute_uri(path))

    def get_page_url(self, record: ProviderRecord) -> str:
        return str(self.context["request"].build_absolute_uri(record.get_centre_url()))

    def get_is_public(self, record: ProviderRecord) -> bool:
        return record.is_public and bool(self.context["provider_is_public"])

    @extend_schema_field(ByFieldField)
    def get_return_notes(self, record: ProviderRecord) -> dict[str, Any]:
        return body_errors(record, record.return_notes) if record.status == SubmissionStatus.RETURNED else {}

    @extend_schema_field(ByFieldField)
    def get_problems(self, record: ProviderRecord) -> dict[str, Any]:
        return body_errors(record, record.submission_problems()) if record.is_editable else {}


def content_fields(model: type[ProviderRecord]) -> dict[str, serializers.Field]:
    """The content of such a record as it is read; what is not named here is read as the column is."""
    fields: dict[str, serializers.Field] = {}
    for name, column in body_names(model).items():
        field: Any = model._meta.get_field(column)
        if name == CATEGORY:
            fields[name] = NodeSerializer(source=column, allow_null=True, label=field.verbose_name)
        elif name == "city":
            fields[name] = CityField(label=field.verbose_name)
        elif isinstance(field, models.ManyToManyField) or field.related_model is Qualification:
            many = isinstance(field, models.ManyToManyField)
            fields[name] = OwnLinkSerializer(many=many, allow_null=not many, label=field.verbose_name)
    fields["attributes"] = AttributesField(label=_("专业参数"))
    return fields


@extend_schema_field(CitySerializer(allow_null=True))
class CityField(serializers.Field):
    def to_representation(self, code: str) -> dict[str, str] | None:
        return city_of(code)


@extend_schema_field(AttributeValueSerializer(many=True))
class AttributesField(serializers.Field):
    """Values of what is asked for of the record's class; a value that is stored beyond that is nobody's business here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, source="*", read_only=True)

    def to_representation(self, record: ProviderRecord) -> list[dict[str, Any]]:
        asked = record.attribute_book.in_force(record.category_code or "")
        return attribute_values(
            (one, record.attributes[one.key]) for one in asked if one.key in record.attributes
        )


@extend_schema_field(OwnPhotoSerializer(many=True))
class PhotosField(serializers.Field):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, source="*", read_only=True)

    def to_representation(self, record: Any) -> list[Mapping[str, Any]]:
        return OwnPhotoSerializer([photo.image for photo in record.photos.all()], many=True).data


@functools.cache
def own_serializer(collection: Collection) -> type[serializers.ModelSerializer]:
    """The serializer of one kind of record: its state, then its content in the order of the steps."""
    model = collection.model
    fields = content_fields(model)
    if collection.has_photos:
        fields["photos"] = PhotosField(label=_("照片"))
    if collection.has_scan:
        fields["scan"] = ScanSerializer(allow_null=True, label=_("证书扫描件"))
    names = (
        *StateSerializer().fields,
        *body_names(model),
        *(n for n in fields if n not in body_names(model)),
    )
    meta = type("Meta", (), {"model": model, "fields": names, "read_only_fields": names})
    name = f"Own{model.__name__}Serializer"
    return type(name, (StateSerializer, ReadSerializer), {**fields, "Meta": meta})


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {},
        "description": "键是专业参数的名称或编号；数值写数字或文字，范围写“0.5~80”或两个数的列表，是/否写 true 或 false。",
        "example": {"分辨率": "0.8", "质量范围": ["1.6", "1050"]},
    }
)
class AttributesBodyField(serializers.Field):
    pass


@functools.cache
def body_serializer(model: type[ProviderRecord]) -> type[serializers.ModelSerializer]:
    """What may be written of such a record. Nothing is required to save a draft; everything may be null."""
    fields: dict[str, serializers.Field] = {}
    labels = {
        name: field
        for form_class in STEP_FORMS[model]
        for name, field in form_class.base_fields.items()
        if not isinstance(field, UploadField)
    }
    for name, column in body_names(model).items():
        form_field, field = labels[column], model._meta.get_field(column)
        described = {"label": form_field.label, "help_text": form_field.help_text, "required": False}
        if isinstance(field, models.ManyToManyField):
            fields[name] = serializers.ListField(
                child=serializers.CharField(), **{**described, "help_text": _("本机构仪器的内部编号。")}
            )
        elif isinstance(field, models.ForeignKey):
            is_node = issubclass(field.related_model, TreeNode)
            hint = _("代码、名称，或“上级/名称”。") if is_node else _("本机构检测资质的内部编号或证书编号。")
            fields[name] = serializers.CharField(allow_null=True, **{**described, "help_text": hint})
        elif name == "city":
            fields[name] = serializers.CharField(
                allow_blank=True, **{**described, "help_text": _("代码或名称。")}
            )
    fields["attributes"] = AttributesBodyField(required=False)
    names = (*body_names(model), "attributes")
    extra = {name: {"required": False} for name in names}
    meta = type("Meta", (), {"model": model, "fields": names, "extra_kwargs": extra})
    return type(f"{model.__name__}BodySerializer", (serializers.ModelSerializer,), {**fields, "Meta": meta})
