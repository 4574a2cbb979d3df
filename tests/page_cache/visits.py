"""What the tests of the page cache share."""

import pytest
from django.conf import settings
from django.db import connection

needs_page_cache = pytest.mark.skipif(
    connection.vendor != "sqlite" and not settings.REDIS_URL, reason="PostgreSQL keeps no pages without Redis"
)
real_commits = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NOTICES, INSTRUMENTS = "/notices/", "/catalogue/instruments/"


def is_from_cache(response):
    return "Age" in response.headers


def stored(client, path, **headers):
    """Asks for the page until it is in the cache, and once more."""
    assert client.get(path, headers=headers).status_code == 200
    response = client.get(path, headers=headers)
    assert is_from_cache(response), path
    return response
