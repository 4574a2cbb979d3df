"""Every refusal of the API in one form (RFC 9457): what is wrong in a sentence, and by field where fields are."""

import math
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from accounts.exceptions import DomainError
from workflow.exceptions import IncompleteError, StaleFormError

MEDIA_TYPE = "application/problem+json"
# The errors of what concerns no field.
WHOLE = "non_field_errors"

TITLES = {
    400: gettext_lazy("请求有误"),
    401: gettext_lazy("需要有效的令牌"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("未找到"),
    405: gettext_lazy("不支持这种操作"),
    406: gettext_lazy("不提供所要的格式"),
    409: gettext_lazy("现在不能这样做"),
    412: gettext_lazy("记录已有变化"),
    413: gettext_lazy("请求太大"),
    415: gettext_lazy("不支持的内容类型"),
    422: gettext_lazy("内容不完整"),
    429: gettext_lazy("请求太频繁"),
}


class Refusal(exceptions.APIException):
    """A refusal with its own sentence; ``errors`` are sentences by field, nested as the fields are."""

    def __init__(self, code: int, sentence: str, errors: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.status_code = code
        self.sentence = sentence
        self.errors = errors


class FieldErrors(Refusal):
    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(400, _("有 %d 处填写不正确，见 errors。") % count_of(errors), errors)


class Incomplete(Refusal):
    """A record cannot be submitted as it is."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(422, _("还不能提交：有 %d 处要补充，见 errors。") % count_of(errors), errors)


def count_of(errors: Mapping[str, Any]) -> int:
    """How many sentences there are, at whatever depth."""
    return sum(count_of(one) if isinstance(one, Mapping) else len(one) for one in errors.values())


def problem_response(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None for what is nobody's refusal but a fault of ours: a 500."""
    refusal = _refusal(exception, context)
    if refusal is None:
        return None
    code = refusal.status_code
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(TITLES.get(code, "")),
        "status": code,
        "detail": refusal.sentence,
    }
    if refusal.errors is not None:
        body["errors"] = refusal.errors
    headers = {}
    if challenge := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(exception, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    response = Response(body, status=code, headers=headers, content_type=MEDIA_TYPE)
    add_never_cache_headers(response)  # what is refused now may be granted in a minute
    return response


def _refusal(exception: Exception, context: Mapping[str, Any]) -> Refusal | None:
    match exception:
        case Refusal():
            return exception
        case IncompleteError():
            return Incomplete(exception.problems)
        case StaleFormError():
            return Refusal(409, _("这条记录刚被修改，请重新读取后再保存。"))
        case DomainError():
            return Refusal(409, str(exception))
        case Http404():
            return Refusal(404, _("没有这条记录，或者它没有公开。"))
        case PermissionDenied():
            return Refusal(403, _("您不能这样做。"))
        case RequestDataTooBig():
            return Refusal(413, _("请求内容太大，请分开发送。"))
        case SuspiciousOperation():
            return Refusal(400, _("请求的格式不对，无法读取。"))
        case exceptions.APIException():
            return _framework_refusal(exception, context)
    return None


def _framework_refusal(exception: exceptions.APIException, context: Mapping[str, Any]) -> Refusal:
    """DRF's own refusals, in sentences that say what to do."""
    code = exception.status_code
    match exception:
        case exceptions.ValidationError():
            errors = exception.detail if isinstance(exception.detail, dict) else {WHOLE: exception.detail}
            return FieldErrors(errors)
        case exceptions.NotAuthenticated():
            sentence = _(
                "请在请求头里写“Authorization: Bearer 令牌”。令牌在应用中心“账户设置 → 接口令牌”新建。"
            )
        case exceptions.AuthenticationFailed() | exceptions.ParseError():
            sentence = str(exception.detail)
        case exceptions.PermissionDenied():
            sentence = _("这个令牌不能这样做。")
        case exceptions.NotFound():
            sentence = _("没有这条记录，或者它没有公开。")
        case exceptions.MethodNotAllowed():
            sentence = _("这个地址不支持这种请求方法，可用的方法见 Allow。")
        case exceptions.NotAcceptable():
            sentence = _("这里只提供 application/json。")
        case exceptions.UnsupportedMediaType():
            sentence = (
                _("不能读取“%s”类型的内容，请按接口文档的内容类型发送。")
                % context["request"].content_type[:80]
            )
        case exceptions.Throttled():
            sentence = _("请求太频繁，请等 %d 秒再试。") % math.ceil(exception.wait or 1)
        case _:
            sentence = str(exception.detail)
    return Refusal(code, sentence)
