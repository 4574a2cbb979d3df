"""Bodies of requests, believed no further than they go."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from catalogue.api.problems import Refusal

NO_OBJECT = gettext_lazy('请求内容应是一个 JSON 对象，如 {"name": "…"}。')


class StrictJSONParser(BaseParser):
    """One JSON object, of a limited size.

    Numbers come as the text that was sent, so nothing is rounded and the fields judge them as they judge what is
    typed. Refused are what JSON does not have (NaN), a key that is there twice, half a surrogate pair, and depth.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> dict[str, Any]:
        body = _read(stream, settings.API_MAX_BODY_BYTES)
        try:
            content = json.loads(
                body.decode(),
                parse_int=str,
                parse_float=str,
                parse_constant=_no_such_number,
                object_pairs_hook=_object,
            )
            json.dumps(content, ensure_ascii=False).encode()  # half a surrogate pair cannot be written
        except UnicodeError:
            raise ParseError(_("请求内容不是正确的 UTF-8 文字。")) from None
        except RecursionError:
            raise ParseError(_("JSON 的层次太深。")) from None
        except ValueError:
            raise ParseError(_("请求内容不是正确的 JSON，请检查引号、逗号和括号。")) from None
        if not isinstance(content, dict):
            raise ParseError(NO_OBJECT)
        return content


class UploadParser(MultiPartParser):
    """multipart/form-data with files."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        _check_length(parser_context["request"], settings.API_MAX_UPLOAD_BYTES)
        return super().parse(stream, media_type, parser_context)


def _read(stream: Any, limit: int) -> bytes:
    _check_length(stream, limit)
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise Refusal(413, _too_big(limit))
    return bytes(body)


def _check_length(request: Any, limit: int) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length[:20]) > limit:
        raise Refusal(413, _too_big(limit))


def _too_big(limit: int) -> str:
    return _("请求内容太大，最多 %d kB。") % (limit // 1024)


def _no_such_number(word: str) -> Any:
    raise ParseError(_("JSON 里没有“%s”这样的数。") % word)


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise ParseError(_("“%s”写了两次，请只保留一个。") % key[:40])
        content[key] = value
    return content
