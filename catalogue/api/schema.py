"""How drf-spectacular describes our views."""

from typing import Any

from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    pass


__all__ = ["Any", "Schema"]
