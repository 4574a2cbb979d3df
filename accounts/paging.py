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


def clamped_page(objects: Any, number: str | None, per_page: int, count: int | None = None) -> Page:
    """The page asked for, or the nearest there is: beyond the end it is the last. ``count`` saves counting what is known.

    Django's own ``get_page`` sends 0 and -1 to the last page, which is far from what was meant.
    """
    paginator = Paginator(objects, per_page)
    if count is not None:
        paginator.count = count
    return paginator.get_page(page_number(number))
