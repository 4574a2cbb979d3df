"""Keeping the index equal to what the public may see, inside the transaction that changes it.

Whoever changes the index holds its one row (``_begin_change``) until the transaction ends. Changes of records
are therefore seen by the index in one order, and a record approved while its provider withdraws cannot
slip in. The row is taken last, after the records' own; one transaction decides on one record.
"""

import itertools
import uuid
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from catalogue.models import Instrument
from catalogue.search.documents import Document, instrument_documents
from catalogue.search.engines import get_engine
from catalogue.search.models import SearchDoc
from catalogue.search.types import Kind
from institutions.models import Provider


def sync_instrument(pk: int) -> None:
    """Index the instrument if the public may see it; else, or if there is none, take it out."""
    with transaction.atomic():
        _begin_change()
        SearchDoc.objects.filter(kind=Kind.INSTRUMENT, object_id=pk).delete()
        _add(instrument_documents(Instrument.objects.public().filter(pk=pk)))


def sync_provider(provider: Provider) -> None:
    """Index what is public of the provider's, or take all of it out."""
    with transaction.atomic():
        _begin_change()
        SearchDoc.objects.filter(institution_id=provider.pk).delete()
        _add(instrument_documents(Instrument.objects.public().filter(provider=provider)))


def rebuild() -> int:
    """Make the index anew from the records; returns how many documents it holds.

    Decisions on records wait meanwhile; searches go on finding what they did before.
    """
    engine = get_engine()
    count = 0
    with transaction.atomic():
        _begin_change()
        engine.begin_rebuild()
        number = None

        def numbered(batch: Iterable[Document]) -> Iterator[tuple[int, Document]]:
            nonlocal number
            for document in batch:
                number = document.second if number is None else max(document.second, number + 1)
                yield number, document

        for batch in instrument_documents(Instrument.objects.public()):
            count += engine.store(numbered(batch))
        engine.end_rebuild()
    return count


def _add(batches: Iterator[Iterator[Document]]) -> None:
    engine = get_engine()
    for document in itertools.chain.from_iterable(batches):
        engine.store([(_free_number(document.second), document)])


def _free_number(second: int) -> int:
    """The second, or the next number after it that no document has."""
    if not SearchDoc.objects.filter(pk=second).exists():
        return second
    next_one = SearchDoc.objects.filter(pk=OuterRef("pk") + 1)
    before_gap = SearchDoc.objects.filter(~Exists(next_one), pk__gte=second).order_by("pk")
    return before_gap.values_list(F("pk") + 1, flat=True)[0]


def _begin_change() -> None:
    """Name the index's next state, and keep everybody else from changing it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_searchversion (id, value) VALUES (1, %s) "
            "ON CONFLICT (id) DO UPDATE SET value = excluded.value",
            [uuid.uuid4().hex],
        )
