"""Pinyin of a name: full syllables and initials, from every character on.

``qixiangsepu`` and ``qxsp`` find 气相色谱质谱联用仪, and so does ``sepu`` from its middle: each token is
the pinyin from one character to the end of the run, and a query is a prefix of it. Characters with
several readings (行, 重) contribute each, within a bound.
"""

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from pypinyin import Style, pinyin

from catalogue.search.tokens import HAN, normalise

MOST_READINGS = 4  # of one run: 2 characters with 2 readings each, all combinations
LONGEST_TOKEN = 40


def pinyin_tokens(name: str) -> set[str]:
    """Pinyin tokens of every run of Chinese in the name."""
    tokens: set[str] = set()
    for run in re.findall(rf"[{HAN}]{{2,}}", normalise(name)):
        tokens.update(_tokens_of_run(run))
    return tokens


@lru_cache(maxsize=4096)
def _tokens_of_run(run: str) -> frozenset[str]:
    return frozenset(_readings(run))


def _readings(run: str) -> Iterator[str]:
    common = [syllables[0] for syllables in pinyin(run, style=Style.NORMAL)]
    every = [
        [syllable for syllable in syllables if syllable.isascii()] or [""]
        for syllables in pinyin(run, style=Style.NORMAL, heteronym=True)
    ]
    # the usual reading in this context first; other readings of each character while they are few
    options = [[usual, *(other for other in all_ if other != usual)][:2] for usual, all_ in zip(common, every)]
    combinations = 1
    for position, choices in enumerate(options):
        if combinations * len(choices) > MOST_READINGS:
            options[position] = choices[:1]
        combinations *= len(options[position])
    for reading in itertools.product(*options):
        for start in range(len(reading) - 1):
            yield "".join(reading[start:])[:LONGEST_TOKEN]
            yield "".join(syllable[:1] for syllable in reading[start:])[:LONGEST_TOKEN]
