"""What serializers of records have in common."""

from typing import Any

from rest_framework import serializers


class ReadSerializer(serializers.ModelSerializer):
    """What is only read. A choice or an address not given is an empty text, and the documentation says so."""

    def include_extra_kwargs(self, kwargs: dict[str, Any], extra_kwargs: dict[str, Any]) -> dict[str, Any]:
        may_be_blank = kwargs.get("allow_blank", False)
        kwargs = super().include_extra_kwargs(kwargs, extra_kwargs)
        return {**kwargs, "allow_blank": True} if may_be_blank else kwargs
