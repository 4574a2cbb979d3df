"""SQLite: FTS5 over the entries' tokens.

Its tokenizer takes the underscores of our tokens away, on both sides alike, and with them no distinction that matters: a token
of three Chinese characters or of t and two is never plain text.
"""

from typing import Any

from django.db.models.expressions import RawSQL
from modelsearch.backends.database.sqlite.sqlite import SQLiteIndex, SQLiteSearchBackend

from catalogue.search.engines.sqlite import match_expression as fts5_expression
from catalogue.search.tokens import Match
from policy.search.base import TokenCompiler, TokenIndex, index_entries


class Index(TokenIndex, SQLiteIndex):
    pass


class Compiler(TokenCompiler):
    def hits(self, match: Match) -> Any:
        table = f"{index_entries().model._meta.db_table}_fts"
        return RawSQL(  # noqa: S611 - the table's own name
            f"SELECT rowid FROM {table} WHERE {table} MATCH %s",  # noqa: S608 - names of our own
            [f"{{{self.column}}} : ({fts5_expression(match)})"],
        )


class AutocompleteCompiler(Compiler):
    column = "autocomplete"


class Backend(SQLiteSearchBackend):
    index_class = Index
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
