"""Things that happen at the same moment, with real threads and connections."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from accounts.exceptions import DomainError


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
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if crashes:
        raise crashes[0]
    return outcomes


def refusals(outcomes: list[Any]) -> list[DomainError]:
    return [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
