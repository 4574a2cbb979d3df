"""The page cache turned on."""

from types import SimpleNamespace

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def page_cache(request, settings, monkeypatch):
    settings.PAGE_CACHE_SECONDS = 60
    if "transaction" not in request.node.get_closest_marker("django_db").kwargs:
        # the transaction of a test never ends: what is to be done at its end is done at once
        monkeypatch.setattr(
            "accounts.public_version.transaction", SimpleNamespace(on_commit=lambda action: action())
        )


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)
