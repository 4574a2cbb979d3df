"""Marking what a query has hit."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.searching import QUERY_LENGTH
from catalogue.search.pinyin import readings
from catalogue.search.tokens import CODE, SEPARATOR, WORD, normalise, query_words

Span = tuple[int, int]


def highlight(text: str, query: str) -> SafeString:
    """The text, escaped, with ``<mark>`` around what matches the query; by pinyin where nothing else does."""
    folded, origin = _fold(text)
    spans = list(_literal_spans(folded, query)) or list(_pinyin_spans(folded, query))
    hit = [False] * len(text)
    for start, end in spans:
        for position in range(start, end):
            hit[origin[position]] = True
    return _render(text, hit)


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Normalised text, and for each of its characters the place it came from (NFKC changes lengths)."""
    if unicodedata.is_normalized("NFKC", text) and len(whole := text.casefold()) == len(text):
        return whole, range(len(text))
    folded: list[str] = []
    origin: list[int] = []
    for position, char in enumerate(text):
        for piece in unicodedata.normalize("NFKC", char).casefold():
            folded.append(piece)
            origin.append(position)
    return "".join(folded), origin


def _literal_spans(folded: str, query: str) -> Iterator[Span]:
    # each on its own: what they find may overlap
    for pattern in _patterns(query):
        yield from (match.span() for match in pattern.finditer(folded))


# A list marks some eighty texts with one query.
@lru_cache(64)
def _patterns(query: str) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for typed in normalise(query[:QUERY_LENGTH]).split():
        # a code is found however its parts are separated: gcms, GC-MS
        codes = {match[0] for match in CODE.finditer(typed)}
        patterns += [_code_pattern(SEPARATOR.sub("", code)) for code in codes]
        patterns += [re.escape(word) for word in WORD.findall(typed) if not word.isascii()]
    return tuple(map(re.compile, patterns))


@lru_cache(64)
def _letters(query: str) -> tuple[str, ...]:
    return tuple(word.letters for word in query_words(query) if word.letters)


def _code_pattern(code: str) -> str:
    """Separators anywhere, and a space between letters and number: GB/T 228.1 for gbt228.1."""
    between = (r"\W?" if a.isalpha() and b.isdigit() else r"[^\w\s]?" for a, b in pairwise(code))
    return code[:1] + "".join(map(str.__add__, between, code[1:]))


def _pinyin_spans(folded: str, query: str) -> Iterator[Span]:
    typed = _letters(query)
    places = [match.start() for match in re.finditer(r"[^\W_]", folded)] if typed else []
    spoken = readings(folded) if typed else []
    if len(spoken) != len(places):
        return  # a character without a reading: which syllable is whose cannot be told
    for letters in typed:
        for start in range(len(places)):
            length = _covered([reading[0] for reading in spoken[start:]], letters) or _covered(
                [reading[0][0] for reading in spoken[start:]], letters
            )
            if length:
                yield places[start], places[start + length - 1] + 1


def _covered(parts: list[str], letters: str) -> int:
    """How many parts the letters run through from the first on; 0 if they do not."""
    said = ""
    for count, part in enumerate(parts, start=1):
        said += part
        if said.startswith(letters):
            return count
        if not letters.startswith(said):
            return 0
    return 0


def _render(text: str, hit: list[bool]) -> SafeString:
    parts, position = [], 0
    while position < len(text):
        end = position
        while end < len(text) and hit[end] == hit[position]:
            end += 1
        part = escape(text[position:end])
        parts.append(f"<mark>{part}</mark>" if hit[position] else part)
        position = end
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped
