"""Pinyin of a name, from every character on: full syllables, and initials.

``qixiangsepu`` and ``qxsp`` find 气相色谱质谱联用仪, ``sepu`` and ``zp`` do from its middle.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

from catalogue.search.tokens import PIECE, PINYIN, WORD, normalise

# Of names with characters of several readings (长, 重, 行), at most so many ways to read each stretch.
MOST_READINGS = 4
# Syllables that fill a token however short they are.
STRETCH = PIECE


@lru_cache(maxsize=20_000)
def pinyin_tokens(name: str) -> tuple[str, ...]:
    """The tokens of a name's pinyin. Letters and digits in it stand for themselves."""
    return tuple(dict.fromkeys(_tokens(readings(name))))


def readings(name: str) -> list[list[str]]:
    """The readings of each character that has one, the likeliest in its context first."""
    # its dictionaries take a quarter of a second to load, which no management command should wait for
    from pypinyin import Style, pinyin

    spoken = "".join(WORD.findall(normalise(name)))
    found = pinyin(
        spoken,
        style=Style.NORMAL,
        heteronym=True,
        errors=lambda chars: [[char] for char in chars],  # type: ignore[arg-type,return-value] # or a list, it says
    )
    spellable = ([syllable for syllable in syllables if syllable.isascii()] for syllables in found)
    return [syllables for syllables in spellable if syllables]


def _tokens(syllables: list[list[str]]) -> Iterator[str]:
    for start in range(len(syllables)):
        stretch = syllables[start : start + STRETCH]
        for reading in islice(product(*reversed(stretch)), MOST_READINGS):
            spoken = reading[::-1]
            yield PINYIN + "".join(spoken)[:PIECE]
            yield PINYIN + "".join(syllable[0] for syllable in spoken)
