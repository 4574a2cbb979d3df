"""One engine per database, with the same tokens and the same answers."""

from django.db import connection

from catalogue.search.engines.base import Engine, Hit, Scope


def get_engine() -> Engine:
    """The engine of the database in use."""
    if connection.vendor == "postgresql":
        from catalogue.search.engines.postgresql import PostgresqlEngine

        return PostgresqlEngine()
    from catalogue.search.engines.sqlite import SqliteEngine

    return SqliteEngine()


__all__ = ["Engine", "Hit", "Scope", "get_engine"]
