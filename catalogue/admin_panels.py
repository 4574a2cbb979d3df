"""The dashboard's panel on qualifications that end."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.urls import reverse
from wagtail.admin.ui.components import Component

from catalogue.models import Qualification, Validity, validity_condition


class ValidityPanel(Component):
    """How many approved qualifications end soon or have ended, each leading to its list."""

    name = "validity"
    template_name = "catalogue/admin/validity_panel.html"
    order = 110

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        states = (Validity.EXPIRING, Validity.EXPIRED)
        counts = Qualification.objects.approved().aggregate(
            **{state.value: Count("pk", filter=validity_condition(state)) for state in states}
        )
        address = reverse(Qualification.snippet_viewset.get_url_name("list"))
        return {
            "tiles": [
                (state.label, counts[state], f"{address}?status=approved&validity={state.value}")
                for state in states
            ]
        }
