"""The dashboard's panel: what waits, how urgent it is, and what was decided lately."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from wagtail.admin.ui.components import Component

from workflow import permissions
from workflow.filters import record_type_choices
from workflow.models import AuditEntry, ReviewTaskState
from workflow.statuses import Action


class ReviewPanel(Component):
    """Counts come from one aggregate: Wagtail's own panels list every pending item, unpaged."""

    name = "review"
    template_name = "workflow/admin/panel.html"
    order = 100

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        today = timezone.localdate()
        waiting = ReviewTaskState.objects.waiting()
        if permissions.is_reviewer(user):
            waiting = waiting.for_reviewer(user)
        kinds = (
            waiting.order_by()
            .values("record_type")
            .annotate(
                waiting=Count("pk"),
                overdue=Count("pk", filter=Q(due_on__lt=today)),
                today=Count("pk", filter=Q(due_on=today)),
            )
        )
        counts = {kind["record_type"]: kind["waiting"] for kind in kinds}
        return {
            "total": sum(counts.values()),
            "urgency": {when: sum(kind[when] for kind in kinds) for when in ("overdue", "today")},
            "by_type": [(pk, name, counts.get(pk, 0)) for pk, name in record_type_choices()],
            "most_urgent": waiting.select_related("record_type").order_by("due_on", "pk")[:8],
            "decisions": AuditEntry.objects.filter(action__in=[Action.APPROVE, Action.RETURN]).select_related(
                "record_type"
            )[:8],
        }
