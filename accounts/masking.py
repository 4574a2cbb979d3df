"""Values that nobody shows in full by accident."""

VISIBLE = 4


class Masked:
    """A secret number. It prints as its last four characters; only ``reveal`` gives all of it.

    No ``str``, so that JSON refuses it and templates, reports and logs write the mask.
    """

    __slots__ = ("_full",)

    def __init__(self, full: str) -> None:
        self._full = full

    def reveal(self) -> str:
        return self._full

    def __str__(self) -> str:
        """``•••• 4321``; of eight characters or fewer nothing but dots."""
        return f"•••• {self._full[-VISIBLE:]}" if len(self._full) > 2 * VISIBLE else "••••"

    def __repr__(self) -> str:
        return f"<Masked {self}>"

    def __eq__(self, other: object) -> bool:
        return self._full == other._full if isinstance(other, Masked) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._full)
