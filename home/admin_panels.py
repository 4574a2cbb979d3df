"""The dashboard of editors, and what goes off the site soon for all who have to know."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from accounts.paging import clamped_page
from policy import editing

WAITING_PER_PAGE = 10


class EditorsPanel(Component):
    """What waits for another editor, what came back, one's own drafts, and what is scheduled."""

    name = "editors"
    template_name = "home/admin/editors_panel.html"
    order = 110

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        request = (parent_context or {})["request"]
        page = clamped_page(editing.waiting(), request.GET.get("waiting"), WAITING_PER_PAGE)
        return {
            "page_obj": page,
            "waiting": editing.waiting_items(page, request.user),
            "returned": editing.returned_to(request.user),
            "drafts": editing.drafts_of(request.user),
            "scheduled": editing.scheduled(),
        }


class ExpiringPanel(Component):
    """Pages that go off the site by themselves. (Certificates that end are counted by the catalogue's panel.)"""

    name = "expiring"
    template_name = "home/admin/expiring_panel.html"
    order = 120

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"pages": editing.expiring(), "days": editing.EXPIRING_DAYS}


class PayersPanel(Component):
    """The way to the institutions that are paid, for those who pay."""

    name = "payers"
    template_name = "home/admin/payers_panel.html"
    order = 130

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"url": reverse("wagtailsnippets_institutions_consumer:list")}
