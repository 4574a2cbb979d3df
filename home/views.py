"""The application centre's front page."""

from typing import Any

from django.views.generic import TemplateView

from accounts.centre import CentreMixin
from home.dashboard import dashboard_of

PROMPTED = "institution_prompted"


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
