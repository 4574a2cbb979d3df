"""Paging that never answers an odd page number with an error."""

from typing import Any

from django.core.paginator import Page, Paginator


def page_number(text: str | None) -> int:
    """The page number meant by a query parameter; 1 for what is none, or below the first."""
    # int() refuses very long digits with the same ValueError
    try:
        return max(int(text or 1), 1)
    except ValueError:
        return 1


def clamped_page(objects: Any, number: str | None, per_page: int) -> Page:
    """The page asked for, or the nearest there is: beyond the end it is the last.

    Django's own ``get_page`` sends 0 and -1 to the last page, which is far from what was meant.
    """
    return Paginator(objects, per_page).get_page(page_number(number))
