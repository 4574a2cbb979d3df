"""PostgreSQL: a vector of our tokens as they are, never through a text search parser, under a GIN index.

The vectors (3 KB each) are kept out of the rows: what a query reads of the table is numbers.
"""

from array import array
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from catalogue.search.documents import Document
from catalogue.search.engines.base import (
    COLUMNS,
    VALUE_COLUMNS,
    VALUES,
    Engine,
    doc_row,
    value_rows,
)
from catalogue.search.models import SearchDoc
from catalogue.search.tokens import Clause, Match, Term

TABLE = (
    "CREATE TABLE {0} (doc_id bigint NOT NULL, vector tsvector NOT NULL) WITH (toast_tuple_target = 128)",
    "ALTER TABLE {0} ALTER COLUMN vector SET STORAGE EXTERNAL",
)
# fastupdate=off: a search never has to read a list of what is not indexed yet
INDEXES = (
    "CREATE UNIQUE INDEX {0}_doc_id ON {0} (doc_id)",
    "CREATE INDEX {0}_vector ON {0} USING gin (vector) WITH (fastupdate = off)",
)
# No foreign key, which would keep Django from truncating the documents in a test.
CREATE = (
    *(statement.format("catalogue_searchtokens") for statement in (*TABLE, *INDEXES)),
    "CREATE FUNCTION catalogue_searchdoc_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "DELETE FROM catalogue_searchtokens t USING gone WHERE t.doc_id = gone.id; RETURN NULL; END $$",
    "CREATE FUNCTION catalogue_searchdoc_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "TRUNCATE catalogue_searchtokens; RETURN NULL; END $$",
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
LIVE, NEW = "catalogue_searchtokens", "catalogue_searchtokens_new"


class PostgresqlEngine(Engine):
    join = "STRING_AGG({}::text, ',')"
    # where documents are stored: beside the table that searches read, while that is being replaced
    table = LIVE

    def store(self, rows: Iterable[tuple[int, Document]]) -> int:
        docs, values = [], []
        with connection.cursor() as cursor:
            # the server takes vectors apart while the documents after them are made here
            with cursor.copy(f"COPY {self.table} (doc_id, vector) FROM STDIN") as copy:
                for number, document in rows:
                    copy.write_row((number, document.tokens))
                    docs.append(doc_row(number, document))
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
        self._run(*(statement.format(NEW) for statement in TABLE))
        SearchDoc.objects.all()._raw_delete(using=connection.alias)

    def end_rebuild(self) -> None:
        self.table = LIVE
        self._run(
            "SET LOCAL maintenance_work_mem = '256MB'",
            *(statement.format(NEW) for statement in INDEXES),
            f"DROP TABLE {LIVE}",
            f"ALTER TABLE {NEW} RENAME TO {LIVE}",
            f"ALTER INDEX {NEW}_doc_id RENAME TO {LIVE}_doc_id",
            f"ALTER INDEX {NEW}_vector RENAME TO {LIVE}_vector",
            f"ANALYZE {LIVE}",
            "ANALYZE catalogue_searchdoc",
            f"ANALYZE {VALUES}",
        )

    def problems(self) -> list[str]:
        unequal = self.fetch_one(
            f"SELECT COUNT(*) FROM catalogue_searchdoc d FULL JOIN {LIVE} t ON t.doc_id = d.id "  # noqa: S608
            "WHERE t.doc_id IS NULL OR d.id IS NULL",
            [],
        )[0]
        return [f"{unequal} documents without tokens, or tokens without document"] if unequal else []

    def matching(self, match: Match) -> tuple[str, list[Any], str]:
        # materialised: the planner must not walk the documents backwards and test each
        return (
            f"(WITH matching AS MATERIALIZED (SELECT doc_id FROM {LIVE} WHERE vector @@ %s::tsquery) "  # noqa: S608
            "SELECT doc_id FROM matching) t JOIN catalogue_searchdoc d ON d.id = t.doc_id WHERE TRUE",
            [match_expression(match)],
            "d.id DESC",
        )

    def numbered(self, numbers: "array[int]") -> tuple[str, list[Any]]:
        return f"unnest(%s::bigint[]) h(id) JOIN {VALUES} v ON v.doc_id = h.id", [numbers.tolist()]

    def fetch_one(self, sql: str, params: list[Any]) -> tuple[Any, ...]:
        with transaction.atomic(), connection.cursor() as cursor:
            # The planner does not know what it costs to fetch a vector from outside its row, and would read every
            # one of them for a common word: 230 ms instead of 30 at 100,000 rows.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(sql, params)
            return cursor.fetchone()

    def _run(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


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
