"""One engine per database, with the same tokens and the same answers."""

from django.db import connection

from catalogue.search.engines.base import Engine, Hits, Scope
from catalogue.search.engines.postgresql import PostgresqlEngine
from catalogue.search.engines.sqlite import SqliteEngine

ENGINES: dict[str, type[Engine]] = {"postgresql": PostgresqlEngine, "sqlite": SqliteEngine}


def get_engine() -> Engine:
    """The engine of the database in use."""
    return ENGINES[connection.vendor]()


__all__ = ["Engine", "Hits", "Scope", "get_engine"]
