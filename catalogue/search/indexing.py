"""Keeping the index equal to what the public may see, inside the transaction that changes it."""

import itertools
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F

from catalogue.models import Instrument
from catalogue.search.documents import Document, instrument_documents
from catalogue.search.engines import get_engine
from catalogue.search.models import SearchDoc, SearchVersion
from catalogue.search.types import Kind
from institutions.models import Provider

BATCH = 500


def sync_instrument(instrument: Instrument) -> None:
    """Index the instrument if the public may see it, else take it out."""
    with transaction.atomic():
        SearchDoc.objects.filter(kind=Kind.INSTRUMENT, object_id=instrument.pk).delete()
        _add(instrument_documents(Instrument.objects.public().for_index().filter(pk=instrument.pk)))
        _bump()


def sync_provider(provider: Provider) -> None:
    """Index what is public of the provider's, or take all of it out."""
    with transaction.atomic():
        SearchDoc.objects.filter(institution_id=provider.pk).delete()
        _add(_public_documents(Instrument.objects.filter(provider=provider)))
        _bump()


def rebuild() -> int:
    """Make the index anew from the records; returns how many documents it holds."""
    with transaction.atomic():
        SearchDoc.objects.all().delete()
        count = _add(_public_documents(Instrument.objects.all()))
        _bump()
    get_engine().optimise()
    return count


def differences() -> tuple[set[int], set[int]]:
    """Public instruments the index lacks, and indexed ones that are not public."""
    public = set(Instrument.objects.public().values_list("pk", flat=True))
    indexed = set(SearchDoc.objects.filter(kind=Kind.INSTRUMENT).values_list("object_id", flat=True))
    return public - indexed, indexed - public


def _public_documents(instruments: Iterable[Instrument]) -> Iterator[Document]:
    queryset = instruments.public().for_index().order_by("first_published_at", "pk")
    return instrument_documents(queryset.iterator(chunk_size=BATCH))


def _add(documents: Iterator[Document]) -> int:
    engine = get_engine()
    total = 0
    while batch := list(itertools.islice(documents, BATCH)):
        rows = SearchDoc.objects.bulk_create(
            SearchDoc(
                kind=document.kind,
                object_id=document.object_id,
                category=document.category,
                city=document.city,
                institution_id=document.institution_id,
                vouchers=document.vouchers,
                price=document.price,
            )
            for document in batch
        )
        engine.store([(row.pk, document) for row, document in zip(rows, batch, strict=True)])
        total += len(batch)
    return total


def _bump() -> None:
    if not SearchVersion.objects.filter(pk=1).update(number=F("number") + 1):
        SearchVersion.objects.create(pk=1, number=1)
