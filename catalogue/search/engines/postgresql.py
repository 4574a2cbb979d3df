"""PostgreSQL: vectors built from our tokens as they are, never through a text search parser.

The name tier has a narrow table of its own: at a million rows the wide body rows are what costs.
"""

from collections.abc import Sequence

from django.db import connection

from catalogue.search.documents import Document
from catalogue.search.engines.base import COLUMNS, Engine, Hit, Scope, Tier
from catalogue.search.tokens import PINYIN_PREFIX, Term

# No foreign keys: emptying a test database truncates Django's tables only, and PostgreSQL would refuse.
CREATE = (
    "CREATE TABLE catalogue_searchname (doc_id bigint PRIMARY KEY, vector tsvector NOT NULL)",
    "CREATE INDEX catalogue_searchname_vector ON catalogue_searchname USING gin (vector) WITH (fastupdate = off)",
    "CREATE TABLE catalogue_searchtext (doc_id bigint PRIMARY KEY, vector tsvector NOT NULL)",
    "CREATE INDEX catalogue_searchtext_vector ON catalogue_searchtext USING gin (vector) WITH (fastupdate = off)",
    "CREATE FUNCTION catalogue_searchdoc_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "DELETE FROM catalogue_searchname WHERE doc_id IN (SELECT id FROM removed); "
    "DELETE FROM catalogue_searchtext WHERE doc_id IN (SELECT id FROM removed); "
    "RETURN NULL; END $$",
    "CREATE TRIGGER catalogue_searchdoc_removed AFTER DELETE ON catalogue_searchdoc "
    "REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchdoc_removed()",
    "CREATE FUNCTION catalogue_searchdoc_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "TRUNCATE catalogue_searchname, catalogue_searchtext; RETURN NULL; END $$",
    "CREATE TRIGGER catalogue_searchdoc_emptied AFTER TRUNCATE ON catalogue_searchdoc "
    "FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchdoc_emptied()",
)
DROP = (
    "DROP TRIGGER IF EXISTS catalogue_searchdoc_removed ON catalogue_searchdoc",
    "DROP TRIGGER IF EXISTS catalogue_searchdoc_emptied ON catalogue_searchdoc",
    "DROP FUNCTION IF EXISTS catalogue_searchdoc_removed()",
    "DROP FUNCTION IF EXISTS catalogue_searchdoc_emptied()",
    "DROP TABLE IF EXISTS catalogue_searchname",
    "DROP TABLE IF EXISTS catalogue_searchtext",
)


class PostgresqlEngine(Engine):
    def store(self, rows: Sequence[tuple[int, Document]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO catalogue_searchname (doc_id, vector) VALUES (%s, array_to_tsvector(%s::text[]))",
                [
                    (doc_id, [*document.name_tokens, *(PINYIN_PREFIX + token for token in document.pinyin_tokens)])
                    for doc_id, document in rows
                ],
            )
            cursor.executemany(
                "INSERT INTO catalogue_searchtext (doc_id, vector) VALUES (%s, array_to_tsvector(%s::text[]))",
                [(doc_id, list(document.tokens)) for doc_id, document in rows],
            )

    def find(self, tier: Tier, terms: Sequence[Term], scope: Scope, limit: int) -> list[Hit]:
        table = "catalogue_searchtext" if tier is Tier.TEXT else "catalogue_searchname"
        prefix = PINYIN_PREFIX if tier is Tier.PINYIN else ""
        # tokens hold neither quotes nor backslashes (tokens.spell)
        query = " & ".join(f"'{prefix}{term.token}'{':*' if term.is_prefix else ''}" for term in terms)
        newest = "ORDER BY doc_id DESC LIMIT %s" if scope.is_plain else ""
        # materialised: a plan that walks the documents backwards and tests each is quick for common
        # terms and hopeless for rare ones
        return self.fetch(
            f"WITH matching AS MATERIALIZED (SELECT doc_id FROM {table} WHERE vector @@ %s::tsquery), "
            f"newest AS (SELECT doc_id FROM matching {newest}) "
            f"SELECT {COLUMNS} FROM newest JOIN catalogue_searchdoc d ON d.id = newest.doc_id "
            f"WHERE {scope.where} ORDER BY {scope.order} LIMIT %s",
            [query, *([limit] if scope.is_plain else []), *scope.params, limit],
        )
