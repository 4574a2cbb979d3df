"""Attributes 专业参数 as the API writes them: values of a record, and definitions of a class or field."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.attributes import display_value
from catalogue.models import AttributeDefinition, AttributeKind

# As stored: see catalogue.attributes.values.
VALUE_SCHEMA = {
    "description": "数值是写成文字的小数，范围是下限和上限两个数值，单选和文字是文字，是/否是 true 或 false。",
    "oneOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
        {"type": "boolean"},
    ],
}


@extend_schema_field(VALUE_SCHEMA)
class ValueField(serializers.Field):
    pass


class AttributeValueSerializer(serializers.Serializer):
    id = serializers.IntegerField(label=_("定义的编号"))
    name = serializers.CharField(label=_("名称"))
    unit = serializers.CharField(label=_("单位"))
    kind = serializers.ChoiceField(AttributeKind.choices, label=_("类型"))
    value = ValueField(label=_("值"))
    display = serializers.CharField(label=_("显示的文字"), help_text=_("如“0.8 nm”。"))


class AttributeDefinitionSerializer(serializers.ModelSerializer):
    choices = serializers.ListField(
        child=serializers.CharField(), source="options", label=_("选项"), help_text=_("“单选”的选项。")
    )

    class Meta:
        model = AttributeDefinition
        fields = (
            "id",
            "name",
            "unit",
            "kind",
            "choices",
            "help_text",
            "is_required",
            "is_facet",
            "is_public",
        )
        read_only_fields = fields


def attribute_values(values: Iterable[tuple[AttributeDefinition, Any]]) -> list[dict[str, Any]]:
    """Values beside their definitions, as ``AttributeBook`` gives them."""
    return [
        {
            "id": definition.pk,
            "name": definition.name,
            "unit": definition.unit,
            "kind": definition.kind,
            "value": value,
            "display": display_value(definition, value),
        }
        for definition, value in values
    ]
