"""SQLite: FTS5 over one column of tokens, whose row numbers are the documents'."""

from array import array
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import connection
from django.db.utils import DatabaseError

from catalogue.search.documents import Document
from catalogue.search.engines.base import (
    COLUMNS,
    FACETS,
    VALUE_COLUMNS,
    VALUES,
    Engine,
    Scope,
    doc_row,
    value_rows,
)
from catalogue.search.tokens import Clause, Match, Term

# detail=none: whether a token occurs, which is all we ask, at a third of the size. The tokenizer "ascii" takes
# every character beyond ASCII for part of a token; "unicode61" would split at those younger than itself.
CREATE = (
    "CREATE VIRTUAL TABLE catalogue_searchtokens USING fts5("
    "tokens, detail=none, columnsize=0, prefix='1', tokenize=\"ascii tokenchars '_'\")",
    "CREATE TRIGGER catalogue_searchdoc_removed AFTER DELETE ON catalogue_searchdoc "
    "BEGIN DELETE FROM catalogue_searchtokens WHERE rowid = old.id; END",
)
DROP = (
    "DROP TRIGGER IF EXISTS catalogue_searchdoc_removed",
    "DROP TABLE IF EXISTS catalogue_searchtokens",
)
# The columns of the next table, made of a document's.
HIT = "{0}id, {0}kind, {0}vouchers, {0}price, " + " || ',' || ".join(f"{{0}}{name}" for name in FACETS)
# What searches read of a document: found in one look, as only an INTEGER PRIMARY KEY is the row's own number, and
# in one piece, as joining the five columns takes twice as long. Lists by price read the index alone.
CREATE_HITS = (
    "CREATE TABLE catalogue_searchhit (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, vouchers BOOL NOT NULL, "
    "price DECIMAL, facets TEXT NOT NULL)",
    "CREATE INDEX catalogue_searchhit_price ON catalogue_searchhit (kind, price, id DESC, vouchers, facets)",
    "CREATE TRIGGER catalogue_searchhit_added AFTER INSERT ON catalogue_searchdoc "  # noqa: S608 - names of our own
    f"BEGIN INSERT INTO catalogue_searchhit VALUES ({HIT.format('new.')}); END",
    "CREATE TRIGGER catalogue_searchhit_removed AFTER DELETE ON catalogue_searchdoc "
    "BEGIN DELETE FROM catalogue_searchhit WHERE id = old.id; END",
)
FILL_HITS = f"INSERT INTO catalogue_searchhit SELECT {HIT.format('')} FROM catalogue_searchdoc"  # noqa: S608 - names of our own
DROP_HITS = (
    "DROP TRIGGER IF EXISTS catalogue_searchhit_added",
    "DROP TRIGGER IF EXISTS catalogue_searchhit_removed",
    "DROP TABLE IF EXISTS catalogue_searchhit",
)
# In the order of documents, all of one side by side.
CREATE_VALUES = (
    "CREATE TABLE catalogue_searchvalue (doc_id INTEGER NOT NULL, attribute_id INTEGER NOT NULL, low REAL, high REAL, "
    "option TEXT NOT NULL, PRIMARY KEY (doc_id, attribute_id)) WITHOUT ROWID",
    "CREATE TRIGGER catalogue_searchvalue_removed AFTER DELETE ON catalogue_searchdoc "
    "BEGIN DELETE FROM catalogue_searchvalue WHERE doc_id = old.id; END",
)
DROP_VALUES = (
    "DROP TRIGGER IF EXISTS catalogue_searchvalue_removed",
    "DROP TABLE IF EXISTS catalogue_searchvalue",
)
# Bytes of memory in which FTS5 gathers a transaction's tokens before it writes a segment.
USUAL_GATHERING, REBUILD_GATHERING = 1 << 20, 1 << 25


