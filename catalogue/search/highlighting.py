"""Marking what a query has hit."""

import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from pypinyin import Style, lazy_pinyin

from catalogue.search.tokens import HAN, LONGEST_QUERY, RUN, is_han, normalise, pinyin_query


def highlight(text: str, query: str) -> SafeString:
    """The text, escaped, with ``<mark>`` around what matches the query (also by pinyin)."""
    folded, origin = _fold(text)
    hit = [False] * len(text)
    runs = RUN.findall(normalise(query[:LONGEST_QUERY]))
    for run in runs:
        pieces = [run[i : i + 2] for i in range(len(run) - 1)] if is_han(run) and len(run) > 1 else [run]
        for piece in pieces:
            for match in re.finditer(f"(?={re.escape(piece)})", folded):
                for position in range(match.start(), match.start() + len(piece)):
                    hit[origin[position]] = True
    if not any(hit) and (letters := pinyin_query(query)):
        for start, end in _pinyin_spans(folded, letters):
            for position in range(start, end):
                hit[origin[position]] = True
    return _render(text, hit)


def _fold(text: str) -> tuple[str, list[int]]:
    """Normalised text, and for each of its characters the place it came from (NFKC changes lengths)."""
    folded, origin = [], []
    for position, char in enumerate(text):
        for piece in unicodedata.normalize("NFKC", char).lower():
            folded.append(piece)
            origin.append(position)
    return "".join(folded), origin


def _pinyin_spans(folded: str, letters: str) -> list[tuple[int, int]]:
    spans = []
    for run in re.finditer(rf"[{HAN}]+", folded):
        syllables = lazy_pinyin(run[0], style=Style.NORMAL)
        if len(syllables) != len(run[0]):
            continue
        for parts in (syllables, [syllable[:1] for syllable in syllables]):
            for start in range(len(parts)):
                length = _covered(parts[start:], letters)
                if length:
                    spans.append((run.start() + start, run.start() + start + length))
    return spans


def _covered(parts: list[str], letters: str) -> int:
    """How many parts the letters run through from the first on; 0 if they do not."""
    typed = ""
    for count, part in enumerate(parts, start=1):
        typed += part
        if typed.startswith(letters):
            return count
        if not letters.startswith(typed):
            return 0
    return 0


def _render(text: str, hit: list[bool]) -> SafeString:
    pieces, position = [], 0
    while position < len(text):
        end = position
        while end < len(text) and hit[end] == hit[position]:
            end += 1
        piece = escape(text[position:end])
        pieces.append(f"<mark>{piece}</mark>" if hit[position] else piece)
        position = end
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped
