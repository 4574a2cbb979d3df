"""robots.txt: what a robot need not fetch, and where the sitemap is."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control

from accounts.addresses import absolute

# The longer pattern wins (RFC 9309): of a list's addresses with parameters only its plain pages are walked, since facets
# multiply without end and lead to the same records.
RULES = """\
User-agent: *
Disallow: /admin/
Disallow: /accounts/
Disallow: /centre/
Disallow: /files/
Disallow: /preferences/
Disallow: /_util/
Disallow: /search/
Disallow: /api/
Allow: /api/v1/docs/
Disallow: /catalogue/*/export/
Disallow: /catalogue/*?
Allow: /catalogue/*?page=
"""


@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{RULES}\nSitemap: {absolute(reverse('sitemap'))}\n", content_type="text/plain")
