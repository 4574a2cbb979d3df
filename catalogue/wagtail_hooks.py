"""The catalogue in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from catalogue.models import Instrument, InstrumentClass
from workflow.admin_snippets import ReadOnlyPolicy, SubmissionViewSet

register_permission_policy(Instrument, ReadOnlyPolicy(Instrument))


class InstrumentViewSet(SubmissionViewSet):
    model = Instrument
    icon = "cogs"
    menu_label = _("仪器")
    menu_name = "instruments"
    menu_order = 30
    add_to_admin_menu = True
    list_display = ["__str__", "model", "provider", "instrument_class", "get_status_display", "submitted_at"]
    list_filter = ["status", "city", "accepts_vouchers"]
    search_fields = ["name", "model", "internal_number", "provider__name"]


class InstrumentClassViewSet(SnippetViewSet):
    model = InstrumentClass
    icon = "list-ul"
    menu_label = _("仪器分类")
    list_display = ["code", "name", "parent"]
    search_fields = ["code", "name"]
    search_backend_name = None
    list_per_page = 100
    ordering = ["code"]


register_snippet(InstrumentViewSet)
register_snippet(InstrumentClassViewSet)
