"""Descriptions of pages in the words of schema.org, as JSON-LD: what they share."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# A browser looks for the end of a script in its text, whatever the text is; U+2028 and U+2029 end a line of JavaScript.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}

Data = dict[str, Any]


def filled(**fields: Any) -> Data:
    """The fields that say something. ``type_``, ``id_`` and ``context_`` are the words of JSON-LD itself."""
    return {
        f"@{name[:-1]}" if name.endswith("_") else name: value
        for name, value in fields.items()
        if value not in (None, "", [], {})
    }


def script(data: list[Data]) -> SafeString:
    """The descriptions as a block of data, which a browser does not run, so the content security policy lets it stand."""
    content = {"@context": "https://schema.org", "@graph": data}
    text = json.dumps(content, ensure_ascii=False, default=str, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
