"""Answers that need not be sent again: ETag, Last-Modified and 304."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from rest_framework.response import Response

from catalogue.attributes import AttributeBook
from catalogue.models import Qualification, SearchVersion

SEEN_KEY = "api-catalogue-state"
# Part of every ETag: raise it when the same records are written differently.
FORMAT = 1


@dataclass(frozen=True)
class CatalogueState:
    """The public catalogue at one moment: a word that is another after each change, and since when (Unix time)."""

    word: str
    since: int


def catalogue_state(book: AttributeBook | None = None) -> CatalogueState:
    """The present state, in two queries and one look into the cache.

    Made of the index's version, which every decision on a record or provider renews, and of what public pages
    show besides: qualifications, and definitions of attributes where the answer has any.
    """
    version = SearchVersion.objects.values_list("value", flat=True).first()
    qualifications = Qualification.objects.approved().aggregate(Count("pk"), Max("decided_at"))
    word = digest([FORMAT, version, str(qualifications), list(_facts(book)) if book else []])
    return CatalogueState(word, _since(word, bool(book)))


def _facts(book: AttributeBook) -> Iterable[list[Any]]:
    """What of the definitions shows in an answer, or decides what is in it."""
    for one in book.by_key.values():
        shown = (one.pk, one.node_code, one.name, one.unit, one.kind, one.is_public, one.sort_order)
        yield [*shown, one.is_facet, one.choices, str(one.retired_at)]


def _since(word: str, has_book: bool) -> int:
    """When this state was first seen. A later one is at least a second later, which is all that HTTP dates can tell.

    Where the cache has forgotten it is now: too late is safe, too early would hide a change.
    """
    key = f"{SEEN_KEY}:{has_book:d}"
    last, second = cache.get(key, ("", 0))
    if last != word:
        second = max(int(time.time()), second + 1)
        cache.set(key, (word, second), None)
    return second


def digest(content: Any) -> str:
    return blake2b(json.dumps(content, ensure_ascii=False, default=str).encode(), digest_size=16).hexdigest()


def unless_unchanged(
    request: Any, etag: str, since: int | None, build: Callable[[], Response]
) -> HttpResponse:
    """304 if the client has this very answer; otherwise what ``build`` makes, marked for the next time."""
    quoted = quote_etag(etag)
    unchanged = get_conditional_response(request._request, etag=quoted, last_modified=since)
    response = build() if unchanged is None else unchanged
    response["ETag"] = quoted
    if since is not None:
        response["Last-Modified"] = http_date(since)
    response["Cache-Control"] = "public, no-cache"  # a record that is withdrawn must be gone at the next look
    return response
