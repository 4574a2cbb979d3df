"""Redis as Django's cache, with one client for all calls: Django makes a new one for each, which costs more than to ask Redis."""

from functools import cache
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class LastingClient(RedisCacheClient):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A client is no connection: it takes one from the pool for each command.
        make = super().get_client
        self._client_for = cache(lambda write: make(write=write))

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._client_for(write)


class LastingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = LastingClient
