"""The language of a page. The site is Chinese; a visitor may read the public pages in English.

Only the choice kept in a cookie counts, not what the browser says it prefers: whoever has chosen nothing reads Chinese.
Forms, mails, workbooks, feeds, the API and the admin are Chinese for everybody.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE = "site_language"
ENGLISH = "en"
PUBLIC = re.compile(r"/(?:$|(?:notices|policy|catalogue|publicity|search|statistics)(?:/|$))")
ALWAYS_CHINESE = re.compile(r"/(?:export|feed)(?:/|$)|\.xlsx$")


def has_languages(path: str) -> bool:
    """Whether the page at a path can be read in either language."""
    return bool(PUBLIC.match(path)) and not ALWAYS_CHINESE.search(path)


class LanguageMiddleware:
    """Shows the public pages in the language chosen, and says which it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not has_languages(request.path):
            return self.get_response(request)
        english = request.COOKIES.get(COOKIE) == ENGLISH
        # What the addresses load says some of its words for good (headings of exports): it must say them in Chinese.
        _ = get_resolver().url_patterns
        with translation.override(ENGLISH if english else settings.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "en" if english else "zh-Hans")
        patch_vary_headers(response, ["Cookie"])
        return response
