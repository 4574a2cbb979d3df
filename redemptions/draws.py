"""The spot check's draw, which anybody can repeat from what is published: the seed, the share and the numbers."""

import hashlib
import secrets
from collections.abc import Iterable


def new_seed() -> str:
    """64 hexadecimal digits that nobody can choose."""
    return secrets.token_hex(32)


def draw(*, seed: str, percent: int, numbers: Iterable[str]) -> list[str]:
    """The drawn of ``numbers``, sorted: the first ``percent`` of them, rounded up, by SHA-256 of ``seed:number`` in UTF-8.

    The order in which the numbers are given does not matter, nor does one that is given twice.
    """
    ordered = sorted(set(numbers), key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).digest())
    count = -(-len(ordered) * percent // 100)
    return sorted(ordered[:count])
