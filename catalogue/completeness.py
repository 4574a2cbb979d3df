"""What many drafts still lack before they can be submitted, without a query for each."""

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar, cast

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet, Sum, prefetch_related_objects
from django.utils import timezone

from catalogue.attributes import AttributeBook
from catalogue.models import AttributeDefinition, Instrument, ProviderRecord
from catalogue.pieces import in_pieces
from institutions.models import Provider
from workflow.statuses import EDITABLE

R = TypeVar("R", bound=ProviderRecord)
CHUNK = 500
CACHE_SECONDS = 300


def prepare_for_check(records: Sequence[R]) -> None:
    """Load what ``submission_problems`` looks at for all of these records, which are of one model."""
    if not records:
        return
    model = type(records[0])
    prefetch_related_objects(records, "provider", *(["photos"] if issubclass(model, Instrument) else []))
    book = AttributeBook.of(model)
    for record in records:
        record.attribute_book = book


def bulk_submission_problems(records: Sequence[R]) -> dict[int, dict[str, list[str]]]:
    """What ``record.submission_problems()`` says of each record, by its number, in a fixed number of queries."""
    prepare_for_check(records)
    return {record.pk: record.submission_problems() for record in records}


def unsubmitted(model: type[ProviderRecord], provider: Provider) -> QuerySet[Any]:
    """The provider's drafts and returned records, the latest first."""
    own: QuerySet[Any] = cast(Any, model).objects.filter(provider=provider, status__in=EDITABLE)
    return own.order_by("-updated_at", "-pk")


def complete_ids(model: type[ProviderRecord], provider: Provider) -> list[int]:
    """Which of the provider's unsubmitted records could be submitted now, the latest first.

    Remembered for some minutes while none of them, nor what is asked for, has changed: submitting checks anew.
    """
    records = unsubmitted(model, provider)
    key = f"complete:{model._meta.model_name}:{provider.pk}:{_fingerprint(records, provider)}"
    found: list[int] | None = cache.get(key)
    if found is None:
        found = [
            pk
            for piece in in_pieces(records.iterator(CHUNK), CHUNK)
            for pk, problems in bulk_submission_problems(piece).items()
            if not problems
        ]
        cache.set(key, found, CACHE_SECONDS)
    return found


def _fingerprint(records: QuerySet[Any], provider: Provider) -> str:
    facts = (
        records.order_by().aggregate(Count("pk"), Sum("version"), Max("updated_at")),
        (provider.status, provider.version, timezone.localdate()),
        list(AttributeDefinition.objects.in_force().order_by("pk").values_list("pk", "is_required")),
    )
    return hashlib.blake2b(repr(facts).encode(), digest_size=12).hexdigest()
