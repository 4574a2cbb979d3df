"""What an engine does: keep tokens beside the documents, and find and count what matches."""

from abc import ABC, abstractmethod
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.db import connection

from catalogue.search.documents import Document
from catalogue.search.tokens import Match
from catalogue.search.types import AttributeCounts, AttributeFilter, Kind, Sort

FACETS = ("object_id", "category", "city", "institution_id", "vouchers")
VALUES = "catalogue_searchvalue"
VALUE_COLUMNS = ("doc_id", "attribute_id", "low", "high", "option")
COLUMNS = ("id", "kind", "object_id", "category", "city", "institution_id", "vouchers", "price", "digest")


@dataclass
class Hits:
    """Records found, in order, with how often each value of a facet occurs among them.

    ``more``: there are others, beyond the limit.
    """

    object_ids: "array[int]" = field(default_factory=lambda: array("Q"))
    categories: Counter[str] = field(default_factory=Counter)
    cities: Counter[str] = field(default_factory=Counter)
    institutions: Counter[str] = field(default_factory=Counter)
    vouchers: int = 0
    more: bool = False
    # of their documents, if asked for
    numbers: "array[int]" = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        return len(self.object_ids)

    def append(self, other: "Hits") -> None:
        """Add hits that rank below these; none may be in both."""
        self.object_ids.extend(other.object_ids)
        self.categories.update(other.categories)
        self.cities.update(other.cities)
        self.institutions.update(other.institutions)
        self.vouchers += other.vouchers
        self.numbers.extend(other.numbers)
        self.more = other.more


@dataclass(frozen=True)
class Scope:
    """What a token cannot say: the kind, a range of prices (yuan), figures, the order, and how many at most.

    ``numbered``: the answer is to have the numbers of the documents too.
    """

    kind: Kind
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    vouchers: bool | None = None
    figures: tuple[AttributeFilter, ...] = ()
    numbered: bool = False
    sort: str = Sort.NEWEST
    limit: int | None = None

    @property
    def order(self) -> str:
        """The order of documents ``d`` that was asked for; empty for the newest first, which each engine has its way to."""
        return {
            Sort.PRICE: "d.price ASC NULLS LAST, d.id DESC",
            Sort.PRICE_DESC: "d.price DESC NULLS LAST, d.id DESC",
        }.get(Sort(self.sort), "")

    @property
    def limited(self) -> str:
        """One more than wanted, to know whether there are more."""
        return f"LIMIT {self.limit + 1:d}" if self.limit is not None else ""

    @property
    def conditions(self) -> tuple[list[str], list[Any]]:
        conditions: list[str] = ["d.kind = %s"]
        params: list[Any] = [self.kind.value]
        for bound, comparison in ((self.price_min, ">="), (self.price_max, "<=")):
            if bound is not None:
                conditions.append(f"d.price {comparison} %s")
                params.append(connection.ops.adapt_decimalfield_value(bound, 12, 2))
        if self.vouchers is not None:
            conditions.append("d.vouchers = %s")
            params.append(self.vouchers)
        for figure in self.figures:
            condition, condition_params = _overlap(figure)
            conditions.append(condition)
            params += condition_params
        return conditions, params


def _overlap(figure: AttributeFilter) -> tuple[str, list[Any]]:
    """The condition that what is asked for and what the document has meet somewhere."""
    bounds = {"v.high >= %s": figure.low, "v.low <= %s": figure.high}
    given = {condition: float(bound) for condition, bound in bounds.items() if bound is not None}
    value = " AND ".join(("v.doc_id = d.id", "v.attribute_id = %s", *given))
    return (
        f"EXISTS (SELECT 1 FROM {VALUES} v WHERE {value})",  # noqa: S608 - names of our own
        [figure.attribute_id, *given.values()],
    )


