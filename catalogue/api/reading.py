"""What serializers of records have in common."""

import copy
from functools import cached_property
from typing import Any, ClassVar

from rest_framework import serializers


class ReadSerializer(serializers.ModelSerializer):
    """What is only read. A choice or an address not given is an empty text, and the documentation says so."""

    _made: ClassVar[dict[type, dict[str, serializers.Field]]] = {}

    def get_fields(self) -> dict[str, serializers.Field]:
        """As the base class makes them from the model, which is the same each time and takes a while."""
        if type(self) not in self._made:
            self._made[type(self)] = super().get_fields()
        return copy.deepcopy(self._made[type(self)])

    @cached_property
    def _readable_fields(self) -> list[serializers.Field]:
        # asked of each record; the base class goes through all fields each time
        return list(super()._readable_fields)

    def include_extra_kwargs(self, kwargs: dict[str, Any], extra_kwargs: dict[str, Any]) -> dict[str, Any]:
        may_be_blank = kwargs.get("allow_blank", False)
        kwargs = super().include_extra_kwargs(kwargs, extra_kwargs)
        return {**kwargs, "allow_blank": True} if may_be_blank else kwargs
