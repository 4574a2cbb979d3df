"""The API's description of itself, and what stands where nothing is."""

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.views import APIView

from catalogue.api.problems import Refusal


class SchemaView(SpectacularJSONAPIView):
    """The OpenAPI document, as JSON."""

    throttle_classes = ()


class DocsView(TemplateView):
    """The document for people to read and to try out, made by Swagger UI from files of our own."""

    template_name = "catalogue/api/docs.html"


@extend_schema(exclude=True)
class NowhereView(APIView):
    """Any other address below the API's."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Refusal(404, _("接口没有这个地址。地址都以“/”结尾，见 /api/v1/docs/。"))