class SqliteEngine(Engine):
    join = "GROUP_CONCAT({}, ',')"
    source = "catalogue_searchhit"
    read: ClassVar = {"facets": "d.facets"}
    # by the row's number: without statistics, which nobody gathers, it would sort what it finds in the index by price
    in_order = "NOT INDEXED"

    def store(self, rows: Iterable[tuple[int, Document]]) -> int:
        rows = list(rows)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO catalogue_searchdoc ({', '.join(COLUMNS)}) "  # noqa: S608 - names of our own
                f"VALUES ({', '.join(['%s'] * len(COLUMNS))})",
                [doc_row(number, document) for number, document in rows],
            )
            cursor.executemany(
                "INSERT INTO catalogue_searchtokens (rowid, tokens) VALUES (%s, %s)",
                [(number, document.tokens) for number, document in rows],
            )
            cursor.executemany(
                f"INSERT INTO {VALUES} ({', '.join(VALUE_COLUMNS)}) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608 - names of our own
                [row for number, document in rows for row in value_rows(number, document)],
            )
        return len(rows)

    def begin_rebuild(self) -> None:
        # made anew: quicker than to take out every token, and it heals a damaged index
        with connection.cursor() as cursor:
            for statement in (*DROP, *DROP_VALUES, *DROP_HITS):
                cursor.execute(statement)
            cursor.execute("DELETE FROM catalogue_searchdoc")
            for statement in (*CREATE, *CREATE_VALUES, *CREATE_HITS):
                cursor.execute(statement)
        self._command("hashsize", REBUILD_GATHERING)

    def end_rebuild(self) -> None:
        self._command("hashsize", USUAL_GATHERING)
        self._command("optimize")
        # which SQLite never does by itself; without, the newest twenty of 100,000 are sorted out of all for each page
        with connection.cursor() as cursor:
            for table in ("catalogue_searchdoc", "catalogue_searchhit"):
                cursor.execute(f"ANALYZE {table}")

    def problems(self) -> list[str]:
        problems = []
        try:
            self._command("integrity-check")
        except DatabaseError as error:
            problems.append(f"the FTS5 index is damaged: {error}")
        if unequal := self.fetch_one(
            "SELECT (SELECT COUNT(*) FROM catalogue_searchdoc d LEFT JOIN catalogue_searchtokens_content t "
            "ON t.id = d.id WHERE t.id IS NULL) + (SELECT COUNT(*) FROM catalogue_searchtokens_content t "
            "LEFT JOIN catalogue_searchdoc d ON d.id = t.id WHERE d.id IS NULL)",
            [],
        )[0]:
            problems.append(f"{unequal} documents without tokens, or tokens without document")
        missing = f"SELECT {HIT.format('')} FROM catalogue_searchdoc EXCEPT SELECT * FROM catalogue_searchhit"  # noqa: S608 - names of our own
        surplus = "SELECT id FROM catalogue_searchhit EXCEPT SELECT id FROM catalogue_searchdoc"
        sql = f"SELECT (SELECT COUNT(*) FROM ({missing})) + (SELECT COUNT(*) FROM ({surplus}))"  # noqa: S608 - names of our own
        if unequal := self.fetch_one(sql, [])[0]:
            problems.append(f"{unequal} documents that searches read wrongly")
        return problems

    def matching(self, match: Match, scope: Scope) -> tuple[str, list[Any]]:
        # CROSS JOIN: the planner must not begin with the documents. FTS5 itself yields row numbers in descending
        # order and stops at the limit, if it is its own column that is ordered by.
        return self.select(
            scope,
            "catalogue_searchtokens CROSS JOIN catalogue_searchhit d ON d.id = catalogue_searchtokens.rowid",
            "catalogue_searchtokens MATCH %s",
            [match_expression(match)],
            scope.order or "catalogue_searchtokens.rowid DESC",
        )

    def numbered(self, numbers: "array[int]") -> tuple[str, list[Any]]:
        # CROSS JOIN: in the order written
        return f"json_each(%s) h CROSS JOIN {VALUES} v ON v.doc_id = h.value", [str(numbers.tolist())]

    def _command(self, command: str, value: int | None = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO catalogue_searchtokens (catalogue_searchtokens, rank) VALUES (%s, %s)",
                [command, value],
            )


def match_expression(match: Match) -> str:
    expression = " AND ".join(map(_clause, match.clauses))
    if match.without:
        # one NOT: nested ones overflow FTS5's parser
        expression = f"({expression}) NOT ({' OR '.join(map(_term, dict.fromkeys(match.without)))})"
    if match.unlike is not None:
        expression = f"({expression}) NOT ({match_expression(match.unlike)})"
    return expression


def _clause(clause: Clause) -> str:
    return f"({' OR '.join(map(_term, clause))})" if len(clause) > 1 else _term(clause[0])


def _term(term: Term) -> str:
    # quoted, so that NEAR and AND are words; a token has no quotes, only letters, digits and underscores
    return f'"{term.token}"{" *" if term.is_prefix else ""}'
