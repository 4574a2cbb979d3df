"""Reading the public catalogue. No token is needed; nothing here changes anything."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.public_version import remembered
from catalogue.api.conditional import CatalogueState, catalogue_state, digest, unless_unchanged
from catalogue.api.filters import (
    CapabilityFilterSet,
    InstrumentFilterSet,
    ProviderFilterSet,
    ServiceFilterSet,
)
from catalogue.api.paging import Cursor, CursorPagination
from catalogue.api.problems import FieldErrors
from catalogue.api.public.serializers import (
    CapabilitySerializer,
    InstrumentSerializer,
    LabServiceSerializer,
    ProviderSerializer,
    TestingServiceSerializer,
)
from catalogue.api.schema import CONDITIONS, Operation, not_modified
from catalogue.attributes import AttributeBook
from catalogue.attributes.facets import read_facets
from catalogue.known import with_names, with_photos
from catalogue.models import (
    Capability,
    Instrument,
    InstrumentPhoto,
    LabService,
    ProviderRecord,
    Qualification,
    TestingService,
    TreeNode,
)
from catalogue.search import AttributeFilter, CatalogueSearch, Kind, SearchQuery, Sort
from catalogue.templatetags.catalogue import photo as scaled
from institutions.models import Provider

# A filter by an attribute: its number, and for figures a bound.
ATTRIBUTE = re.compile(r"a[0-9]{1,9}(?:_min|_max)?")


class OpenMixin:
    """Any page on the web may read the answer; cookies play no part in it.

    ``slug``, ``tag`` and ``noun`` are what the documentation calls it.
    """

    slug: ClassVar[str]
    tag: ClassVar[Any]
    noun: ClassVar[Any]
    action: str
    get_serializer_class: Any

    def describe(self, method: str) -> Operation:
        if self.action == "list":
            return Operation(
                f"{self.slug}_list",
                self.tag,
                gettext("%s列表") % self.noun,
                answers={200: self.get_serializer_class(), 304: not_modified()},
                refusals=(400,),
                parameters=CONDITIONS,
            )
        return Operation(
            f"{self.slug}_retrieve",
            self.tag,
            gettext("%s详情") % self.noun,
            answers={200: self.get_serializer_class(), 304: not_modified()},
            refusals=(404,),
            parameters=CONDITIONS,
        )

    def finalize_response(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().finalize_response(*args, **kwargs)  # type: ignore[misc]
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
        return response


class PublicViewSet(OpenMixin, GenericViewSet):
    """A list and its records, with what clients need to ask again cheaply."""

    filterset_class: ClassVar[type[django_filters.FilterSet]]
    filter_backends = (DjangoFilterBackend,)
    pagination_class = CursorPagination
    paginator: CursorPagination

    @cached_property
    def state(self) -> CatalogueState:
        return remembered("state", catalogue_state)

    def list(self, request: Any) -> HttpResponse:
        etag = digest([self.state.word, request.build_absolute_uri()])
        return unless_unchanged(request, etag, self.state.since, self.page)

    def retrieve(self, request: Any, pk: int) -> HttpResponse:
        record = get_object_or_404(self.get_queryset(), pk=pk)
        self.gather([record])
        data = self.get_serializer(record).data
        return unless_unchanged(request, digest(data), self.state.since, lambda: Response(data))

    def page(self) -> Response:
        filterset = DjangoFilterBackend().get_filterset(self.request, self.get_queryset(), self)
        if not filterset.is_valid():
            raise FieldErrors(
                {name: [str(one) for one in errors] for name, errors in filterset.errors.items()}
            )
        rows = self.rows(filterset.qs, filterset.form.cleaned_data)
        self.gather(rows)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def rows(self, records: QuerySet[Any], asked: Mapping[str, Any]) -> Sequence[Any]:
        return self.paginator.paginate_queryset(records, self.request)

    def gather(self, rows: Sequence[Any]) -> None:
        """Read what the serializer needs besides, for all rows at once."""


class RecordViewSet(PublicViewSet):
    """Records that the search knows: in its order where it is asked for, otherwise by number.

    Serializers read ``book`` here, and what ``gather`` has found.
    """

    model: ClassVar[type[ProviderRecord]]
    kind: ClassVar[Kind]
    category: ClassVar[str]

    @cached_property
    def book(self) -> AttributeBook:
        return remembered(("attributes", self.model), lambda: AttributeBook.of(self.model))

    @cached_property
    def state(self) -> CatalogueState:
        return remembered(("state", self.model), lambda: catalogue_state(self.book))

    def get_queryset(self) -> QuerySet[Any]:
        return self.model.objects.public()

    def gather(self, rows: Sequence[Any]) -> None:
        with_names(rows)

    def rows(self, records: QuerySet[Any], asked: Mapping[str, Any]) -> Sequence[Any]:
        lowest, highest = asked.get("price_min"), asked.get("price_max")
        if lowest is not None and highest is not None and lowest > highest:
            raise FieldErrors({"price_max": [gettext("最高价格不能低于最低价格。")]})
        attributes = self.attribute_filters(asked["category"])
        if not asked["q"] and not asked["sort"] and not attributes:
            return super().rows(records, asked)
        limit, cursor = self.paginator.read(self.request, found=True)
        institution = asked["institution"]
        query = SearchQuery(
            kind=self.kind,
            text=asked["q"],
            category=asked["category"].code if asked["category"] else "",
            city=asked["city"],
            institution=int(institution) if institution is not None else None,
            vouchers=True if asked.get("vouchers") else None,
            price_min=lowest,
            price_max=highest,
            attributes=attributes,
            sort=asked["sort"] or (Sort.RELEVANCE if asked["q"] else Sort.NEWEST),
        )
        number = cursor.number if cursor else 1
        found = CatalogueSearch().search(query, page=number, per_page=limit)
        if found.number != number:  # there are fewer by now
            return []
        if number < found.num_pages:
            self.paginator.go_on(self.request, Cursor(number + 1, found=True))
        rows = records.in_bulk(found.object_ids)
        return [rows[pk] for pk in found.object_ids if pk in rows]

    def attribute_filters(self, category: TreeNode | None) -> tuple[AttributeFilter, ...]:
        """What ``a12=``, ``a12_min=`` and ``a12_max=`` ask for. Raises FieldErrors where they say nothing."""
        given = {
            name: value for name, value in self.request.query_params.items() if ATTRIBUTE.fullmatch(name)
        }
        if not given:
            return ()
        facets = read_facets(self.model, category.code if category else "", given)
        if wrong := sorted(given.keys() - facets.params.keys()):
            raise FieldErrors(
                {
                    name: [gettext("先用 category 选定分类；参数的编号、能否筛选和选项见分类的详情。")]
                    for name in wrong
                }
            )
        return facets.filters


class InstrumentViewSet(RecordViewSet):
    slug, tag, noun = "instruments", _("仪器"), _("仪器")
    model = Instrument
    kind = Kind.INSTRUMENT
    category = "instrument_class"
    serializer_class = InstrumentSerializer
    filterset_class = InstrumentFilterSet

    def gather(self, rows: Sequence[Any]) -> None:
        super().gather(rows)
        with_photos(list(rows))

    def describe(self, method: str) -> Operation:
        if self.action == "photo":
            return Operation(
                "instruments_photo",
                self.tag,
                gettext("仪器照片"),
                gettext("转到图片文件。图片文件的地址会变，请保存本地址。"),
                answers={302: OpenApiResponse(description=gettext("图片文件的地址在 Location。"))},
                refusals=(404,),
            )
        return super().describe(method)

    def photo(self, request: Any, pk: int, image_id: int) -> HttpResponse:
        """Leads to the picture itself, whose address changes when it is scaled anew."""
        found = get_object_or_404(
            InstrumentPhoto.objects.select_related("image").prefetch_related("image__renditions"),
            instrument__in=Instrument.objects.public().filter(pk=pk),
            image=image_id,
        )
        rendition = scaled(found.image, "max-1600x1600")
        if rendition is None:  # its file is gone
            raise Http404
        response = HttpResponseRedirect(request.build_absolute_uri(rendition.url))
        patch_cache_control(response, public=True, no_cache=True)
        return response


class ServiceViewSet(RecordViewSet):
    category = "field"
    filterset_class = ServiceFilterSet

    def gather(self, rows: Sequence[Any]) -> None:
        super().gather(rows)
        self.used: dict[int, list[Instrument]] = defaultdict(list)
        through: type[Model] = self.model.instruments.through
        service = self.model._meta.model_name
        links = (
            through._default_manager.filter(
                **{f"{service}__in": [row.pk for row in rows]}, instrument__in=Instrument.objects.public()
            )
            .select_related("instrument")
            .order_by("instrument")
        )
        for link in links:
            self.used[getattr(link, f"{service}_id")].append(link.instrument)  # type: ignore[attr-defined]


class TestingServiceViewSet(ServiceViewSet):
    slug, tag, noun = "testing_services", _("检测服务"), _("检测服务")
    model = TestingService
    kind = Kind.TESTING
    serializer_class = TestingServiceSerializer


class LabServiceViewSet(ServiceViewSet):
    slug, tag, noun = "lab_services", _("实验服务"), _("实验服务")
    model = LabService
    kind = Kind.LAB
    serializer_class = LabServiceSerializer


class CapabilityViewSet(RecordViewSet):
    slug, tag, noun = "capabilities", _("检测能力"), _("检测能力")
    model = Capability
    kind = Kind.CAPABILITY
    category = "field"
    serializer_class = CapabilitySerializer
    filterset_class = CapabilityFilterSet

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("qualification")


class ProviderViewSet(PublicViewSet):
    slug, tag, noun = "providers", _("接券机构"), _("接券机构")
    serializer_class = ProviderSerializer
    filterset_class = ProviderFilterSet

    def get_queryset(self) -> QuerySet[Any]:
        qualifications = Qualification.objects.approved().order_by("pk")
        return Provider.objects.public().prefetch_related(
            Prefetch("qualifications", qualifications, to_attr="public_qualifications")
        )
