"""Redis as Django's cache, with one client for all calls: Django makes a new one for each, which costs more than to ask Redis."""

from functools import cache
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry


class LastingClient(RedisCacheClient):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, retry=Retry(NoBackoff(), 1), **kwargs)
        # Each thread has a cache of its own (django.core.cache.caches), so a client may keep its connection: to take one from
        # the pool and look whether it is alive, for each command, costs a third of asking Redis. One that broke, as when Redis
        # is started anew, shows at the command, which is sent once more over a new one.
        make = super().get_client
        self._client_for = cache(lambda write: make(write=write).client())

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._client_for(write)


class LastingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = LastingClient
