"""Published pages as JSON: Wagtail's API v2 in the manner of our own, read only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.serializers import Field
from rest_framework.views import APIView
from wagtail.api.v2 import filters
from wagtail.api.v2.serializers import PageSerializer
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet

from accounts.addresses import absolute
from catalogue.api.problems import FieldErrors, Refusal
from policy.api.fields import PublishedPageField

MOST_CHARACTERS = 200
MOST_OFFSET = 10_000
# What a list may be narrowed and ordered by: columns that every reader sees, and whose values any text may be compared with.
COLUMNS = frozenset(
    {
        "id",
        "title",
        "slug",
        "first_published_at",
        "issuer",
        "issued_on",
        "document_number",
        "effective_on",
        "status",
        "audience",
    }
)


class PageUrlField(Field):
    """The page's address, under the site's own name."""

    def get_attribute(self, instance: Any) -> Any:
        return instance

    def to_representation(self, page: Any) -> str:
        return absolute(page.get_url())


class ParentField(PublishedPageField):
    def get_attribute(self, instance: Any) -> Any:
        return instance.get_parent()


class PublicPageSerializer(PageSerializer):
    html_url = PageUrlField(read_only=True)
    parent = ParentField(read_only=True)


class ColumnFilter(filters.FieldsFilter):
    """``?issued_on=2026-03-01``; a value the column cannot have is refused by name."""

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        columns = view.get_available_fields(queryset.model, db_fields_only=True)
        for name in columns:
            if name in request.GET:
                field = queryset.model._meta.get_field(name)
                try:
                    queryset = queryset.filter(**{name: field.to_python(request.GET[name])})
                except (ValidationError, ValueError) as error:
                    raise FieldErrors({name: [_("不是这个字段的值，请核对格式。")]}) from error
        return queryset


class PublicPagesViewSet(PagesAPIViewSet):
    """Pages that are published and kept behind nothing. No documents and images by themselves: articles name theirs.

    A list gives the heads of articles; bodies and attachments come with the single page.
    """

    base_serializer_class = PublicPageSerializer
    renderer_classes = (JSONRenderer,)
    schema = None
    filter_backends: ClassVar[list[Any]] = [
        ColumnFilter,
        filters.ChildOfFilter,
        filters.AncestorOfFilter,
        filters.DescendantOfFilter,
        filters.OrderingFilter,
        filters.SearchFilter,  # last: what it returns cannot be narrowed further
    ]
    known_query_parameters = frozenset(
        {
            "limit",
            "offset",
            "fields",
            "order",
            "search",
            "type",
            "child_of",
            "ancestor_of",
            "descendant_of",
            "rich_text_format",
            "html_path",
        }
    )
    # not alias_of: it names its original, published or not
    meta_fields = (
        "type",
        "detail_url",
        "html_url",
        "slug",
        "seo_title",
        "search_description",
        "first_published_at",
        "last_published_at",
        "parent",
    )
    detail_only_fields = (
        "parent",
        "body",
        "attachments",
        "flow",
        "downloads",
        "questions",
        "policy",
        "replaced_by",
    )
    head_fields = ("issuer", "issued_on", "summary", "document_number", "effective_on", "status", "audience")

    @classmethod
    def get_body_fields(cls, model: Any) -> Any:
        return cls._convert_api_fields([*cls.body_fields, *getattr(model, "api_fields", ())])

    @classmethod
    def get_meta_fields(cls, model: Any) -> Any:
        return cls._convert_api_fields([*cls.meta_fields, *getattr(model, "api_meta_fields", ())])

    @classmethod
    def get_available_fields(cls, model: Any, db_fields_only: bool = False) -> list[str]:
        fields = super().get_available_fields(model, db_fields_only)
        return [name for name in fields if name in COLUMNS] if db_fields_only else fields

    @classmethod
    def get_detail_default_fields(cls, model: Any) -> list[str]:
        return cls.get_available_fields(model)

    @classmethod
    def get_listing_default_fields(cls, model: Any) -> list[str]:
        available = cls.get_available_fields(model)
        return [*cls.listing_default_fields, *(name for name in cls.head_fields if name in available)]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.known_query_parameters | COLUMNS
        errors = {name: [_("没有这个参数。")] for name in request.GET if name not in known}
        if errors := {**errors, **parameter_errors(request.GET)}:
            raise FieldErrors(errors)

    def get_base_queryset(self) -> QuerySet[Any]:
        """What anybody may read. Wagtail's own would let in who has given a page's password in this browser."""
        return self.public_pages

    @cached_property
    def public_pages(self) -> QuerySet[Any]:
        return self.get_root_page().get_descendants(inclusive=True).live().public()

    def get_queryset(self) -> QuerySet[Any]:
        pages = super().get_queryset()
        related = [f.name for f in pages.model._meta.many_to_many if f.name == "topics"]
        # without an order of their own, pages of a list could overlap
        return pages.prefetch_related(*related).order_by("pk")

    def get_renderer_context(self) -> dict[str, Any]:
        return {**super().get_renderer_context(), "indent": None}

    def handle_exception(self, exc: Exception) -> Response:
        # past Wagtail's own, which answers in another form than the rest of the API
        match exc:
            case Http404():
                exc = Refusal(404, _("没有这个页面，或者它没有公开。"))
            case BadRequestError():
                exc = Refusal(400, _("请求的参数有误（%s）。参数说明见 /api/v1/docs/。") % str(exc)[:200])
        return APIView.handle_exception(self, exc)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        if response.status_code == 200:  # a refusal says itself that it is never kept
            response["Cache-Control"] = "public, no-cache"
        return response


def parameter_errors(parameters: Mapping[str, str]) -> dict[str, list[str]]:
    """What is wrong with the parameters of a request, by name, where Wagtail would say it in English or not at all."""
    errors = {}
    for name, value in parameters.items():
        if "\x00" in value or len(value) > MOST_CHARACTERS:
            errors[name] = [_("不能超过 %d 个字符，也不能有控制字符。") % MOST_CHARACTERS]
    whole = {"limit": (1, 100), "offset": (0, MOST_OFFSET), "id": (1, 2**31 - 1)}
    for name, (lowest, highest) in whole.items():
        if name in parameters and not _between(parameters[name], lowest, highest):
            errors[name] = [_("请填写 %(low)d 到 %(high)d 的整数。") % {"low": lowest, "high": highest}]
    for name in ("child_of", "ancestor_of", "descendant_of"):
        if name in parameters and parameters[name] != "root" and not _between(parameters[name], 1, 2**31 - 1):
            errors[name] = [_("请填写页面的编号；child_of 和 descendant_of 也可以填 root。")]
    if "search" in parameters and not parameters["search"].strip():
        errors["search"] = [_("请填写要搜索的词。")]
    if "random" in parameters.get("order", ""):
        errors["order"] = [_("不提供随机排序，请按字段排序，如 -issued_on。")]
    return errors


def _between(text: str, lowest: int, highest: int) -> bool:
    return text.isascii() and text.isdigit() and lowest <= int(text[:12]) <= highest
