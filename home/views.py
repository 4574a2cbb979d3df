"""The application centre's front page, and how the site is shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView, View

from accounts.centre import CentreMixin
from home.dashboard import dashboard_of

PROMPTED = "institution_prompted"
SIZES = frozenset({"normal", "large"})
YEAR_SECONDS = 365 * 24 * 3600


class DashboardView(CentreMixin, TemplateView):
    """Where an external account arrives after signing in."""

    template_name = "centre/dashboard.html"
    menu_key = "dashboard"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dashboard = dashboard_of(self.actor)
        return super().get_context_data(
            dashboard=dashboard, prompt=dashboard.needs_institution and self.first_time(), **kwargs
        )

    def first_time(self) -> bool:
        """Whether this session has not been asked yet: the prompt comes once after each sign-in."""
        if self.request.session.get(PROMPTED):
            return False
        self.request.session[PROMPTED] = True
        return True


class SizePreferenceView(View):
    """Remember the type size: 关怀版 (large) or 标准版 (normal)."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        target = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        response = HttpResponseRedirect(target if safe else "/")
        size = request.POST.get("size")
        if size in SIZES:
            response.set_cookie(
                "size",
                size,
                max_age=YEAR_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response
