"""Public pages for visitors who are not signed in, from the cache, and never older than the last change.

The first middleware: a page that is found costs neither session nor database nor template. What makes a page another
one is in its key, or keeps it from being cached; docs/adr/0010-page-cache.md has the reasons.
"""

import gzip
import re
import time
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from accounts.public_version import asked_once, public_version
from voucher_site import language

PATHS = re.compile(r"/(?:$|(?:notices|policy|catalogue|publicity|search|statistics)/)")
# Lists as they are browsed, a few parameters of few values. Words, prices and the like are for few eyes each, and so are
# pages far down; what is no number of a page or year shows another page's content.
QUERY = re.compile(
    r"(?:(?:^|&)(?:page=[1-9][0-9]?|year=[0-9]{4}"
    r"|(?:city|category|institution|vouchers|sort|type|topic|status|tab)=[0-9a-z_-]{1,12})){0,4}"
)
KINDS = ("text/html", "application/rss+xml", "application/atom+xml")
# What a header "Vary" may name: in the key, or never asked of the cache.
VARIES = frozenset({"cookie", "accept-encoding", "hx-request"})
SMALL = 200  # bytes, not worth compressing


class StoredPage(NamedTuple):
    version: str
    at: float
    response: HttpResponse  # the cache gives each reader a copy

    def answer(self, request: HttpRequest, *, age: bool) -> HttpResponse:
        """The page, or 304 for a browser that has it."""
        response = self.response
        if age:
            response.headers["Age"] = str(int(max(time.time() - self.at, 0)))
        if "HTTP_IF_NONE_MATCH" in request.META:
            etag = response.headers["ETag"]
            return get_conditional_response(request, etag=etag, response=response) or response
        return response


class PageCacheMiddleware:
    """Answers GET and HEAD of public pages from the cache, and stores what it had to have rendered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.PAGE_CACHE_SECONDS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_for_everybody(request):
            with asked_once():
                return self.get_response(request)
        key = _key(request)
        version, page = public_version(), caches["pages"].get(key)
        if page and page.version == version:
            return page.answer(request, age=True)
        with asked_once(version):
            response = self.get_response(request)
        if version is None or not isinstance(response, HttpResponse) or not _is_storable(request, response):
            return response
        page = _stored(version, request, response)
        caches["pages"].set(key, page, settings.PAGE_CACHE_SECONDS)
        return page.answer(request, age=False)


def _is_for_everybody(request: HttpRequest) -> bool:
    """Whether any visitor who asks this is answered the same."""
    meta, cookies = request.META, request.COOKIES
    return (
        request.method in ("GET", "HEAD")
        and PATHS.match(request.path) is not None
        and QUERY.fullmatch(meta.get("QUERY_STRING", "")) is not None
        and settings.SESSION_COOKIE_NAME not in cookies
        and "messages" not in cookies
        and "HTTP_AUTHORIZATION" not in meta
        and "HTTP_HX_REQUEST" not in meta
        and "HTTP_RANGE" not in meta
    )


def _key(request: HttpRequest) -> str:
    """Of all that the page depends on. Raises DisallowedHost for a host that is not ours."""
    meta = request.META
    parts = (
        request.scheme,
        request.get_host(),
        request.path,
        meta.get("QUERY_STRING", ""),
        request.COOKIES.get("size") == "large",
        request.COOKIES.get(language.COOKIE) == language.ENGLISH,
        _takes_gzip(request),
    )
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _takes_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")


def _is_storable(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A whole page that says nothing about its visitor and sets nothing in the browser."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and response.headers.get("Content-Type", "").partition(";")[0] in KINDS
        and "Cache-Control" not in response.headers
        and "Content-Disposition" not in response.headers
        and VARIES.issuperset(response.headers.get("Vary", "cookie").lower().replace(" ", "").split(","))
    )


def _stored(version: str, request: HttpRequest, response: HttpResponse) -> StoredPage:
    body = response.content
    headers = {name: value for name, value in response.items() if name != "Content-Length"}
    # Weak, because the page is the same compressed or not. Of the content alone: an unchanged page stays 304.
    headers["ETag"] = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
    headers["Vary"] = "Cookie, Accept-Encoding"
    # A browser asks each time, so that it never shows what has been withdrawn; proxies keep nothing.
    headers["Cache-Control"] = "private, no-cache"
    # No page that is stored holds a secret (a token sets a cookie), so compressing it tells nobody anything.
    if _takes_gzip(request) and len(body) > SMALL and "Content-Encoding" not in headers:
        body = gzip.compress(body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    return StoredPage(version, time.time(), HttpResponse(body, headers=headers))
