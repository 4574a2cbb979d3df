"""PostgreSQL: a vector of our tokens as they are, never through a text search parser, under a GIN index.

The vectors (3 KB each) are kept out of the rows: what a query reads of the table is the few columns beside them, which
are the document's, so that nothing has to be joined.

The index knows no order: all hits of a common word would be collected and sorted for the newest ten thousand. So the
documents lie in parts by age, each twice as large as the one newer than it, and a query goes from part to part until it
has enough. A common word ends in the first, a rare one costs a look into each of few.
"""

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, ClassVar

from django.db import connection, transaction

from catalogue.search.documents import Document, publication_seconds
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
from catalogue.search.models import SearchDoc
from catalogue.search.tokens import Clause, Match, Term

LIVE, NEW = "catalogue_searchtokens", "catalogue_searchtokens_new"
# Documents in each part, the newest first; the last one holds all that are older.
PART_SIZES = (25_000, 50_000, 100_000, 200_000)
PARTS = range(len(PART_SIZES) + 1)

TABLE = (
    "CREATE TABLE {0} (id bigint NOT NULL, kind varchar(12) NOT NULL, object_id bigint NOT NULL, "
    "category varchar(6) NOT NULL, city varchar(4) NOT NULL, institution_id bigint NOT NULL, vouchers boolean NOT NULL, "
    "price numeric(12, 2), vector tsvector NOT NULL) PARTITION BY RANGE (id)"
)
PART = (
    "CREATE TABLE {0}_{1} PARTITION OF {0} FOR VALUES FROM ({2}) TO ({3}) WITH (toast_tuple_target = 128)",
    "ALTER TABLE {0}_{1} ALTER COLUMN vector SET STORAGE EXTERNAL",
)
# fastupdate=off: a search never has to read a list of what is not indexed yet
INDEXES = (
    "CREATE UNIQUE INDEX ON {0} (id)",
    "CREATE INDEX ON {0} USING gin (vector) WITH (fastupdate = off)",
)


def create_table(name: str, seconds: "array[int]") -> Iterator[str]:
    """Statements that make a table of tokens in parts, for documents of these numbers; its indexes come later."""
    bounds = ["MAXVALUE", *map(str, part_bounds(seconds)), "MINVALUE"]
    yield TABLE.format(name)
    for part, (upper, lower) in enumerate(pairwise(bounds)):
        for statement in PART:
            yield statement.format(name, part, lower, upper)


def part_bounds(seconds: "array[int]") -> list[int]:
    """The lowest number of each part but the last, the newest part first."""
    newest_first = sorted(seconds, reverse=True)
    bounds: list[int] = []
    filled = 0
    for size in PART_SIZES:
        filled += size
        if filled <= len(newest_first):
            bound = newest_first[filled - 1]
        else:  # so few that all fit: this part takes them, or stays empty below them
            bound = newest_first[-1] if newest_first else 0
        # no part may end where it begins, as after very many publications in one second
        bounds.append(min(bound, bounds[-1] - 1) if bounds else bound)
    return bounds


FUNCTIONS = (
    "CREATE OR REPLACE FUNCTION catalogue_searchdoc_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "DELETE FROM catalogue_searchtokens t USING gone WHERE t.id = gone.id; RETURN NULL; END $$",
    # not TRUNCATE, which makes the files of every part anew
    "CREATE OR REPLACE FUNCTION catalogue_searchdoc_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "DELETE FROM catalogue_searchtokens; RETURN NULL; END $$",
)
# No foreign key, which would keep Django from truncating the documents in a test.
CREATE = (
    *create_table(LIVE, array("Q")),
    *(statement.format(LIVE) for statement in INDEXES),
    *FUNCTIONS,
    "CREATE TRIGGER catalogue_searchdoc_removed AFTER DELETE ON catalogue_searchdoc "
    "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchdoc_removed()",
    "CREATE TRIGGER catalogue_searchdoc_emptied AFTER TRUNCATE ON catalogue_searchdoc "
    "FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchdoc_emptied()",
)
DROP = (
    "DROP TRIGGER IF EXISTS catalogue_searchdoc_emptied ON catalogue_searchdoc",
    "DROP TRIGGER IF EXISTS catalogue_searchdoc_removed ON catalogue_searchdoc",
    "DROP FUNCTION IF EXISTS catalogue_searchdoc_emptied()",
    "DROP FUNCTION IF EXISTS catalogue_searchdoc_removed()",
    "DROP TABLE IF EXISTS catalogue_searchtokens",
)
CREATE_VALUES = (
    "CREATE TABLE catalogue_searchvalue (doc_id bigint NOT NULL, attribute_id bigint NOT NULL, low double precision, "
    "high double precision, option text NOT NULL, PRIMARY KEY (doc_id, attribute_id))",
    "CREATE FUNCTION catalogue_searchvalue_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "DELETE FROM catalogue_searchvalue v USING gone WHERE v.doc_id = gone.id; RETURN NULL; END $$",
    "CREATE FUNCTION catalogue_searchvalue_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "TRUNCATE catalogue_searchvalue; RETURN NULL; END $$",
    "CREATE TRIGGER catalogue_searchvalue_removed AFTER DELETE ON catalogue_searchdoc "
    "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchvalue_removed()",
    "CREATE TRIGGER catalogue_searchvalue_emptied AFTER TRUNCATE ON catalogue_searchdoc "
    "FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchvalue_emptied()",
)
DROP_VALUES = (
    "DROP TRIGGER IF EXISTS catalogue_searchvalue_emptied ON catalogue_searchdoc",
    "DROP TRIGGER IF EXISTS catalogue_searchvalue_removed ON catalogue_searchdoc",
    "DROP FUNCTION IF EXISTS catalogue_searchvalue_emptied()",
    "DROP FUNCTION IF EXISTS catalogue_searchvalue_removed()",
    "DROP TABLE IF EXISTS catalogue_searchvalue",
)


