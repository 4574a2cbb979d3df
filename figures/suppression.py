"""Keeping single institutions out of public figures. docs/adr/0019-figures.md states the rule.

A number that fewer than ``LEAST`` institutions make up is not shown. Nor are so many of the smallest other numbers of its column
that what is hidden, which anyone can work out from the total, is of two cells and of ``LEAST`` institutions at least.
"""

from collections.abc import Mapping
from typing import Protocol

LEAST = 3


class Counted(Protocol):
    institutions: int
    count: int


def hidden(cells: Mapping[str, Counted], *, disjoint: bool) -> frozenset[str]:
    """The values of one column of a table whose numbers are not shown. Cells of nobody say nothing of anybody.

    ``disjoint``: no institution stands in two of them, as with cities. Otherwise two cells of two institutions may be of the same
    two, so one of those hidden is itself of ``LEAST``.
    """
    small = [value for value, cell in cells.items() if 0 < cell.institutions < LEAST]
    if not small:
        return frozenset()
    chosen = list(small)
    others = sorted(
        (value for value, cell in cells.items() if cell.institutions >= LEAST),
        key=lambda value: (cells[value].institutions, cells[value].count, value),
    )
    while others and not _is_enough([cells[value].institutions for value in chosen], disjoint):
        chosen.append(others.pop(0))
    return frozenset(chosen)


def _is_enough(institutions: list[int], disjoint: bool) -> bool:
    together = sum(institutions) if disjoint else max(institutions)
    return len(institutions) > 1 and together >= LEAST
