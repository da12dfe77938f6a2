"""Where a person's name ends: by its surname, by what follows it, and by where words fall."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from services.extract.grammar import Text
from services.extract.words import DATA, read_lines

FOREIGN: Final = re.compile(r"[一-鿿]{1,6}(?:[·•・\-][一-鿿]{1,6}){1,3}?(?=[一-鿿]{0,3})")
# Surnames that are particles or verbs as well: such a name needs a telling word behind it.
RISKY: Final = frozenset(
    "和与于向从任时应由及等同对则常因已并以即兼原双相查计单能连曾强安易经后那须支管让全国文广水红但须言区"
)
LINKS: Final = frozenset("和与及为在对将向从是以于率带把给")
SWALLOWED: Final = frozenset("在对向将从称说")  # particles and verbs that are hardly ever part of a name
NEVER_GIVEN: Final = frozenset("的了们个这那也都被把将就")
MOST: Final = 3  # characters of a word that follows a name
SHORTEST: Final = 2


class PersonName(NamedTuple):
    """A name at `body[start:end]`."""

    start: int
    end: int


def read_name(text: Text, start: int) -> PersonName | None:
    """Return the name that starts at `start`, or None where no name does."""
    if foreign := FOREIGN.match(text.body, start):
        return _foreign(text, foreign)
    family = _surname_length(text.body, start)
    if not family:
        return None
    ends = [
        start + family + given
        for given in (2, 1)
        if _could_be_given(text.body, start + family, start + family + given)
    ]
    told = [
        (cue, end)
        for end in ends
        if (cue := cue_length(text.body, end)) is not None and _plausible(text, start, end)
    ]
    if told:
        return PersonName(start, _best_end(text.body, told))
    if text.body[start] in RISKY or _starts_word(text, start):
        return None
    return next((PersonName(start, end) for end in ends if end in text.boundaries), None)


def _best_end(body: str, told: list[tuple[int, int]]) -> int:
    """Return the end with the longest word behind it, unless it swallowed a particle: 某某在|致辞."""
    end = max(told)[1]
    shorter = min(end for _, end in told)
    return shorter if body[end - 1] in SWALLOWED else end


def _plausible(text: Text, start: int, end: int) -> bool:
    """Whether body[start:end] is no other word: 强调, 高度, 和药师."""
    if _is_word(text, start, end):
        return False
    given = text.words[text.word_index(start + 1)]
    return text.body[start] not in RISKY or not (
        given.start == start + 1 and given.end == end and end - start > SHORTEST
    )


def _foreign(text: Text, match: re.Match[str]) -> PersonName:
    """Return a transliterated name, its last part ended by what follows."""
    last = max(match.group().rfind(c) for c in "·•・-") + 1
    for end in range(match.start() + last + 1, min(match.start() + last + 7, len(text.body))):
        if cue_length(text.body, end) is not None:
            return PersonName(match.start(), end)
    return PersonName(match.start(), match.end())


def cue_length(body: str, end: int) -> int | None:
    """Return the length of the word at `end` that follows names (0: punctuation, a digit), None for none."""
    following = body[end : end + MOST]
    if not following or not ("一" <= following[0] <= "鿿"):
        return 0
    lengths = [n for n in range(1, MOST + 1) if following[:n] in _followers()]
    if (
        lengths == [1]
        and following[0] in LINKS
        and not ("一" <= following[1:2] <= "鿿" or following[1:2].isalnum())
    ):
        return None  # 和 or 为 before a comma links nothing: it is the name's last character
    return max(lengths, default=None)


def _could_be_given(body: str, start: int, end: int) -> bool:
    given = body[start:end]
    return len(given) == end - start and all("一" <= c <= "鿿" and c not in NEVER_GIVEN for c in given)


def _is_word(text: Text, start: int, end: int) -> bool:
    """Whether the dictionary has body[start:end] as a word that is no name: 强调, 高度."""
    word = text.words[text.word_index(start)]
    return word.start == start and word.end == end and not word.tag.startswith("nr") and word.tag[0] != "n"


def _starts_word(text: Text, start: int) -> bool:
    word = text.words[text.word_index(start)]
    return word.start == start and len(word.text) > 1 and not word.tag.startswith("nr")


def _surname_length(body: str, start: int) -> int:
    single, compound = _surnames()
    if body[start : start + 2] in compound:
        return 2
    return int(body[start : start + 1] in single)


@cache
def _surnames() -> tuple[frozenset[str], frozenset[str]]:
    lines = list(read_lines(DATA / "surnames.txt"))
    compound = {name for line in lines if " " in line for name in line.split()}
    return frozenset("".join(line for line in lines if " " not in line)), frozenset(compound)


@cache
def _followers() -> frozenset[str]:
    return frozenset(read_lines(DATA / "name_followers.txt"))
