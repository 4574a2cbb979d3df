"""Institutions in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from institutions.models import Provider
from workflow.admin_snippets import ReadOnlyPolicy, SubmissionViewSet

register_permission_policy(Provider, ReadOnlyPolicy(Provider))


class ProviderViewSet(SubmissionViewSet):
    model = Provider
    icon = "home"
    menu_label = _("接券机构")
    menu_name = "providers"
    menu_order = 20
    add_to_admin_menu = True
    list_display = ["__str__", "host_name", "get_city_display", "get_status_display", "submitted_at"]
    list_filter = ["status", "city", "host_type"]
    search_fields = ["name", "host_name", "host_code"]


register_snippet(ProviderViewSet)
