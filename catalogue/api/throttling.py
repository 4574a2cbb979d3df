"""How often one may ask. Rates are requests a minute, from ``settings.API_RATES``."""

from typing import Any

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class MinuteThrottle(SimpleRateThrottle):
    """So many requests in any minute."""

    rate_name: str

    def get_rate(self) -> str:
        return f"{settings.API_RATES[self.rate_name]}/minute"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"api-rate:{self.rate_name}:{self.get_ident(request)}"


class RequestThrottle(MinuteThrottle):
    """All requests: by the token, or without one by the address they come from."""

    rate_name = "anonymous"

    def allow_request(self, request: Any, view: Any) -> bool:
        if request.auth is not None:
            self.rate_name = "token"
            self.num_requests = settings.API_RATES["token"]
        return super().allow_request(request, view)

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"api-rate:token:{request.auth.pk}" if request.auth else super().get_cache_key(request, view)


class WriteThrottle(MinuteThrottle):
    """What changes something: by the token."""

    rate_name = "write"

    def allow_request(self, request: Any, view: Any) -> bool:
        return request.method in SAFE or super().allow_request(request, view)

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"api-rate:write:{request.auth.pk}"


class WrongTokenThrottle(MinuteThrottle):
    """Tokens that are none: by address."""

    rate_name = "wrong_token"
