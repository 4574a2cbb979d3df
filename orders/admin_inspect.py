"""One booking, order or evaluation as staff read it, with all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from orders.admin_ledgers import DealRowView
from orders.models import Booking, BookingMessage, Evaluation, OrderDocument
from workflow.differences import changes_text
from workflow.models import AuditEntry


@dataclass(frozen=True)
class StaffEvent:
    """One step with the name of who made it, which the two sides do not read of each other's people."""

    title: str
    time: Any
    actor: str
    changes: str
    reason: str


def trail(record: Model) -> Sequence[StaffEvent]:
    """All of the audit trail, newest first."""
    return [
        StaffEvent(
            title=entry.get_action_display(),
            time=entry.at,
            actor=entry.actor_name,
            changes=changes_text(type(record), entry.changes),
            reason=entry.reason,
        )
        for entry in AuditEntry.objects.of(record)
    ]


def thread_of(booking: Booking) -> QuerySet[BookingMessage]:
    """What the two sides wrote to each other, with all that orders/admin/thread.html prints."""
    return booking.messages.select_related("author").prefetch_related("files__file")


def link(name: str, record: Any) -> str:
    return format_html('<a href="{}">{}</a>', reverse(name, args=[record.pk]), record)


class BookingRowView(DealRowView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        booking = self.instance
        return super().get_context_data(
            events=trail(booking),
            orders=booking.orders.all(),
            thread=thread_of(booking),
            files=booking.files.filter(message=None).select_related("file"),
            **kwargs,
        )


class OrderRowView(DealRowView):
    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        if field_name == "booking" and self.instance.booking:
            return link("orders_booking_modeladmin_inspect", self.instance.booking)
        return super().get_field_display_value(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.instance
        documents: list[OrderDocument] = list(order.documents.select_related("file", "uploaded_by"))
        return super().get_context_data(
            items=order.items.all(),
            documents=documents,
            invoices=order.invoices.select_related("file"),
            evaluation=Evaluation.objects.filter(order=order).first(),
            events=trail(order),
            **kwargs,
        )
