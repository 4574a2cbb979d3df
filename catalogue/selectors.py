"""What the public pages read of the catalogue, beyond one queryset."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, prefetch_related_objects

from catalogue.models import Instrument
from institutions.models import Provider
from workflow.statuses import SubmissionStatus

RELATED = 4


def public_providers() -> QuerySet[Provider]:
    """Public providers with ``instrument_count``, those who share most first."""
    public_instruments = Q(instruments__status=SubmissionStatus.APPROVED, instruments__live=True)
    return (
        Provider.objects.public()
        .annotate(instrument_count=Count("instruments", filter=public_instruments))
        .order_by("-instrument_count", "pk")
    )


def cards_in_order(ids: list[int]) -> list[Instrument]:
    """The instruments found by a search, in its order; one that has left the public meanwhile is left out."""
    found = Instrument.objects.public().for_cards().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


@dataclass(frozen=True)
class Related:
    same_class: list[Instrument]
    same_provider: list[Instrument]


def related_instruments(instrument: Instrument) -> Related:
    """A few others of the class (second level) and of the provider.

    Also loads the photos of the instrument itself together with theirs.
    """
    others = (
        Instrument.objects.public()
        .exclude(pk=instrument.pk)
        .select_related("provider", "instrument_class__parent")
        .order_by("-first_published_at", "-pk")
    )
    same_class = list(
        others.filter(instrument_class__code__startswith=(instrument.instrument_class_id or "-")[:4])[
            :RELATED
        ]
    )
    same_provider = list(others.filter(provider=instrument.provider_id)[:RELATED])
    prefetch_related_objects([instrument, *same_class], "photos__image__renditions")
    return Related(same_class, same_provider)
