"""What people type into a search box."""

from typing import Any

from django import forms

# What people type is shorter; the rest of a longer query is left out, everywhere.
QUERY_LENGTH = 100


class QueryField(forms.CharField):
    """Search words as typed: control characters dropped, cut to a length people type."""

    def to_python(self, value: Any) -> str:
        printable = "".join(
            char if char.isprintable() else " " for char in str(value or "")[: QUERY_LENGTH * 4]
        )
        return " ".join(printable.split())[:QUERY_LENGTH].rstrip()
