"""Things that happen at the same moment, with real threads and connections."""

import contextlib
import fcntl
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from accounts.exceptions import DomainError

MANY = 20


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Once no other process of the tests crowds the server: it has a hundred connections, for all of them."""
    settings.TEST_DATABASES.mkdir(parents=True, exist_ok=True)
    with open(settings.TEST_DATABASES / "crowd.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        for _pause in range(200):  # the server ends those that were closed by and by
            if _connections() < MANY:
                break
            time.sleep(0.05)


def _connections() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL")
        return int(cursor.fetchone()[0])


def crowd(actions: list[Callable[[], Any]], threads: int) -> list[Any]:
    """What came of each, or the error it met, by that many threads at once; SQLite, where they queue, by eight."""
    threads = min(threads if connection.vendor == "postgresql" else 8, len(actions))
    barrier, turns, outcomes = threading.Barrier(threads), itertools.count(), []

    def work() -> None:
        barrier.wait(timeout=30)
        try:
            while (turn := next(turns)) < len(actions):
                try:
                    outcomes.append(actions[turn]())
                except (DomainError, DatabaseError) as error:
                    outcomes.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _each in range(threads)]
    with alone():
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=300)
    assert len(outcomes) == len(actions)
    return outcomes


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions in threads that start together; what each returned, or the domain error it met.

    Any other error fails the test: it is raised here once all have ended.
    """
    barrier = threading.Barrier(len(actions))
    outcomes: list[Any] = [None] * len(actions)
    crashes: list[BaseException] = []

    def run(index: int, action: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=20)
            outcomes[index] = action()
        except DomainError as error:
            outcomes[index] = error
        except BaseException as error:  # raised again below, in the test's own thread
            crashes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    with alone():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    if crashes:
        raise crashes[0]
    return outcomes


def refusals(outcomes: list[Any]) -> list[DomainError]:
    return [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
