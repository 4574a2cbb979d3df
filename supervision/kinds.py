"""The kinds of warnings there are. Each app declares its own, once, when it is ready."""

from dataclasses import dataclass
from typing import Any

CODE_LENGTH = 40


@dataclass(frozen=True)
class AlertKind:
    """A kind of warning: its name on screen, and what to look at first when following one up."""

    code: str
    label: Any
    advice: Any = ""


_KINDS: dict[str, AlertKind] = {}


def declare_kind(code: str, label: Any, advice: Any = "") -> AlertKind:
    """Make a kind known, in an app's ``ready``. ``code`` stays in the database: app and finding, ``redemptions.split_orders``."""
    if not code or len(code) > CODE_LENGTH:
        raise ValueError(f"a code has 1 to {CODE_LENGTH} characters: {code!r}")
    if code in _KINDS and _KINDS[code].label != label:
        raise ValueError(f"two kinds of warnings have the code {code}")
    _KINDS[code] = AlertKind(code, label, advice)
    return _KINDS[code]


def kinds() -> list[AlertKind]:
    return sorted(_KINDS.values(), key=lambda kind: kind.code)


def kind_of(code: str) -> AlertKind:
    """The kind, or one that is named by its code: warnings outlive the code that raised them."""
    return _KINDS.get(code) or AlertKind(code, code)
