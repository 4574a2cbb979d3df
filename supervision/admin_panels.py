"""The dashboard's panel: warnings that wait to be followed up."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from wagtail.admin.ui.components import Component

from supervision.models import Alert
from supervision.statuses import AlertStatus, Severity


class AlertsPanel(Component):
    """How many are open, grave, under way and one's own; one query."""

    name = "alerts"
    template_name = "supervision/admin/alerts_panel.html"
    order = 103

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        counts = Alert.objects.unsettled().aggregate(
            open=Count("pk", filter=Q(status=AlertStatus.OPEN)),
            serious=Count("pk", filter=Q(severity=Severity.SERIOUS)),
            following=Count("pk", filter=Q(status=AlertStatus.FOLLOWING)),
            mine=Count("pk", filter=Q(assigned_to=user)),
        )
        return {"counts": counts}
