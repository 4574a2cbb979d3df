"""Classes, fields, cities and districts, as records name them and as lists of their own."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.api.attributes import AttributeDefinitionSerializer
from catalogue.models import TreeNode
from institutions.regions import city_name


class CitySerializer(serializers.Serializer):
    code = serializers.CharField(label=_("代码"))
    name = serializers.CharField(label=_("名称"))


def city_of(code: str) -> dict[str, str] | None:
    return {"code": code, "name": city_name(code)} if code else None


class RegionSerializer(CitySerializer):
    districts = serializers.ListField(child=serializers.CharField(), label=_("区县"))


class NodeSerializer(serializers.Serializer):
    """A place in a classification, with the names above it."""

    code = serializers.CharField(label=_("代码"), help_text=_("6 位数字，每级 2 位。"))
    name = serializers.CharField(label=_("名称"))
    path = serializers.SerializerMethodField(label=_("各级名称"), help_text=_("从最上级到它自己。"))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_path(self, node: TreeNode) -> list[str]:
        return node.lineage


class TreeNodeSerializer(serializers.Serializer):
    code = serializers.CharField(label=_("代码"))
    name = serializers.CharField(label=_("名称"))
    parent = serializers.CharField(source="parent_id", allow_null=True, label=_("上级代码"))
    level = serializers.SerializerMethodField(label=_("级别"), help_text=_("1 为最上级。"))

    def get_level(self, node: TreeNode) -> int:
        if node.parent_id is None:
            return 1
        return 2 if node.code.endswith("00") else 3


class TreeNodeDetailSerializer(TreeNodeSerializer):
    attributes = serializers.SerializerMethodField(
        label=_("专业参数的定义"), help_text=_("这一分类的记录要填写的专业参数，含上级定义的。")
    )

    @extend_schema_field(AttributeDefinitionSerializer(many=True))
    def get_attributes(self, node: TreeNode) -> list[Mapping[str, Any]]:
        return AttributeDefinitionSerializer(self.context["book"].in_force(node.code), many=True).data
