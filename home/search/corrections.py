"""您是不是要找: what somebody may have meant whose search found nothing.

Asked of the index, not of a dictionary: names said alike (气象 and 气相 are both qixiang), and names that have all but one
character of what was typed. What is proposed is a part of a public name, so it finds at least that; where it begins or ends
otherwise than what was typed, a word does: 显微进 is 显微镜, never the 显微共 of 显微共聚焦.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from catalogue.search.pinyin import readings
from catalogue.search.tokens import (
    NAME,
    PIECE,
    PINYIN,
    Match,
    Term,
    normalise,
    query_words,
    text_match,
)
from home.search.articles import PublicContent
from home.search.popular import popular_terms
from home.search.records import first_matching, names_of
from home.search.vocabulary import class_entries
from policy.models import Topic

PROPOSALS = 3
# Longer queries are sentences: no slip of one character.
LONGEST = 16
CANDIDATES = 20
# From so many characters on two slips are believed.
FULL_LENGTH = 6
WORD_CHARACTER = re.compile(r"[^\W_]")
RUN = re.compile(r"[^\W_]+")
# So many characters that were not typed may complete a word.
COMPLETED = 2


class Part(NamedTuple):
    """A part of a text, and how many characters to change, add or leave out make it what was typed."""

    distance: int
    start: int
    end: int


def corrections(text: str) -> list[str]:
    """Up to three other searches, the nearest first; none for what is too short or too long to tell."""
    typed = normalise(text).strip()
    if not 2 <= len(typed) <= LONGEST:
        return []
    spoken = "".join(syllables[0] for syllables in readings(typed))
    proposals: dict[str, tuple[int, int]] = {}
    names = [normalise(name) for name in _near_names(typed, spoken)]
    words = Words(names)
    for name in names:
        part = _meant(name, typed, spoken)
        part = part and words.whole(name, part, typed)
        proposal = name[part.start : part.end].strip() if part else ""
        if part and proposal not in ("", typed):
            nearest, times = proposals.get(proposal, (part.distance, 0))
            proposals[proposal] = (min(nearest, part.distance), times + 1)
    ranked = sorted(proposals.items(), key=lambda item: (item[1][0], -item[1][1], item[0]))
    chosen: list[str] = []
    for proposal, _rank in ranked:
        # 相色谱 says nothing beside 气相色谱
        if not any(proposal in one for one in chosen):
            chosen.append(proposal)
    return chosen[:PROPOSALS]


def _near_names(typed: str, spoken: str) -> Iterator[str]:
    for match in _near_matches(typed, spoken):
        for names in names_of(first_matching(match, CANDIDATES)).values():
            yield from (named.name for named in names)
    yield from popular_terms(50)
    yield from (entry.name for entry in class_entries())
    yield from Topic.objects.values_list("name", flat=True)
    yield from PublicContent(typed).newest_titles(CANDIDATES * 10)


class Words:
    """Where words begin and end, as the names themselves tell: at their own edges, and where they go on differently."""

    def __init__(self, names: Iterable[str]) -> None:
        self.text = "\n".join(("", *names, ""))

    def whole(self, name: str, part: Part, typed: str) -> Part | None:
        """The part, where it begins and ends with a word or just as what was typed; else with the little its name has more."""
        first, last = name[part.start], name[part.end - 1]
        before = (
            0
            if first == typed[0]
            else self._lacking(name[: part.start][::-1], f"(.){_pair(name, part.start)}")
        )
        after = 0 if last == typed[-1] else self._lacking(name[part.end :], f"{_pair(name, part.end - 2)}(.)")
        if before is None or after is None:
            return None
        return Part(part.distance + before + after, part.start - before, part.end + after)

    def _lacking(self, beyond: str, pattern: str) -> int | None:
        """How many characters of the name complete the word; None if it would take too many."""
        if len(set(re.findall(pattern, self.text, re.DOTALL))) > 1:
            return 0
        more = RUN.match(beyond)
        lacking = len(more.group()) if more else 0
        return lacking if lacking <= COMPLETED else None


def _pair(name: str, at: int) -> str:
    return re.escape(name[at : at + 2])


def _meant(name: str, typed: str, spoken: str) -> Part | None:
    """The part of the name that may have been meant: it sounds the same, or differs by a slip or two."""
    allowed = 1 if len(typed) < FULL_LENGTH else 2
    if typed.isascii():
        # letters are pinyin; a slip in them is one of what is said
        said, owners = _said(name)
        part = nearest_part(typed, said)
        if part.distance <= allowed and 2 * part.distance < len(typed) and _whole(owners, part):
            return Part(part.distance, owners[part.start], owners[part.end - 1] + 1)
        return None
    if len(set(typed) - set(name)) <= allowed:
        part = nearest_part(typed, name)
        if part.distance <= allowed and 2 * part.distance < len(typed) and part.end - part.start > 1:
            return part
    said, owners = _said(name)
    at = said.find(spoken) if spoken else -1
    if at < 0 or not _whole(owners, Part(0, at, at + len(spoken))):
        return None
    return Part(0, owners[at], owners[at + len(spoken) - 1] + 1)


@lru_cache(maxsize=5_000)
def _said(name: str) -> tuple[str, list[int]]:
    """How the name is said, and of each letter the place of its character."""
    places = [match.start() for match in WORD_CHARACTER.finditer(name)]
    spoken = [syllables[0] for syllables in readings(name)]
    if len(places) != len(spoken):
        return "", []
    owners = [place for place, syllable in zip(places, spoken, strict=True) for _letter in syllable]
    return "".join(spoken), owners


def _whole(owners: list[int], part: Part) -> bool:
    """Whether the part begins and ends with a syllable, and has two or more."""
    if part.end <= part.start:
        return False
    begins = part.start == 0 or owners[part.start - 1] != owners[part.start]
    ends = part.end == len(owners) or owners[part.end] != owners[part.end - 1]
    return begins and ends and owners[part.start] != owners[part.end - 1]


def _near_matches(typed: str, spoken: str) -> Iterator[Match]:
    """What to ask of the index: the same sound, then all but one character of the first word."""
    if spoken and spoken.isascii():
        yield Match(((Term(PINYIN + spoken[:PIECE], is_prefix=True),),))
    if typed.isascii():
        if len(typed) >= 4 and typed.isalnum():
            yield Match((tuple(_pieces_of_letters(typed)),))
        return
    pairs = [
        term for clause in text_match(query_words(typed)).clauses for term in clause if not term.is_prefix
    ]
    if len(pairs) == 2:
        yield Match((tuple(term.within(NAME) for term in pairs),))
    elif len(pairs) > 2:
        # A wrong character spoils two neighbouring pairs: of two that are no neighbours one is always right.
        apart = ((a, b) for (i, a), (j, b) in combinations(enumerate(pairs), 2) if j > i + 1)
        yield Match(tuple((a.within(NAME), b.within(NAME)) for a, b in apart))


def _pieces_of_letters(typed: str) -> Iterator[Term]:
    """One slip leaves one half as it was: the first half, or what follows it from some letter on."""
    half = len(typed) // 2
    for piece in (typed[:half], *(typed[start:] for start in range(1, len(typed) - 2))):
        if len(piece) > 1:
            for tier in (NAME, PINYIN):
                yield Term(tier + piece[:PIECE], is_prefix=True)


def nearest_part(typed: str, name: str) -> Part:
    """The part of the name with the fewest characters to change, add or leave out (Sellers' algorithm)."""
    # of each beginning of `typed`: the fewest changes to end here, and where that part of the name begins
    column = [(row, 0) for row in range(len(typed) + 1)]
    ends = []
    for position, char in enumerate(name, start=1):
        above, column = column, [(0, position)]
        for row, wanted in enumerate(typed, start=1):
            changed = (above[row - 1][0] + (char != wanted), above[row - 1][1])
            added = (above[row][0] + 1, above[row][1])
            left_out = (column[row - 1][0] + 1, column[row - 1][1])
            column.append(min(changed, added, left_out))
        changes, start = column[-1]
        ends.append((changes, abs(position - start - len(typed)), start, position))
    changes, _difference, start, end = min(ends, default=(len(typed), 0, 0, 0))
    return Part(changes, start, end)
