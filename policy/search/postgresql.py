"""PostgreSQL: vectors of our tokens as they are, never through a parser, under the entries' GIN indexes."""

from typing import Any

from django.db.models.expressions import RawSQL
from modelsearch.backends.database.postgres.postgres import PostgresIndex, PostgresSearchBackend

from catalogue.search.engines.postgresql import match_expression as tsquery
from catalogue.search.tokens import Match
from policy.search.base import TokenCompiler, TokenIndex, index_entries


class Index(TokenIndex, PostgresIndex):
    pass


class Compiler(TokenCompiler):
    def hits(self, match: Match) -> Any:
        table = index_entries().model._meta.db_table
        return RawSQL(  # noqa: S611 - the table's and column's own names
            f"SELECT id FROM {table} WHERE {self.column} @@ %s::tsquery",  # noqa: S608 - names of our own
            [tsquery(match)],
        )


class AutocompleteCompiler(Compiler):
    column = "autocomplete"


class Backend(PostgresSearchBackend):
    index_class = Index
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
