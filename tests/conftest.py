"""What every test may ask for, and what every test gets."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db.backends.postgresql.base import DatabaseOperations as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseOperations as SQLite
from django.test import Client
from hypothesis import settings as hypothesis_settings

from accounts.models import User
from accounts.public_version import forget
from tests import factories
from workflow.append_only import MESSAGE

# Examples are drawn the same way on every run, and a slow machine is no failure.
hypothesis_settings.register_profile("house", derandomize=True, deadline=None, max_examples=60, database=None)
hypothesis_settings.load_profile("house")


def pytest_collection_finish() -> None:
    """All that is loaded by now stays to the end: going through it again and again took an eighth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No test sees what another has cached, counted or locked out."""
    for clear in (cache.clear, caches["pages"].clear, forget):
        clear()
    yield
    for clear in (cache.clear, caches["pages"].clear, forget):
        clear()


@pytest.fixture(scope="session", autouse=True)
def flushable_append_only_tables() -> Iterator[None]:
    """Lets a transactional test empty the database, on both by deleting the rows.

    The triggers of append-only tables refuse that: they are lifted for the flush and put back. (Django's own flush on
    PostgreSQL truncates, which sees no triggers but takes seconds for all tables.)
    """
    with pytest.MonkeyPatch.context() as patch:
        for operations, lifted in ((SQLite, _lifted_on_sqlite), (PostgreSQL, _lifted_on_postgresql)):
            patch.setattr(operations, "execute_sql_flush", _flush_without_guards(operations, lifted))
        patch.setattr(PostgreSQL, "sql_flush", _delete_rows)
        yield


def _flush_without_guards(operations: Any, lifted: Any) -> Callable[[Any, list[str]], None]:
    flush = operations.execute_sql_flush

    def flush_without_guards(self: Any, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor, lifted(cursor):
            flush(self, sql_list)

    return flush_without_guards


@contextmanager
def _lifted_on_sqlite(cursor: Any) -> Iterator[None]:
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s", [f"%{MESSAGE}%"]
    )
    guards = cursor.fetchall()
    for name, _sql in guards:
        cursor.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in guards:
        cursor.execute(sql)


@contextmanager
def _lifted_on_postgresql(cursor: Any) -> Iterator[None]:
    cursor.execute(
        "SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND p.prosrc LIKE %s",
        [f"%{MESSAGE}%"],
    )
    guards = cursor.fetchall()
    for table, name in guards:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    yield
    for table, name in guards:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def _delete_rows(self: Any, _style: Any, tables: Iterable[str], **_options: bool) -> list[str]:
    """In any order: Django's foreign keys are looked at when the transaction ends."""
    return [f"DELETE FROM {self.quote_name(table)}" for table in tables]  # noqa: S608 - names of our own


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def provider_client(db: None) -> Client:
    """A provider's account without institution information yet; ``.user`` is the account."""
    return _client_of(factories.UserFactory())


@pytest.fixture
def consumer_client(db: None) -> Client:
    return _client_of(factories.UserFactory(consumer=True))


@pytest.fixture
def reviewer_client(db: None) -> Client:
    return _client_of(factories.reviewer())


@pytest.fixture
def editor_client(db: None) -> Client:
    return _client_of(factories.editor())


@pytest.fixture
def auditor_client(db: None) -> Client:
    return _client_of(factories.auditor())


@pytest.fixture
def superuser_client(db: None) -> Client:
    return _client_of(factories.UserFactory(admin=True))


def _client_of(user: User) -> Client:
    client = signed_in(user)
    client.user = user
    return client
