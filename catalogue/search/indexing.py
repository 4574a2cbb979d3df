"""Keeping the index equal to what the public may see, inside the transaction that changes it.

Whoever changes the index holds its one row (``_begin_change``) until the transaction ends. Changes of records
are therefore seen by the index in one order, and a record approved while its provider withdraws cannot
slip in. The row is taken last, after the records' own; one transaction decides on one record.
"""

import itertools
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from catalogue.attributes.book import place_of
from catalogue.models import ProviderRecord
from catalogue.search.documents import SOURCES, Document, Source, class_prefix, public_documents
from catalogue.search.engines import get_engine
from catalogue.search.models import SearchDoc
from institutions.models import Provider

# Records that one transaction indexes anew: some tenths of a second.
SYNCED_AT_ONCE = 250


def sync_record(record: ProviderRecord) -> None:
    """Index the record if the public may see it; else, or if it is deleted, take it out."""
    source = source_of(type(record))
    with transaction.atomic():
        _begin_change()
        SearchDoc.objects.filter(kind=source.kind, object_id=record.pk).delete()
        _add(_all_documents(source, pk=record.pk))


def sync_provider(provider: Provider) -> None:
    """Index what is public of the provider's, or take all of it out."""
    with transaction.atomic():
        _begin_change()
        SearchDoc.objects.filter(institution_id=provider.pk).delete()
        for source in SOURCES.values():
            _add(_all_documents(source, provider=provider))


def sync_node(place: str, code: str) -> None:
    """Index anew what is public at a node of a classification and below it, after its attributes have changed.

    ``place`` is the field of a definition that names the node. In small transactions, so that decisions on records
    need not wait for thousands of others; each document keeps its number.
    """
    for source in SOURCES.values():
        if place_of(source.model) != place:
            continue
        with transaction.atomic():
            # whoever decides now has read the new definitions, or is waited for here
            _begin_change()
            within = f"{source.category.removesuffix('_id')}__code__startswith"
            here = source.model.objects.public().filter(**{within: class_prefix(code)})
            records = list(here.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(records), SYNCED_AT_ONCE):
            _sync_records(source, records[start : start + SYNCED_AT_ONCE])


def _sync_records(source: Source, records: list[int]) -> None:
    with transaction.atomic():
        _begin_change()
        docs = SearchDoc.objects.filter(kind=source.kind, object_id__in=records)
        numbers = dict(docs.values_list("object_id", "pk"))
        docs.delete()
        documents = list(_all_documents(source, pk__in=records))
        known = [(numbers[one.object_id], one) for one in documents if one.object_id in numbers]
        get_engine().store(known)
        _add(one for one in documents if one.object_id not in numbers)


def _all_documents(source: Source, **narrowed: Any) -> Iterator[Document]:
    return itertools.chain.from_iterable(public_documents(source, **narrowed))


def source_of(model: type[ProviderRecord]) -> Source:
    return next(source for source in SOURCES.values() if source.model is model)


def rebuild() -> int:
    """Make the index anew from the records; returns how many documents it holds.

    Decisions on records wait meanwhile; searches go on finding what they did before.
    """
    engine = get_engine()
    count = 0
    with transaction.atomic():
        _begin_change()
        engine.begin_rebuild()
        numbers = _Numbers()
        for source in SOURCES.values():
            for batch in public_documents(source):
                count += engine.store((numbers.next_free(document.second), document) for document in batch)
        engine.end_rebuild()
    return count


class _Numbers:
    """Numbers of documents made in one go: each the second asked for, or the next one free after it."""

    def __init__(self) -> None:
        # a taken number, and the one to try next from there; followed to the end, and shortened on the way
        self.following: dict[int, int] = {}

    def next_free(self, second: int) -> int:
        passed = []
        number = second
        while (after := self.following.get(number)) is not None:
            passed.append(number)
            number = after
        for one in (*passed, number):
            self.following[one] = number + 1
        return number


def _add(documents: Iterable[Document]) -> None:
    engine = get_engine()
    for document in documents:
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
