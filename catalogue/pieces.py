"""Many rows, worked on in pieces."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_pieces(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in lists of that many, the last one shorter. A piece is read when it is asked for."""
    reading = iter(rows)
    while piece := list(islice(reading, size)):
        yield piece
