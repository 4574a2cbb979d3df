"""What the catalogue's index has for several kinds of record at once, in one statement a tier.

A page of one kind asks ``CatalogueSearch``, which pages, filters and counts facets; where every kind is wanted with a few
of each, that would be a dozen statements and ten thousand numbers nobody looks at.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import CharField, F, QuerySet, Value

from catalogue.models import Capability, Instrument, LabService, ProviderRecord, TestingService
from catalogue.search import Kind
from catalogue.search.documents import filter_tokens
from catalogue.search.engines import Engine, Scope, get_engine
from catalogue.search.service import CAP, ENOUGH_LETTERS
from catalogue.search.tokens import (
    PIECE,
    PINYIN,
    Match,
    Term,
    Word,
    letter_count,
    name_match,
    pinyin_match,
    query_words,
    text_match,
)

MODELS: dict[Kind, type[ProviderRecord]] = {
    Kind.INSTRUMENT: Instrument,
    Kind.TESTING: TestingService,
    Kind.LAB: LabService,
    Kind.CAPABILITY: Capability,
}


@dataclass
class Found:
    """How many there are, and the numbers of the first. ``capped``: there are more than ``total``."""

    total: int = 0
    capped: bool = False
    object_ids: list[int] = field(default_factory=list)


def first_records(text: str, number: int) -> dict[Kind, Found]:
    """Of each kind the count, as a page of that kind would say, and the first so many in its order."""
    words = query_words(text)
    found = {kind: Found() for kind in Kind}
    if not words:
        return found
    engine = get_engine()
    in_name, in_text, by_pinyin = name_match(words), text_match(words), pinyin_match(words)
    always_by_pinyin = by_pinyin is not None and letter_count(words) >= ENOUGH_LETTERS
    whole = by_pinyin if by_pinyin and always_by_pinyin else in_text
    _read(engine, found, Kind, count=whole, first=in_name, number=number)
    if lacking := [kind for kind in Kind if found[kind].total > len(found[kind].object_ids) < number]:
        _read(engine, found, lacking, first=replace(in_text, unlike=in_name), number=number)
    if by_pinyin:
        rest = replace(by_pinyin, unlike=in_text)
        if always_by_pinyin:
            lacking = [kind for kind in Kind if found[kind].total > len(found[kind].object_ids) < number]
            _read(engine, found, lacking, first=rest, number=number)
        else:
            _read(
                engine,
                found,
                [kind for kind in Kind if not found[kind].total],
                count=rest,
                first=rest,
                number=number,
            )
    return found


def first_matching(match: Match, number: int, kinds: Iterable[Kind] = Kind) -> dict[Kind, Found]:
    """Of each kind the newest so many records that match."""
    found = {kind: Found() for kind in kinds}
    _read(get_engine(), found, found, first=match, number=number)
    return found


def name_or_pinyin_match(words: Iterable[Word]) -> Match:
    """Every word in the name, or in its pinyin if it is letters."""
    clauses = []
    for word in words:
        also = (Term(PINYIN + word.letters[:PIECE], is_prefix=True),) if word.letters else ()
        for clause in name_match([word]).clauses:
            clauses.append((*clause, *also))
    return Match(tuple(clauses))


def _read(
    engine: Engine,
    found: dict[Kind, Found],
    kinds: Iterable[Kind],
    *,
    first: Match,
    count: Match | None = None,
    number: int,
) -> None:
    """Fill in, for these kinds, the count of one match and the first numbers of another: one row of sub-queries."""
    kinds, columns, params = list(kinds), [], []
    for kind in kinds:
        if count is not None:
            counted, its_params = _of_kind(engine, count, kind, CAP + 1)
            columns.append(f"(SELECT COUNT(*) FROM ({counted}) c)")  # noqa: S608 - names of our own
            params += its_params
        room = number - len(found[kind].object_ids)
        if room > 0:
            newest, its_params = _of_kind(engine, first, kind, room)
            columns.append(f"(SELECT {engine.joined_ids} FROM ({newest}) f)")  # noqa: S608 - names of our own
            params += its_params
    if not columns:
        return
    row = iter(engine.fetch_one(f"SELECT {', '.join(columns)}", params))
    for kind in kinds:
        one = found[kind]
        if count is not None:
            total = next(row)
            one.total, one.capped = min(total, CAP), total > CAP
        if len(one.object_ids) < number:
            one.object_ids += engine.object_ids(next(row))


def _of_kind(engine: Engine, match: Match, kind: Kind, number: int) -> tuple[str, list[Any]]:
    """The query for the newest so many documents of a kind, and its parameters."""
    narrowed = match.narrowed(filter_tokens(kind=kind))
    return engine.matching(
        narrowed, Scope(kind, limit=number - 1)
    )  # a scope asks for one more than its limit


class Named(NamedTuple):
    """A record's name; of a capability the standard's number and name."""

    kind: str
    pk: int
    name: str
    more: str


def names_of(found: dict[Kind, Found]) -> dict[Kind, list[Named]]:
    """The names of what was found, in its order, in one query; without what has left the public meanwhile."""
    wanted = {kind: one.object_ids for kind, one in found.items() if one.object_ids}
    names: dict[Kind, list[Named]] = {kind: [] for kind in found}
    if not wanted:
        return names
    first, *others = (_named(kind, ids) for kind, ids in wanted.items())
    read = {(row[0], row[1]): Named(*row) for row in (first.union(*others, all=True) if others else first)}
    for kind, ids in wanted.items():
        names[kind] = [read[kind.value, pk] for pk in ids if (kind.value, pk) in read]
    return names


def _named(kind: Kind, ids: list[int]) -> QuerySet[Any, Any]:
    records = MODELS[kind].objects.public().filter(pk__in=ids).order_by()
    columns = ("standard_number", "standard_name") if kind == Kind.CAPABILITY else ("name", None)
    name, more = columns
    return records.values_list(
        Value(kind.value, CharField()),
        "pk",
        F(name),
        F(more) if more else Value("", CharField()),
    )
