"""How text becomes tokens, the same for documents and queries.

Chinese has no spaces, and two characters are its commonest query: every run of Chinese becomes its
overlapping bigrams plus its last character alone, so any part of two or more characters is a
conjunction of bigrams and a single character is a prefix. Latin letters and digits come in runs
(``7890B``); every suffix of a run is a token, so any fragment is the prefix of one. See
docs/adr/0004-catalogue-search.md for the measurements.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Unified ideographs with the extensions that names of substances and places use, and 々〇
HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
RUN = re.compile(rf"[{HAN}]+|[a-z0-9]+|[^\W_{HAN}a-z0-9]+")
JOINED_CODE = re.compile(r"[a-z0-9]+(?:[-/.][a-z0-9]+)+")
LONGEST_RUN = 24
NAME_PREFIX = "_t"
PINYIN_PREFIX = "_p"
# A query longer than this says nothing more, and would only cost.
LONGEST_QUERY = 100
MOST_TERMS = 24


def normalise(text: str) -> str:
    """NFKC (full-width to half-width), lower case, without NUL and other control characters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char if char.isprintable() else " " for char in folded)


# What FTS5's unicode61 (Unicode 6.1) surely takes for part of a token; anything else it might split at.
UNSAFE = re.compile(r"[^a-z0-9\u3400-\u4db5\u4e00-\u9fcc]")


def spell(token: str) -> str:
    """The token with rare characters (Greek letters, newer ideographs) spelt by code point.

    Each takes the same width, so that a prefix of a token stays a prefix of its spelling.
    """
    return UNSAFE.sub(lambda match: f"_{ord(match[0]):06x}", token)


def is_han(run: str) -> bool:
    return re.match(rf"[{HAN}]", run) is not None


def document_tokens(text: str) -> set[str]:
    """Every token of a document's text."""
    text = normalise(text)
    tokens: set[str] = set()
    for run in RUN.findall(text):
        tokens.update(_bigrams(run) if is_han(run) else _suffixes(run))
    for code in JOINED_CODE.findall(text):
        # GC-MS is also written GCMS
        tokens.update(_suffixes(re.sub(r"[^a-z0-9]", "", code)))
    return {spell(token) for token in tokens}


@dataclass(frozen=True)
class Term:
    """One condition of a query: a token, or the beginning of one."""

    token: str
    is_prefix: bool


def query_terms(text: str) -> list[Term]:
    """The conditions a document must all meet; empty when the query has nothing to search for."""
    terms: dict[Term, None] = {}
    for run in RUN.findall(normalise(text[:LONGEST_QUERY])):
        if not is_han(run):
            # a fragment of a run is the beginning of one of its suffixes
            terms[Term(spell(run[:LONGEST_RUN]), is_prefix=True)] = None
        elif len(run) == 1:
            terms[Term(spell(run), is_prefix=True)] = None
        else:
            terms |= {Term(spell(run[i : i + 2]), is_prefix=False): None for i in range(len(run) - 1)}
    return list(terms)[:MOST_TERMS]


def pinyin_query(text: str) -> str:
    """The query as one run of letters, if it can be pinyin at all (two letters or more)."""
    letters = re.sub(r"[\s'’]", "", normalise(text[:LONGEST_QUERY]))
    return letters if re.fullmatch(r"[a-z]{2,40}", letters) else ""


def _bigrams(run: str) -> Iterator[str]:
    yield from (run[i : i + 2] for i in range(len(run) - 1))
    yield run[-1]


def _suffixes(run: str) -> Iterator[str]:
    run = run[:64]
    for i in range(len(run)):
        yield run[i : i + LONGEST_RUN]
