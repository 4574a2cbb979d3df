"""What every test may ask for, and what every test gets."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache, caches
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client
from hypothesis import settings as hypothesis_settings

from accounts.models import User
from accounts.public_version import forget
from tests import factories
from workflow.append_only import MESSAGE

# Examples are drawn the same way on every run, and a slow machine is no failure.
hypothesis_settings.register_profile("house", derandomize=True, deadline=None, max_examples=60, database=None)
hypothesis_settings.load_profile("house")


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
    """Lets a transactional test empty the database on SQLite.

    There a flush deletes row by row, which the triggers of append-only tables refuse (PostgreSQL
    truncates, which they do not see). They are lifted for the flush and put back.
    """
    flush = DatabaseOperations.execute_sql_flush

    def flush_without_guards(self: DatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s", [f"%{MESSAGE}%"]
            )
            guards = cursor.fetchall()
            for name, _sql in guards:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(self, sql_list)
            for _name, sql in guards:
                cursor.execute(sql)

    DatabaseOperations.execute_sql_flush = flush_without_guards
    yield
    DatabaseOperations.execute_sql_flush = flush


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
