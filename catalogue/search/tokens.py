"""How text becomes tokens, and a query conditions on them; the same for every database.

Chinese has no spaces and its commonest query is two characters, so every pair of neighbouring characters is a
token: any part of a text of two or more characters is a conjunction of pairs, and a single character is
the beginning of one. Letters and digits come in codes (``7890B-5977A``): whatever begins at one of its letters is
a token, so any fragment is the beginning of one. Why, and what it costs: docs/adr/0004-catalogue-search.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import add
from typing import NamedTuple

from accounts.searching import QUERY_LENGTH

# Tokens that are not plain text begin with an underscore, which no token of a text does.
NAME, PINYIN, APART = "_t", "_p", "_n"

WORD = re.compile(r"[^\W_]+")
CODE = re.compile(r"[a-z0-9]+(?:(?:[^\w\s]|_)[a-z0-9]+)*")
SEPARATOR = re.compile(r"[\W_]")
BESIDE_LETTER = re.compile(r"(?<![0-9])_|_(?![0-9])")
# GB/T, HJ, ISO: letters that a number may follow after a space. Longer ones are words.
DESIGNATION_LENGTH = 8
# What a designation begins with: GB/T, DB61/T, GCMS-QP; the GB alone of E112、GB.
LETTERS = re.compile(r"[a-z][a-z0-9]*(?:[/._\-–—][a-z0-9]+)*\Z")
NUMBER = re.compile(r"[0-9][a-z0-9]*(?:[/._\-–—][a-z0-9]+)*")
# A part of a code's letters, GB or the QP of GCMS-QP; one letter says too little.
PART = re.compile(r"(?<![a-z0-9])[a-z][a-z0-9]+")
# Longer pieces of a code say no more; a longer query is looked for piece by piece.
PIECE = 16
MOST_CLAUSES = 32
SHORT_TEXT = 64


def normalise(text: str) -> str:
    """Full-width and half-width, upper and lower case are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


class Pieces(NamedTuple):
    """The tokens of one text that are not pairs, and which characters stand together in it."""

    tokens: list[str]
    pairs: list[str]
    triples: list[str]


def pieces(text: str) -> Pieces:
    """The tokens of a text. Short ones (makers, classes, institutions, names) are worth remembering."""
    return _remembered_pieces(text) if len(text) <= SHORT_TEXT else _pieces(text)


def _pieces(text: str) -> Pieces:
    text = normalise(text)
    tokens: list[str] = []
    pairs: list[str] = []
    triples: list[str] = []
    for word in WORD.findall(text):
        if word.isascii():
            continue
        pairs += _pairs(word)
        triples += _triples(word)
        tokens.append(word[-1])
    codes = list(CODE.finditer(text))
    for code in codes:
        tokens += _code_pieces(code[0])
    for first, second in pairwise(codes):
        if designation := _designation(first, second):
            tokens += _designation_pieces(*designation)
    if codes:  # what lies within a code is left to the code
        pairs = [pair for pair in pairs if not pair.isascii()]
    return Pieces(tokens, pairs, triples)


# Half of the time an index takes to build goes here: no loop in Python.
def _pairs(word: str) -> Iterator[str]:
    return map(add, word, word[1:])


def _triples(word: str) -> Iterator[str]:
    return map(add, map(add, word, word[1:]), word[2:])


_remembered_pieces = lru_cache(maxsize=20_000)(_pieces)


@lru_cache(maxsize=20_000)
def _code_pieces(code: str) -> tuple[str, ...]:
    spelt, joined = _spellings(code)
    found = [spelt[i : i + PIECE] for i, char in enumerate(spelt) if char != "_"]
    if joined != spelt:
        found += [joined[i : i + PIECE] for i in range(len(joined))]
    return tuple(found)


def _designation(first: re.Match[str], second: re.Match[str]) -> tuple[str, str] | None:
    """The letters and the number of one code, if a space stands between them: GB/T 228.1. None of anything else."""
    between = first.string[first.end() : second.start()]
    if len(between) > 2 or not between.isspace():
        return None
    letters, number = LETTERS.search(first[0]), NUMBER.match(second[0])
    if letters is None or number is None:
        return None
    return (letters[0], number[0]) if 1 < len(letters[0]) <= DESIGNATION_LENGTH else None


@lru_cache(maxsize=20_000)
def _designation_pieces(letters: str, number: str) -> tuple[str, ...]:
    """The code with its space left out, as in GB/T228.1 or GBT228.1, and its parts: QP2010 of GCMS-QP 2010.

    Not what begins within letters, the B of RIB 500 and its number are not B5; but of one longer than a piece everything,
    since a query of its length is looked for from the middle too.
    """
    spelt, joined = _spellings(letters + number)
    if len(spelt) > PIECE:
        starts = [i for i in range(len(letters)) if spelt[i] != "_"]
    else:
        starts = [match.start() for match in PART.finditer(_spellings(letters)[0])]
    found = [spelt[i : i + PIECE] for i in starts]
    if joined != spelt:
        found.append(joined[:PIECE])
        if len(joined) > PIECE:
            found += [joined[i : i + PIECE] for i in range(1, len(_spellings(letters)[1]))]
    return tuple(found)


def _spellings(code: str) -> tuple[str, str]:
    """A code with its separators alike, and without those beside a letter: GC-MS is also written GCMS.

    Between two digits they stay: GB/T 228.1 is not GB/T 2281.
    """
    spelt = SEPARATOR.sub("_", code)
    return spelt, BESIDE_LETTER.sub("", spelt)


