"""The plain text of ``articles`` and ``guides`` as the blocks of policy.blocks.ArticleBody."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from home.demo.articles import Table

TITLED = {"1. ": "steps", "? ": "accordion"}


def blocks(text: str, tables: Mapping[str, Table]) -> Iterator[tuple[str, Any]]:
    for paragraph in text.split("\n\n"):
        head, _newline, rest = paragraph.strip().partition("\n")
        if head.startswith("# "):
            yield "heading", head[2:]
            paragraph, head = rest, rest.partition("\n")[0]
        mark = next((mark for mark in TITLED if head.startswith(mark)), "")
        if not head:
            continue
        if mark:
            parts = (line.removeprefix(mark).partition("｜") for line in paragraph.strip().splitlines())
            yield TITLED[mark], [{"title": title, "text": rich_text(text)} for title, _bar, text in parts]
        elif head.startswith("! "):
            yield "notice", {"tone": "wait", "title": "", "text": head[2:]}
        elif head.startswith("@"):
            columns, *rows = tables[head[1:]]
            yield (
                "table",
                {
                    "caption": "",
                    "columns": [{"type": "text", "heading": heading} for heading in columns],
                    "rows": [{"values": list(row)} for row in rows],
                },
            )
        else:
            yield "text", rich_text(paragraph)


def rich_text(text: str) -> str:
    html, items = "", ""
    for line in [*text.strip().splitlines(), ""]:
        if line.startswith("- "):
            items += f"<li>{escape(line[2:])}</li>"
            continue
        html += f"<ul>{items}</ul>" if items else ""
        items = ""
        html += f"<p>{escape(line)}</p>" if line else ""
    return html