class Engine(ABC):
    # Joins the values of a column, in the order of the rows, with commas. One long string instead of ten
    # thousand rows: nothing the garbage collector would have to walk, and quicker to take apart.
    join: ClassVar[str]
    # What a search reads of documents ``d``: the table, and by name its columns of ``FACETS``, or one column of
    # all of them with commas in between.
    source: ClassVar[str]
    read: ClassVar[dict[str, str]]
    # What a database is told with the table where it is read in the order of documents.
    in_order: ClassVar[str] = ""

    @abstractmethod
    def store(self, rows: Iterable[tuple[int, Document]]) -> int:
        """Store documents under their numbers, none of which is taken; returns how many."""

    @abstractmethod
    def begin_rebuild(self) -> None:
        """Empty the index, and prepare it for many documents."""

    @abstractmethod
    def end_rebuild(self) -> None:
        """Make the index ready for searching."""

    @abstractmethod
    def problems(self) -> list[str]:
        """What is wrong with the token table, as sentences in English; empty if it fits the documents."""

    @abstractmethod
    def matching(self, match: Match, scope: Scope) -> tuple[str, list[Any]]:
        """The query for what ``find`` reads of the documents that match, and its parameters."""

    def find(self, match: Match | None, scope: Scope) -> Hits:
        """Documents that match, or without a match all of them, within the scope and in its order."""
        if match:
            found, params = self.matching(match, scope)
        else:
            source = f"{self.source} d" if scope.order else f"{self.source} d {self.in_order}"
            found, params = self.select(scope, source, "TRUE", [], scope.order or "d.id DESC")
        wanted = (*self.read, "id") if scope.numbered else self.read
        columns = ", ".join(map(self.join.format, wanted))
        sql = f"SELECT {columns} FROM ({found}) hits"  # noqa: S608 - names of our own
        joined = self.fetch_one(sql, params)
        if joined[0] is None:
            return Hits()
        values = [column.split(",") for column in joined]
        numbers = values.pop() if scope.numbered else []
        each = self._each
        count = len(values[0]) // each
        end = count if scope.limit is None else min(count, scope.limit)
        object_ids, categories, cities, institutions, vouchers = (
            column[place : end * each : each] for column in values for place in range(each)
        )
        return Hits(
            array("Q", map(int, object_ids)),
            Counter(categories),
            Counter(cities),
            Counter(institutions),
            vouchers.count("1"),
            more=count > end,
            numbers=array("Q", map(int, numbers[:end])),
        )

    @property
    def joined_ids(self) -> str:
        """The expression for the numbers of all records of a query by ``matching``, for ``object_ids`` to take apart."""
        return self.join.format(next(iter(self.read)))

    def object_ids(self, joined: str | None) -> list[int]:
        """The numbers that ``joined_ids`` answered, in their order."""
        return [int(number) for number in joined.split(",")[:: self._each]] if joined else []

    @property
    def _each(self) -> int:
        """How many facets each column of ``read`` has."""
        return len(FACETS) // len(self.read)

    def select(
        self, scope: Scope, source: str, condition: str, params: list[Any], order: str
    ) -> tuple[str, list[Any]]:
        """The query for documents ``d`` of the source within the condition and the scope, and its parameters."""
        conditions, scope_params = scope.conditions
        columns = (f"{expression} AS {name}" for name, expression in self.read.items())
        return (
            f"SELECT d.id, {', '.join(columns)} FROM {source} "  # noqa: S608 - names of our own
            f"WHERE {' AND '.join((condition, *conditions))} ORDER BY {order} {scope.limited}",
            [*params, *scope_params],
        )

    def count_values(self, numbers: "array[int]", attributes: tuple[int, ...]) -> dict[int, AttributeCounts]:
        """The values that these documents have of these attributes."""
        source, params = self.numbered(numbers)
        sql = (
            "SELECT v.attribute_id, v.option, COUNT(*), MIN(v.low), MAX(v.high) "  # noqa: S608 - names of our own
            f"FROM {source} WHERE v.attribute_id IN ({', '.join(['%s'] * len(attributes))}) "
            "GROUP BY v.attribute_id, v.option"
        )
        counts: dict[int, AttributeCounts] = {}
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *attributes])
            for attribute, option, count, low, high in cursor.fetchall():
                found = counts.setdefault(attribute, AttributeCounts())
                found.total += count
                if option:
                    found.options[option] = count
                else:
                    found.low, found.high = Decimal(repr(low)), Decimal(repr(high))
        return counts

    @abstractmethod
    def numbered(self, numbers: "array[int]") -> tuple[str, list[Any]]:
        """What to select the values ``v`` of the documents with these numbers from, and its parameters."""

    def fetch_one(self, sql: str, params: list[Any]) -> tuple[Any, ...]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchone()


def value_rows(number: int, document: Document) -> list[tuple[Any, ...]]:
    """The values of ``VALUE_COLUMNS`` for a document."""
    return [(number, *row) for row in document.values]


def doc_row(number: int, document: Document) -> tuple[Any, ...]:
    """The values of ``COLUMNS``. Not through the ORM, which takes as long as everything else of indexing."""
    return (
        number,
        document.kind.value,
        document.object_id,
        document.category,
        document.city,
        document.institution_id,
        document.vouchers,
        document.price,
        document.digest,
    )
