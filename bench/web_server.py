"""What gunicorn serves while bench.web measures: the site, and beside it a view as bare as Django has them.

``/bare/<bytes>/`` goes through Django's own handler without a single middleware, to the first address of the resolver, whose
view answers a constant of that many bytes. Same process, same server, same settings: what is left is Django.
"""

import os
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

BYTES = os.urandom(512 * 1024)


def bare(request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(BYTES[:size], headers={"Content-Length": str(size)})


def make_application() -> Any:
    from django.test import override_settings

    from voucher_site.wsgi import application as site

    with override_settings(MIDDLEWARE=[]):
        nothing = WSGIHandler()

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        handler = nothing if environ["PATH_INFO"].startswith("/bare/") else site
        return handler(environ, start_response)

    return application


def __getattr__(name: str) -> Any:
    if name == "urlpatterns":
        from voucher_site import urls

        globals()["urlpatterns"] = [path("bare/<int:size>/", bare), *urls.urlpatterns]
        return globals()["urlpatterns"]
    raise AttributeError(name)
