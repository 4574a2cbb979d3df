"""The lists of codes: instrument classes, testing fields, cities. Short, so each comes whole."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from catalogue.api.conditional import digest, unless_unchanged
from catalogue.api.nodes import RegionSerializer, TreeNodeDetailSerializer, TreeNodeSerializer
from catalogue.api.paging import WholeList
from catalogue.api.public.views import OpenMixin
from catalogue.attributes import AttributeBook
from catalogue.models import (
    Instrument,
    InstrumentClass,
    ProviderRecord,
    TestingField,
    TestingService,
    TreeNode,
)
from institutions.regions import cities

CODES = _("分类与地区")


class CodesViewSet(OpenMixin, GenericViewSet):
    pagination_class = WholeList

    def answer(self, request: Any, data: Any) -> HttpResponse:
        return unless_unchanged(request, digest(data), None, lambda: Response(data))


class TreeViewSet(CodesViewSet):
    """A classification: all its nodes, or one with the attributes that its records have."""

    model: ClassVar[type[TreeNode]]
    records: ClassVar[type[ProviderRecord]]

    def get_serializer_class(self) -> type[TreeNodeSerializer]:
        return TreeNodeSerializer if self.action == "list" else TreeNodeDetailSerializer

    def get_queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.order_by("code")

    def list(self, request: Any) -> HttpResponse:
        nodes = self.get_queryset()
        return self.answer(request, {"next": None, "results": TreeNodeSerializer(nodes, many=True).data})

    def retrieve(self, request: Any, code: str) -> HttpResponse:
        node = get_object_or_404(self.get_queryset(), code=code)
        book = AttributeBook.of(self.records)
        return self.answer(request, TreeNodeDetailSerializer(node, context={"book": book}).data)


class InstrumentClassViewSet(TreeViewSet):
    slug, tag, noun = "instrument_classes", CODES, _("仪器分类")
    model = InstrumentClass
    records = Instrument


class TestingFieldViewSet(TreeViewSet):
    slug, tag, noun = "testing_fields", CODES, _("检测领域")
    model = TestingField
    records = TestingService


class RegionViewSet(CodesViewSet):
    """The province's cities with their districts."""

    slug, tag, noun = "regions", CODES, _("地区")
    serializer_class = RegionSerializer

    def list(self, request: Any) -> HttpResponse:
        return self.answer(request, {"next": None, "results": [asdict(city) for city in cities()]})

    def retrieve(self, request: Any, code: str) -> HttpResponse:
        for city in cities():
            if city.code == code:
                return self.answer(request, asdict(city))
        raise Http404
