"""Liveness and readiness, for the load balancer."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """The process can serve: database and cache answer too."""
    checks = {}
    for name, probe in (("database", connection.ensure_connection), ("cache", _probe_cache)):
        try:
            probe()
        except Exception as error:  # any fault of any driver means: not ready
            checks[name] = type(error).__name__
    status = 503 if checks else 200
    return JsonResponse({"status": "unavailable" if checks else "ok", **checks}, status=status)


def _probe_cache() -> None:
    cache.set("readyz", 1, 5)
