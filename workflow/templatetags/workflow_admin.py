"""Template filters of the review pages."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def get_note(notes: Mapping[str, str], field: str) -> str:
    """What a reviewer wrote beside the field, if anything."""
    return notes.get(field, "")
