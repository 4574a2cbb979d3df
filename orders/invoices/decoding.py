"""Starts the decoder, and believes little of what it answers."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from orders.invoices.decoder import Run

DECODER = Path(__file__).with_name("decoder.py")
# On the clock; the decoder's own limit is on processor time.
SECONDS = 8

T = TypeVar("T")


@dataclass(frozen=True)
class Decoded:
    """What a picture or PDF has to say: texts of its QR codes, its pages as runs of text, attached files."""

    codes: tuple[str, ...] = ()
    pages: "tuple[tuple[Run, ...], ...]" = ()
    attachments: tuple[bytes, ...] = ()


def decode(content: bytes, kind: str) -> Decoded:
    """Decode a ``pdf`` or a ``picture`` in a process of its own. Empty where it is broken, locked or takes too long."""
    return _asked(content, kind, _decoded) or Decoded()


def thumbnail(content: bytes, kind: str) -> bytes:
    """8 × 9 values of grey of a ``picture``, or of the first page of a ``pdf`` that was scanned; as ``decode``, empty where there is none."""
    return _asked(content, f"{kind}-thumbnail", lambda found: bytes(found["thumbnail"])) or b""


def _asked(content: bytes, word: str, read: Callable[[dict[str, Any]], T]) -> T | None:
    try:
        # isolated, and without the environment: it holds the secrets of the site
        answer = subprocess.run(  # noqa: S603 - a script of ours, its argument is a word of ours
            [sys.executable, "-I", str(DECODER), word],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=True,
        )
        return read(json.loads(answer.stdout))
    # the last three: an answer of another shape
    except (subprocess.SubprocessError, OSError, ValueError, TypeError, AttributeError, LookupError):
        return None


def _decoded(found: dict[str, Any]) -> Decoded:
    return Decoded(
        codes=tuple(str(code) for code in found.get("codes", ())),
        pages=tuple(tuple(_run(*run) for run in page) for page in found.get("pages", ())),
        attachments=tuple(base64.b64decode(data, validate=True) for data in found.get("attachments", ())),
    )


def _run(left: object, bottom: object, right: object, top: object, text: object) -> "Run":
    return float(str(left)), float(str(bottom)), float(str(right)), float(str(top)), str(text)
