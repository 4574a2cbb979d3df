"""Middleware of the site itself."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.exceptions import DomainError


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp with a second, laxer policy for the Wagtail admin, which only staff reach."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/admin/") and not hasattr(response, "_csp_replace"):
            directives = settings.CONTENT_SECURITY_POLICY_ADMIN["DIRECTIVES"]
            response._csp_replace = dict(directives)  # type: ignore[attr-defined]  # where django-csp looks
        return super().process_response(request, response)


class DomainErrorMiddleware:
    """The one place where a refused action becomes a sentence on the page the person came from.

    A page that refuses to be shown leads to the centre instead: where the person came from may only lead
    back to it (the login page does, for ever).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        messages.error(request, str(exception))
        target = request.META.get("HTTP_REFERER", "")
        if request.method != "POST" or not url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            target = "/centre/"
        return redirect(target)
