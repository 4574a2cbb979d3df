"""What an engine does: store tokens beside a document, and answer one conjunction of terms."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from django.db import connection

from catalogue.search.documents import Document
from catalogue.search.tokens import Term


class Tier(Enum):
    """Where the terms must stand. Hits of an earlier tier rank above those of a later one."""

    NAME = "name"
    TEXT = "text"
    PINYIN = "pinyin"


class Hit(NamedTuple):
    doc_id: int
    object_id: int
    category: str
    city: str
    institution_id: int
    vouchers: bool
    price: Decimal | None


@dataclass
class Scope:
    """The filters as SQL on the document table ``d``, and the order of hits: by price, or newest first."""

    conditions: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)
    by_price: str = ""

    def add(self, condition: str, *params: Any) -> None:
        self.conditions.append(condition)
        self.params.extend(params)

    @property
    def where(self) -> str:
        return " AND ".join(self.conditions) or "1 = 1"

    @property
    def order(self) -> str:
        return f"d.price {self.by_price} NULLS LAST, d.id DESC" if self.by_price else "d.id DESC"

    @property
    def is_plain(self) -> bool:
        """No filter, newest first: the index alone can tell which hits these are."""
        return not self.conditions and not self.by_price


COLUMNS = "d.id, d.object_id, d.category, d.city, d.institution_id, d.vouchers, d.price"


class Engine(ABC):
    @abstractmethod
    def store(self, rows: Sequence[tuple[int, Document]]) -> None:
        """Store the tokens of documents under their row numbers, which are new."""

    @abstractmethod
    def find(self, tier: Tier, terms: Sequence[Term], scope: Scope, limit: int) -> list[Hit]:
        """At most ``limit`` documents that meet all terms and the scope, in its order."""

    def optimise(self) -> None:
        """After a bulk load: merge index segments, refresh the planner's statistics."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def browse(self, scope: Scope, limit: int) -> list[Hit]:
        """The same without words."""
        return self.fetch(
            f"SELECT {COLUMNS} FROM catalogue_searchdoc d WHERE {scope.where} ORDER BY {scope.order} LIMIT %s",
            [*scope.params, limit],
        )

    def fetch(self, sql: str, params: list[Any]) -> list[Hit]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return [Hit._make(row) for row in cursor.fetchall()]
