"""Whose figures may have changed: read from the audit trail, which every step leaves an entry in."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from catalogue.models import Instrument, LabService, TestingService
from institutions.models import Consumer
from orders.models import Order
from vouchers.models import Voucher
from vouchers.models.applications import VoucherApplication
from workflow.models import AuditEntry

AT_ONCE = 500


def _of(model: type[Model], column: str = "pk") -> Callable[[list[int]], Iterable[Any]]:
    """The consumers of those rows."""
    return lambda ids: (
        model._default_manager.filter(**{f"{column}__in": ids})
        .order_by()
        .values_list("pk" if model is Consumer else "consumer_id", flat=True)
        .distinct()
    )


# A record of the trail, and how to come to the consumers it counts for. Of an offer, its class or field may be another now.
ROADS: dict[type[Model], Callable[[list[int]], Iterable[Any]]] = {
    Consumer: _of(Consumer),
    Order: _of(Order),
    Voucher: _of(Voucher),
    VoucherApplication: _of(VoucherApplication),
    Instrument: _of(Order, "instrument"),
    TestingService: _of(Order, "testing_service"),
    LabService: _of(Order, "lab_service"),
}


def changed_consumers(since: datetime.datetime) -> list[int]:
    """Consumers with a step of theirs, or of what they ordered, in the trail since then; by key."""
    types = {ContentType.objects.get_for_model(model).pk: model for model in ROADS}
    steps = (
        AuditEntry.objects.filter(at__gte=since, record_type_id__in=types)
        .order_by()
        .values_list("record_type_id", "record_id")
        .distinct()
    )
    records: dict[type[Model], list[int]] = {}
    for type_id, record_id in steps:
        records.setdefault(types[type_id], []).append(record_id)
    found: set[int] = set()
    for model, ids in records.items():
        for start in range(0, len(ids), AT_ONCE):
            found.update(ROADS[model](ids[start : start + AT_ONCE]))
    return sorted(found)