def document_tokens(name: str, texts: Iterable[str]) -> dict[str, None]:
    """Every token of a document: of its name, which ranks first, and of its other texts.

    In a dictionary, where they keep an order: the same record gives the same tokens in every process.
    """
    name_pieces = pieces(name)
    tokens, pairs, triples = (list(part) for part in name_pieces)
    for text in texts:
        found = pieces(text)
        tokens += found.tokens
        pairs += found.pairs
        triples += found.triples
    distinct_pairs = dict.fromkeys(pairs)
    tokens += distinct_pairs
    tokens += _apart(distinct_pairs, set(triples))
    tokens += [NAME + token for token in name_pieces.tokens]
    tokens += [NAME + pair for pair in name_pieces.pairs]
    return dict.fromkeys(tokens)


def _apart(pairs: Iterable[str], triples: set[str]) -> list[str]:
    """Three characters whose two pairs both occur, but never together: 粒度 and 度分 without 粒度分.

    They are few, so naming them is far cheaper than naming all that do stand together.
    """
    following: dict[str, str] = {}
    for pair in pairs:
        following[pair[0]] = following.get(pair[0], "") + pair[1]
    return [
        APART + triple
        for pair in pairs
        if pair[1] in following
        for char in following[pair[1]]
        if (triple := pair + char) not in triples
    ]


@dataclass(frozen=True)
class Term:
    """A token, or the beginning of one."""

    token: str
    is_prefix: bool = False

    def within(self, tier: str) -> "Term":
        return Term(tier + self.token, self.is_prefix)


Clause = tuple[Term, ...]


@dataclass(frozen=True)
class Match:
    """Documents with a term of every clause, without any of the terms ``without``, and not among ``unlike``."""

    clauses: tuple[Clause, ...]
    without: tuple[Term, ...] = ()
    unlike: "Match | None" = None

    def narrowed(self, tokens: Iterable[str]) -> "Match":
        """The same, only of documents that also have all these tokens."""
        return replace(self, clauses=self.clauses + tuple((Term(token),) for token in tokens))


@dataclass(frozen=True)
class Word:
    """What was typed between two spaces."""

    clauses: tuple[Clause, ...]
    without: tuple[Term, ...]
    # as pinyin, where it can be: only letters
    letters: str


def query_words(text: str) -> list[Word]:
    """The words of a query with something to look for; none if it is only punctuation."""
    words = []
    room = MOST_CLAUSES
    for typed in normalise(text[:QUERY_LENGTH])[:QUERY_LENGTH].split():
        clauses = tuple(dict.fromkeys(_clauses(typed)))[:room]
        if clauses:
            room -= len(clauses)
            words.append(Word(clauses, tuple(_exclusions(typed)), _letters(typed)))
    return words


def _clauses(typed: str) -> Iterator[Clause]:
    for word in WORD.findall(typed):
        if len(word) == 1 and not word.isascii():
            yield (Term(word, is_prefix=True),)
        yield from ((Term(pair),) for pair in _pairs(word) if not pair.isascii())
    for match in CODE.finditer(typed):
        yield from _code_clauses(match[0], touches_chinese=_touches_chinese(typed, match))


def _code_clauses(code: str, *, touches_chinese: bool) -> Iterator[Clause]:
    spelt, joined = _spellings(code)
    if len(spelt) == 1 and touches_chinese:
        return  # the X of X射线 is in a pair already
    if len(spelt) <= PIECE:
        yield tuple(Term(spelling, is_prefix=True) for spelling in dict.fromkeys((spelt, joined)))
        return
    for start in (*range(0, len(spelt) - PIECE, PIECE), len(spelt) - PIECE):
        yield (Term(spelt[start : start + PIECE].lstrip("_"), is_prefix=True),)


def _touches_chinese(typed: str, code: re.Match[str]) -> bool:
    around = typed[code.start() - 1 : code.start()] + typed[code.end() : code.end() + 1]
    return WORD.search(around) is not None


def _exclusions(typed: str) -> Iterator[Term]:
    for word in WORD.findall(typed):
        for triple in _triples(word):
            if not (triple[:2].isascii() or triple[1:].isascii()):
                yield Term(APART + triple)


def _letters(typed: str) -> str:
    letters = typed.replace("ü", "v").replace("'", "").replace("’", "")
    return letters if letters.isascii() and letters.isalpha() and len(letters) > 1 else ""


def text_match(words: Iterable[Word]) -> Match:
    """Every word, anywhere in the document."""
    words = list(words)
    return Match(
        tuple(clause for word in words for clause in word.clauses),
        tuple(term for word in words for term in word.without),
    )


def name_match(words: Iterable[Word]) -> Match:
    """Every word in the name."""
    return Match(
        tuple(tuple(term.within(NAME) for term in clause) for word in words for clause in word.clauses)
    )


def pinyin_match(words: Iterable[Word]) -> Match | None:
    """Every word in the text or, if it is letters, in the pinyin of the name; None if no word is."""
    words = list(words)
    if not any(word.letters for word in words):
        return None
    clauses: list[Clause] = []
    for word in words:
        also = (Term(PINYIN + word.letters[:PIECE], is_prefix=True),) if word.letters else ()
        clauses += (clause + also for clause in word.clauses)
    return Match(tuple(clauses), tuple(term for word in words for term in word.without))


def letter_count(words: Iterable[Word]) -> int:
    """How many letters could be pinyin."""
    return sum(len(word.letters) for word in words)