class PostgresqlEngine(Engine):
    join = "STRING_AGG({}::text, ',')"
    source = "catalogue_searchdoc"
    read: ClassVar = {
        **{name: f"d.{name}" for name in FACETS[:-1]},
        "vouchers": "CASE WHEN d.vouchers THEN 1 ELSE 0 END",
    }
    # where documents are stored: beside the table that searches read, while that is being replaced
    table = LIVE

    def store(self, rows: Iterable[tuple[int, Document]]) -> int:
        docs, values = [], []
        with connection.cursor() as cursor:
            # the server takes vectors apart while the documents after them are made here
            columns = ", ".join((*COLUMNS[:-1], "vector"))
            with cursor.copy(f"COPY {self.table} ({columns}) FROM STDIN") as copy:
                for number, document in rows:
                    doc = doc_row(number, document)
                    copy.write_row((*doc[:-1], document.tokens))
                    docs.append(doc)
                    values += value_rows(number, document)
            with cursor.copy(f"COPY catalogue_searchdoc ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for doc in docs:
                    copy.write_row(doc)
            with cursor.copy(f"COPY {VALUES} ({', '.join(VALUE_COLUMNS)}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        return len(docs)

    def begin_rebuild(self) -> None:
        # Searches go on reading the old table and, for them undeleted, the old documents until the end.
        self.table = NEW
        self._run(*create_table(NEW, publication_seconds()))
        SearchDoc.objects.all()._raw_delete(using=connection.alias)

    def end_rebuild(self) -> None:
        self.table = LIVE
        self._run(
            "SET LOCAL maintenance_work_mem = '256MB'",
            *replace_table(),
            f"ANALYZE {LIVE}",
            "ANALYZE catalogue_searchdoc",
            f"ANALYZE {VALUES}",
        )

    def problems(self) -> list[str]:
        unequal = self.fetch_one(
            f"SELECT COUNT(*) FROM catalogue_searchdoc d FULL JOIN {LIVE} t ON t.id = d.id "  # noqa: S608 - names of our own
            "WHERE t.id IS NULL OR d.id IS NULL",
            [],
        )[0]
        if unequal:
            return [f"{unequal} documents without tokens, or tokens without document"]
        both = (", ".join(f"{table}.{column}" for column in COLUMNS[:-1]) for table in "dt")
        wrong = self.fetch_one(
            f"SELECT COUNT(*) FROM catalogue_searchdoc d JOIN {LIVE} t ON t.id = d.id "  # noqa: S608 - names of our own
            f"WHERE ({next(both)}) IS DISTINCT FROM ({next(both)})",
            [],
        )[0]
        return [f"{wrong} documents that searches read wrongly"] if wrong else []

    def matching(self, match: Match, scope: Scope) -> tuple[str, list[Any]]:
        expression = match_expression(match)
        # + 0: the planner must not walk the documents backwards and test each
        order = scope.order or "d.id + 0 DESC"
        found, params = self.select(scope, "{} d", "d.vector @@ %s::tsquery", [expression], order)
        if scope.order:
            return found.format(LIVE), params
        # each part is asked only if those before it have not filled the limit
        parts = " UNION ALL ".join(f"({found.format(f'{LIVE}_{part}')})" for part in PARTS)
        return f"{parts} {scope.limited}", params * len(PARTS)

    def numbered(self, numbers: "array[int]") -> tuple[str, list[Any]]:
        return f"unnest(%s::bigint[]) h(id) JOIN {VALUES} v ON v.doc_id = h.id", [numbers.tolist()]

    def fetch_one(self, sql: str, params: list[Any]) -> tuple[Any, ...]:
        with transaction.atomic(), connection.cursor() as cursor:
            # The planner does not know what it costs to fetch a vector from outside its row, and would read every
            # one of them for a common word: 230 ms instead of 30 at 100,000 rows. Workers would begin with all parts at
            # once, and compiling takes longer than it saves.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off"
            )
            cursor.execute(sql, params)
            return cursor.fetchone()

    def _run(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def replace_table() -> Iterator[str]:
    """Statements that put the new table, once it has its indexes, in the place of the one that searches read."""
    yield from (statement.format(NEW) for statement in INDEXES)
    yield f"DROP TABLE {LIVE}"
    yield f"ALTER TABLE {NEW} RENAME TO {LIVE}"
    for part in PARTS:
        yield f"ALTER TABLE {NEW}_{part} RENAME TO {LIVE}_{part}"


def match_expression(match: Match) -> str:
    parts = [*map(_clause, match.clauses), *(f"!{_term(term)}" for term in match.without)]
    if match.unlike is not None:
        parts.append(f"!({match_expression(match.unlike)})")
    return " & ".join(parts)


def _clause(clause: Clause) -> str:
    return f"({' | '.join(map(_term, clause))})" if len(clause) > 1 else _term(clause[0])


def _term(term: Term) -> str:
    # a token has neither quotes nor backslashes, only letters, digits and underscores
    return f"'{term.token}'{':*' if term.is_prefix else ''}"
