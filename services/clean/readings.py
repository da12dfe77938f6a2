"""How Chinese characters are read: pinyin with and without tones, both ways."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "readings.tsv"
TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
LETTERS = "A-Za-zɑɡüê" + TONED + "̀-̌"
# Letters of other keyboards that stand for ours.
_ALIKE = str.maketrans({"ɑ": "a", "ɡ": "g", "\u0103": "ǎ", "\u012d": "ǐ", "\u014f": "ǒ", "\u016d": "ǔ"})
# What may stand between the syllables of a word.
_BETWEEN = str.maketrans("", "", " '’`·-\u3000")
FORMS = 4096  # spellings that are remembered; the language has some 1,300 syllables
MAX_SYLLABLE = 6
MAX_WORD = 8  # characters that one bracket may spell


@cache
def by_reading() -> dict[str, str]:
    """Return the characters that each toned reading may stand for."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))


@cache
def _by_character() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for reading, characters in by_reading().items():
        for character in characters:
            table[character].append(reading)
    return {character: tuple(readings) for character, readings in table.items()}


@cache
def _toned(character: str) -> frozenset[str]:
    return frozenset(_by_character().get(character, ()))


@cache
def _toneless(character: str) -> frozenset[str]:
    return frozenset(form for reading in _toned(character) for form in _without_tone(reading))


@cache
def _either(character: str) -> frozenset[str]:
    return _toned(character) | _toneless(character)


def _without_tone(reading: str) -> Iterator[str]:
    """Yield the ways to write a reading without its tone: lü is also written lv and lu."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", reading) if c == "̈" or not unicodedata.combining(c)
    )
    plain = unicodedata.normalize("NFC", plain).replace("ê", "e")
    yield from {plain, plain.replace("ü", "v"), plain.replace("ü", "u")}


@lru_cache(FORMS)
def normal(letters: str) -> str:
    """Return the letters of a bracket in the one form that the table has."""
    return unicodedata.normalize("NFC", letters).translate(_ALIKE).translate(_BETWEEN).lower()


@lru_cache(FORMS)
def has_tone(letters: str) -> bool:
    """Return whether any syllable bears a tone mark."""
    return any(letter in TONED for letter in letters)


def spelled(before: str, letters: str) -> int:
    """Return how many of the last characters of `before` the letters spell, 0 where they do not.

    In a word with tones single syllables may be neutral: `朋友(péngyou)`.
    """
    readings = _toneless
    if has_tone(letters):
        readings = _toned if letters in _toned(before[-1:]) else _either
    return _read(before[-MAX_WORD:], letters, readings)


def _read(before: str, letters: str, readings: Callable[[str], frozenset[str]]) -> int:
    """Return how many characters the letters spell, the last one first."""
    if not letters or not before:
        return 0
    known = readings(before[-1])
    if letters in known:
        return 1
    for length in range(1, min(MAX_SYLLABLE, len(letters) - 1) + 1):
        if letters[-length:] in known and (more := _read(before[:-1], letters[:-length], readings)):
            return more + 1
    return 0
