"""How the API describes itself: each view says what its operations are, and this puts it into OpenAPI."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from catalogue.api.problems import MEDIA_TYPE, TITLES
from institutions.regions import cities


class ProblemSerializer(serializers.Serializer):
    """Every refusal (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField(label=gettext_lazy("种类"))
    status = serializers.IntegerField()
    detail = serializers.CharField(label=gettext_lazy("说明"))
    errors = serializers.DictField(
        required=False,
        label=gettext_lazy("按字段列出的问题"),
        help_text=gettext_lazy("键是字段名；值是句子的列表，专业参数的再按名称分开。"),
    )


@dataclass(frozen=True)
class Operation:
    """One method of one address. ``answers`` are serializers by status; ``refusals`` besides those of every operation."""

    id: str
    tag: Any
    summary: str
    description: str = ""
    body: Any = None
    answers: Mapping[int, Any] = field(default_factory=dict)
    refusals: Sequence[int] = ()
    parameters: Sequence[OpenApiParameter] = ()
    examples: Sequence[OpenApiExample] = ()


# What any operation may answer: a wrong token, another format, too many requests.
ALWAYS = (401, 406, 429)
CONDITIONS = [
    OpenApiParameter(
        "If-None-Match",
        str,
        OpenApiParameter.HEADER,
        description=gettext_lazy("上次的 ETag；没有变化就只回 304。"),
    ),
    OpenApiParameter(
        "If-Modified-Since",
        str,
        OpenApiParameter.HEADER,
        description=gettext_lazy("上次的 Last-Modified；没有变化就只回 304。"),
    ),
    *(
        OpenApiParameter(name, str, OpenApiParameter.HEADER, response=[200])
        for name in ("ETag", "Last-Modified")
    ),
]


class Schema(AutoSchema):
    view: Any

    @property
    def operation(self) -> Operation:
        operation: Operation = self.view.describe(self.method)
        return operation

    def get_operation_id(self) -> str:
        return self.operation.id

    def get_tags(self) -> list[str]:
        return [str(self.operation.tag)]

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:
        return self.operation.description

    def get_override_parameters(self) -> list[Any]:
        return list(self.operation.parameters)

    def get_examples(self) -> list[OpenApiExample]:
        return list(self.operation.examples)

    def get_request_serializer(self) -> Any:
        return self.operation.body

    def get_response_serializers(self) -> dict[Any, Any]:
        answers: dict[Any, Any] = dict(self.operation.answers)
        for status in sorted({*ALWAYS, *self.operation.refusals}):
            answers[status, MEDIA_TYPE] = OpenApiResponse(ProblemSerializer, description=str(TITLES[status]))
        return answers

    def _resolve_path_parameters(self, variables: Sequence[str]) -> list[dict[str, Any]]:
        """With what each part of an address means."""
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            name = parameter["name"]
            parameter["description"] = str(PATH_PARAMETERS[name])
            is_text = name in {"number", "code"}
            parameter["schema"] = {"type": "string"} if is_text else {"type": "integer", "minimum": 0}
        return parameters

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        """With each filter's own sentence, and what it takes."""
        parameters: list[dict[str, Any]] = super()._get_filter_parameters()
        for parameter in parameters:
            name = parameter["name"]
            parameter["description"] = str(self.view.filterset_class.base_filters[name].label)
            if name == "institution":
                parameter["schema"] = {"type": "integer", "minimum": 1}
            elif name == "city":
                parameter["schema"] = {"type": "string", "enum": [city.code for city in cities()]}
        return parameters

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        body: dict[str, Any] | None = super()._get_request_body(direction)
        return {**body, "required": True} if body else body


PATH_PARAMETERS = {
    "id": gettext_lazy("记录的编号。"),
    "image_id": gettext_lazy("照片的编号。"),
    "photo": gettext_lazy("照片的编号，见记录的 photos。"),
    "code": gettext_lazy("代码。"),
    "number": gettext_lazy("本机构的内部编号；含“/”“#”“?”或汉字时按 URL 编码。"),
}


def only_ours(endpoints: Sequence[Any]) -> list[Any]:
    """Leave out the API that Wagtail's admin has for itself."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def not_modified() -> OpenApiResponse:
    return OpenApiResponse(description=_("没有变化。"))
