"""One word for the state of all that the public sees: another word after each change.

The page cache serves a page only under the word that was in force before the page was rendered. With Redis the word lies
there, and is closed from the change until its transaction ends; on SQLite alone it is a row that changes in the
transaction itself. Either way all processes of the site share it. home/public_content.py says what counts as a change.
"""

import time
import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from asgiref.local import Local
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

T = TypeVar("T")
MOST_REMEMBERED = 2_000
_memory: dict[Hashable, tuple[str, float, Any]] = {}
_asked = Local()
UNASKED = "unasked"
KEY = "public-version"
# In place of a word while a change is under way: nothing is served from the cache, and nothing stored.
CLOSED = "closed"
# Seconds after which a word that was closed by a transaction that came to nothing is open again.
CLOSED_SECONDS = 60


def public_changed() -> None:
    """Say that something which the public sees is being changed. Call it inside the transaction that does it.

    Not a counter: one that a rollback resets would give two different states the same number.
    """
    if hasattr(_asked, "version"):
        _asked.version = UNASKED
    if settings.REDIS_URL:
        # Closed before and renewed after the commit: whatever dies in between leaves no old page to be served.
        cache.set(KEY, CLOSED, CLOSED_SECONDS)
        transaction.on_commit(lambda: cache.set(KEY, uuid.uuid4().hex, None))
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_publicversion (id, value) VALUES (1, %s) "
                "ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                [uuid.uuid4().hex],
            )


@contextmanager
def asked_once(version: str | None = None) -> Iterator[None]:
    """Inside, the version is asked for once and relied on from then on: for one request, which shows one state.

    A request within it, as the admin makes for a preview, is a part of it.
    """
    if hasattr(_asked, "version"):
        yield
        return
    _asked.version = version or UNASKED
    try:
        yield
    finally:
        del _asked.version


def public_version() -> str | None:
    """The word in force; None while there is none to rely on."""
    known: str | None = getattr(_asked, "version", None)
    if known and known != UNASKED:
        return known
    version = _public_version()
    if known:
        _asked.version = version or UNASKED
    return version


def _public_version() -> str | None:
    if not settings.REDIS_URL:
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM accounts_publicversion")
            row = cursor.fetchone()
        return row[0] if row else "new"
    version: str | None = cache.get(KEY)
    if version is None:  # Redis is new, or has dropped it
        cache.add(KEY, uuid.uuid4().hex, None)
        version = cache.get(KEY)
    return None if version == CLOSED else version


def remembered(key: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` finds among what is public, kept by this process until something public changes.

    For what many pages show, such as the names of classes. Whoever gets it must leave it as it is.
    """
    return remembered_each("", [key], lambda _keys: {key: read()})[key]


def remembered_each(
    subject: str, keys: Iterable[Hashable], read: Callable[[list[Any]], dict[Any, T]]
) -> dict[Any, T]:
    """The same for several keys; ``read`` is given those not known yet, and answers for each of them."""
    version = public_version() if settings.PAGE_CACHE_SECONDS else None
    if version is None:
        return read(list(keys))
    now = time.time()
    found, missing = {}, []
    for key in keys:
        known = _memory.get((subject, key))
        if known and known[0] == version and known[1] > now:
            found[key] = known[2]
        else:
            missing.append(key)
    if missing:
        if len(_memory) + len(missing) > MOST_REMEMBERED:
            _memory.clear()
        for key, value in read(missing).items():
            found[key] = value
            _memory[subject, key] = (version, now + settings.PAGE_CACHE_SECONDS, value)
    return found


def forget() -> None:
    """Drop what this process remembers; for tests, whose databases go back to what they were."""
    _memory.clear()
