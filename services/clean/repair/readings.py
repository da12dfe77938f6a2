"""How Chinese characters are read, in pinyin and in zhuyin, with and without tones."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from services.clean.data import rows

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
# Letters of other alphabets that stand for ours: Cyrillic, phonetic, full-width, breve for caron.
_ALIKE = {
    **dict(zip("аеосуіхріѕɑɡıăĭŏŭ", "aeocyixpisagiǎǐǒǔ", strict=True)),
    **{chr(ord(c) + 0xFEE0): c for c in "abcdefghijklmnopqrstuvwxyz"},
}
ZHUYIN = "\u3105-\u3129"  # as a range
ZHUYIN_TONES = "ˊˇˋ˙"
# All that may stand in a bracket that spells, as the inside of a character class; case does not matter.
LETTERS = "A-Za-züê" + TONED + TONED.upper() + "\u0300-\u030c" + "".join(_ALIKE) + "Ａ-ＺАЕОСУХ" + ZHUYIN
TONE_SIGNS = ZHUYIN_TONES + "1-5"
_TRANSLATE = str.maketrans({**_ALIKE, **dict.fromkeys(" \n'’`·-\u3000", "")})
_TONE_SET = frozenset(TONED)
# Tone marks in the order of their numbers; 5 and 0 are the neutral tone, which bears none.
_MARKS = dict(zip("1234", "\u0304\u0301\u030c\u0300", strict=True))
FORMS = 8192  # spellings that are remembered; the language has some 1,300 syllables
MAX_SYLLABLE = 6
MAX_WORD = 8  # characters that one bracket may spell


def _rows(name: str) -> Iterator[tuple[str, str, str]]:
    for line in rows(name):
        first, second, third = line.split("\t")
        yield first, second, third


@cache
def _table() -> tuple[tuple[str, str, str], ...]:
    """Return each toned reading with the characters that are mostly and those that are also read so."""
    return tuple(_rows("readings.tsv"))


@cache
def by_reading() -> dict[str, str]:
    """Return the characters that each toned reading may stand for."""
    return {reading: usual + other for reading, usual, other in _table()}


@cache
def _by_character() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for reading, characters in by_reading().items():
        for character in characters:
            table[character].append(reading)
    return {character: tuple(readings) for character, readings in table.items()}


@cache
def _usual() -> dict[str, str]:
    return {character: reading for reading, usual, _ in _table() for character in usual}


@cache
def toned(character: str) -> frozenset[str]:
    """Return all readings of a character, with their tones."""
    return frozenset(_by_character().get(character, ()))


@cache
def _toneless(character: str) -> frozenset[str]:
    return frozenset(form for reading in toned(character) for form in _without_tone(reading))


@cache
def _either(character: str) -> frozenset[str]:
    return toned(character) | _toneless(character)


def _without_tone(reading: str) -> Iterator[str]:
    """Yield the ways to write a reading without its tone: lü is also written lv and lu."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", reading) if c == "̈" or not unicodedata.combining(c)
    )
    plain = unicodedata.normalize("NFC", plain).replace("ê", "e")
    yield from (plain, plain.replace("ü", "v"), plain.replace("ü", "u"))


@lru_cache(FORMS)
def normal(letters: str) -> str:
    """Return the letters of a bracket in the one form that the table has."""
    plain = unicodedata.normalize("NFC", letters).lower().translate(_TRANSLATE)
    if plain and "\u3105" <= plain.strip(ZHUYIN_TONES)[:1] <= "\u3129":
        return _from_zhuyin(plain)
    return _with_mark(plain[:-1], plain[-1]) if plain[-1:] in "12345" and plain else plain


@lru_cache(FORMS)
def has_tone(letters: str) -> bool:
    """Return whether any syllable bears a tone mark."""
    return not _TONE_SET.isdisjoint(letters)


@lru_cache(FORMS)
def reads(character: str, letters: str) -> bool:
    """Return whether a character may be read so, with its tone or without any."""
    return letters in (toned(character) if has_tone(letters) else _toneless(character))


def spelled(before: str, letters: str) -> int:
    """Return how many of the last characters of `before` the letters spell, 0 where they do not.

    In a word with tones single syllables may be neutral: `朋友(péngyou)`.
    """
    readings = _toneless
    if has_tone(letters):
        readings = toned if letters in toned(before[-1:]) else _either
    return _read(before[-MAX_WORD:], letters, readings)


@lru_cache(FORMS)
def is_usual(word: str, letters: str) -> bool:
    """Return whether the letters are the reading that a word mostly has: nobody explains that one.

    Of a word of several characters the tones do not count: they change within words.
    """
    reading = "".join(_usual().get(character, "") for character in word)
    if len(word) > 1:
        return next(_without_tone(letters)) in _without_tone(reading)
    return letters == reading or (not has_tone(letters) and letters in _without_tone(reading))


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


@cache
def _zhuyin() -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Return the initials, and the finals as they are written behind an initial and alone."""
    rows = list(_rows("zhuyin.tsv"))
    return {z: p for z, p, alone in rows if not alone}, {z: (p, alone) for z, p, alone in rows if alone}


def _from_zhuyin(letters: str) -> str:
    """Return one syllable of zhuyin in pinyin, the letters as they are where they are no syllable."""
    syllable = letters.strip(ZHUYIN_TONES)
    tone = letters.replace(syllable, "")
    initials, finals = _zhuyin()
    initial = initials.get(syllable[0], "")
    rest = syllable[1:] if initial else syllable
    final, alone = finals.get(rest, ("i", "") if initial and not rest else ("", ""))
    if not final:
        return letters
    if initial in {"j", "q", "x"}:
        final = final.replace("ü", "u")
    if initial in {"b", "p", "m", "f"} and final == "ong":
        final = "eng"
    plain = initial + final if initial else alone
    return _with_mark(plain, {"": "1", "ˊ": "2", "ˇ": "3", "ˋ": "4"}.get(tone, "5"))


def _with_mark(syllable: str, tone: str) -> str:
    """Return a syllable with the mark of its tone on its vowel: a and e first, the o of ou, else the last."""
    vowels = [i for i, letter in enumerate(syllable) if letter in "aeiouüêv"]
    if tone not in _MARKS or not vowels:
        return syllable
    place = next((i for i in vowels if syllable[i] in "aeê" or syllable[i:] == "ou"), vowels[-1])
    marked = syllable[: place + 1].replace("v", "ü") + _MARKS[tone] + syllable[place + 1 :]
    return unicodedata.normalize("NFC", marked)
