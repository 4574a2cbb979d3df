"""The API's description of itself, and what stands where nothing is."""

import functools
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from rest_framework.response import Response
from rest_framework.views import APIView

from catalogue.api.conditional import digest, unless_unchanged
from catalogue.api.problems import Refusal
from catalogue.api.public.views import OpenMixin


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI document, made once in each process."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


class SchemaView(OpenMixin, APIView):
    """The OpenAPI document, as JSON."""

    renderer_classes = (OpenApiJsonRenderer2, OpenApiJsonRenderer)
    schema = None

    def get(self, request: Any) -> HttpResponse:
        content = document()
        return unless_unchanged(request, digest(content), None, lambda: Response(content))


class DocsView(TemplateView):
    """The document for people to read and to try out, made by Swagger UI from files of our own."""

    template_name = "catalogue/api/docs.html"


class NowhereView(APIView):
    """Any other address below the API's."""

    schema = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Refusal(404, _("接口没有这个地址。地址都以“/”结尾，见 /api/v1/docs/。"))
