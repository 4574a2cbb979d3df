"""Cursors: where a list goes on, in a word that the client only hands back."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from catalogue.api.problems import FieldErrors

PER_PAGE, MOST_PER_PAGE = 50, 100
LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True)
class Cursor:
    """``number`` is the last record shown, or in the order of a search (``found``) the page to come."""

    number: int
    found: bool = False

    def __str__(self) -> str:
        content = json.dumps([int(self.found), self.number]).encode()
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    @classmethod
    def read(cls, word: str) -> "Cursor | None":
        """The cursor of that word; None if we never gave it out."""
        try:
            found, number = json.loads(base64.urlsafe_b64decode(word[:60].encode() + b"=="))
        except (ValueError, TypeError, binascii.Error):
            return None
        in_range = type(number) is int and 0 < number <= LARGEST_NUMBER
        return cls(number, bool(found)) if in_range and found in (0, 1) else None


class CursorPagination(BasePagination):
    """``limit`` and ``cursor``, ``next`` and ``results``.

    Records are walked by falling number, each page beginning after the last record of the one before: what is added or
    taken away meanwhile moves nothing. In the order of a search pages are counted instead.
    """

    next_url: str | None = None

    def read(self, request: Any, *, found: bool = False) -> tuple[int, Cursor | None]:
        """How many are asked for, and from where on. Raises FieldErrors for what cannot be understood."""
        errors = {}
        limit, word = request.query_params.get("limit", ""), request.query_params.get("cursor", "")
        if limit and not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= MOST_PER_PAGE):
            errors["limit"] = [_("请填写 1 到 %d 的整数。") % MOST_PER_PAGE]
        cursor = Cursor.read(word) if word else None
        if word and (cursor is None or cursor.found != found):
            errors["cursor"] = [_("游标无效，请从上一页的 next 取得，筛选条件保持不变。")]
        if errors:
            raise FieldErrors(errors)
        return int(limit or PER_PAGE), cursor

    def paginate_queryset(self, queryset: QuerySet[Any], request: Any, view: Any = None) -> list[Any]:
        limit, cursor = self.read(request)
        queryset = queryset.order_by("-pk")
        if cursor is not None:
            queryset = queryset.filter(pk__lt=cursor.number)
        # their numbers first: with all that a record is read with, the planner would rather sort the whole catalogue
        numbers = list(queryset.values_list("pk", flat=True)[: limit + 1])
        if len(numbers) > limit:
            del numbers[limit:]
            self.go_on(request, Cursor(numbers[-1]))
        rows = queryset.order_by().in_bulk(numbers)
        return [rows[number] for number in numbers if number in rows]

    def go_on(self, request: Any, cursor: Cursor) -> None:
        """Say that there is more, from ``cursor`` on."""
        query = request.query_params.copy()
        query["cursor"] = str(cursor)
        self.next_url = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_url, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": _("下一页的地址；null 表示没有了。"),
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "limit",
                "in": "query",
                "description": _("每页多少条。"),
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
            },
            {
                "name": "cursor",
                "in": "query",
                "description": _("从哪里继续。不要自己拼，直接请求上一页的 next。"),
                "schema": {"type": "string"},
            },
        ]


class WholeList(CursorPagination):
    """A list so short that it comes in one piece, in the same envelope."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []
