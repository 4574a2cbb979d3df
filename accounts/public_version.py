"""One word for the state of all that the public sees: another word after each change.

The page cache serves a page only under the word that was in force before the page was rendered. With Redis the word lies
there, and is closed from the change until its transaction ends; on SQLite alone it is a row that changes in the
transaction itself. Either way all processes of the site share it. home/public_content.py says what counts as a change.
"""

import uuid
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction

KEY = "public-version"
# In place of a word while a change is under way: nothing is served from the cache, and nothing stored.
CLOSED = "closed"
# Seconds after which a word that was closed by a transaction that came to nothing is open again.
CLOSED_SECONDS = 60


def public_changed() -> None:
    """Say that something which the public sees is being changed. Call it inside the transaction that does it.

    Not a counter: one that a rollback resets would give two different states the same number.
    """
    if settings.REDIS_URL:
        # Closed before and renewed after the commit: whatever dies in between leaves no old page to be served.
        _cache().set(KEY, CLOSED, CLOSED_SECONDS)
        transaction.on_commit(lambda: _cache().set(KEY, uuid.uuid4().hex, None))
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_publicversion (id, value) VALUES (1, %s) "
                "ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                [uuid.uuid4().hex],
            )


def version_and(key: str) -> tuple[str | None, Any]:
    """The word in force, None while there is none to rely on; and what the page cache holds under ``key``."""
    if not settings.REDIS_URL:
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM accounts_publicversion")
            row = cursor.fetchone()
        return (row[0] if row else "new"), _cache().get(key)
    found = _cache().get_many([KEY, key])
    version = found.get(KEY)
    if version is None:  # Redis is new, or has dropped it
        _cache().add(KEY, uuid.uuid4().hex, None)
        version = _cache().get(KEY)
    return (None if version == CLOSED else version), found.get(key)


def _cache() -> Any:
    return caches["pages"]
