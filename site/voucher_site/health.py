"""Liveness and readiness, for the load balancer. Neither says more than whether; the log says why."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """The process can serve: the database and the cache answer too. 503 names the one that does not."""
    probes: dict[str, Callable[[], None]] = {"database": _probe_database, "cache": _probe_cache}
    failed = [name for name, probe in probes.items() if not _answers(name, probe)]
    if failed:
        return JsonResponse({"status": "unavailable", "failed": failed}, status=503)
    return JsonResponse({"status": "ok"})


def _answers(name: str, probe: Callable[[], None]) -> bool:
    try:
        probe()
    except Exception:  # any fault of any driver means: not ready
        logger.exception("not ready", extra={"probe": name})
        return False
    return True


def _probe_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _probe_cache() -> None:
    cache.set("readyz", 1, 5)
    if cache.get("readyz") != 1:
        raise RuntimeError("the cache forgot what it was just told")
