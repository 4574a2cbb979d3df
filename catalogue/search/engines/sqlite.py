"""SQLite: FTS5 over one column of tokens. Triggers keep it in step with the token table."""

from collections.abc import Sequence

from django.db import connection

from catalogue.search.documents import Document
from catalogue.search.engines.base import COLUMNS, Engine, Hit, Scope, Tier
from catalogue.search.tokens import NAME_PREFIX, PINYIN_PREFIX, Term

PREFIXES = {Tier.NAME: NAME_PREFIX, Tier.TEXT: "", Tier.PINYIN: PINYIN_PREFIX}

# detail=none: only whether a token occurs, which is all a conjunction of bigrams asks (a third of the size)
CREATE = (
    "CREATE TABLE catalogue_searchtokens (doc_id INTEGER PRIMARY KEY, tokens TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE catalogue_searchindex USING fts5("
    "tokens, content='catalogue_searchtokens', content_rowid='doc_id', detail=none, columnsize=0, "
    "prefix='1', tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
    "CREATE TRIGGER catalogue_searchtokens_added AFTER INSERT ON catalogue_searchtokens BEGIN "
    "INSERT INTO catalogue_searchindex(rowid, tokens) VALUES (new.doc_id, new.tokens); END",
    "CREATE TRIGGER catalogue_searchtokens_removed AFTER DELETE ON catalogue_searchtokens BEGIN "
    "INSERT INTO catalogue_searchindex(catalogue_searchindex, rowid, tokens) "
    "VALUES ('delete', old.doc_id, old.tokens); END",
    "CREATE TRIGGER catalogue_searchdoc_removed AFTER DELETE ON catalogue_searchdoc BEGIN "
    "DELETE FROM catalogue_searchtokens WHERE doc_id = old.id; END",
)
DROP = (
    "DROP TRIGGER IF EXISTS catalogue_searchdoc_removed",
    "DROP TABLE IF EXISTS catalogue_searchindex",
    "DROP TABLE IF EXISTS catalogue_searchtokens",
)


class SqliteEngine(Engine):
    def store(self, rows: Sequence[tuple[int, Document]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO catalogue_searchtokens (doc_id, tokens) VALUES (%s, %s)",
                [(doc_id, " ".join(document.all_tokens())) for doc_id, document in rows],
            )

    def find(self, tier: Tier, terms: Sequence[Term], scope: Scope, limit: int) -> list[Hit]:
        prefix = PREFIXES[tier]
        # quoted, so that NEAR, AND and the like are words; tokens hold no quotes (tokens.spell)
        match = " AND ".join(f'"{prefix}{term.token}"{"*" if term.is_prefix else ""}' for term in terms)
        # FTS5 yields row numbers in descending order by itself and stops at the limit
        order = scope.order if scope.by_price else "catalogue_searchindex.rowid DESC"
        return self.fetch(
            f"SELECT {COLUMNS} FROM catalogue_searchindex CROSS JOIN catalogue_searchdoc d "
            f"WHERE d.id = catalogue_searchindex.rowid AND catalogue_searchindex MATCH %s AND {scope.where} ORDER BY {order} LIMIT %s",
            [match, *scope.params, limit],
        )

    def optimise(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO catalogue_searchindex(catalogue_searchindex) VALUES ('optimize')")
        super().optimise()
