"""What every test may ask for, and what every test gets."""

import functools
import gc
from collections.abc import Iterator

import pytest
from django.core.cache import cache, caches
from django.test import Client
from hypothesis import settings as hypothesis_settings

from accounts.models import User
from accounts.public_version import forget
from redemptions.checks import scans
from tests import factories
from tests.databases import patch_databases

# Examples are drawn the same way on every run, and a slow machine is no failure.
hypothesis_settings.register_profile("house", derandomize=True, deadline=None, max_examples=60, database=None)
hypothesis_settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "long: takes more than ten seconds, or makes what it shares; begins before the others of its kind",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with real commits come last, as pytest-django has it; of each kind the long ones first.

    Else one worker would be busy with a long one when the others have nothing left to do; and what a module shares would be
    made in every worker: only the first tests are handed out in large parts.
    """

    def rank(item: pytest.Item) -> tuple[bool, bool]:
        mark = item.get_closest_marker("django_db")
        commits = "live_server" in item.fixturenames or bool(mark and mark.kwargs.get("transaction"))
        return commits, not item.get_closest_marker("long")

    items.sort(key=rank)


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
def quick_databases() -> Iterator[None]:
    """Migrated once, and emptied and filled again in a few statements: tests/databases.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch_databases(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_scans() -> Iterator[None]:
    """The same scan is made small once: nearly all papers of the tests are one, and each asks a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scans, "thumbnail", functools.cache(scans.thumbnail))
        yield


@pytest.fixture(autouse=True)
def approvals(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ``@pytest.mark.reviewed`` is, and in the browser, ``approved=True`` leaves behind what a review does."""
    if request.node.get_closest_marker("reviewed") or request.node.get_closest_marker("browser"):
        monkeypatch.setattr(factories, "approve", factories.reviewed_at_once)


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
