"""Where a name begins: the walk from its last word leftwards, word by word, to what no name holds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

import yaml

from schemas.extracted import EntityType
from services.extract.words import DATA, Word

LONGEST_NAME: Final = (
    26  # code points before the last word; the longest seen in company registers have about 22
)
ORDINAL: Final = re.compile("第[一二三四五六七八九十]+$")
COUPLES: Final = frozenset("与和及")
BODIES: Final = frozenset("院校司局会厅委所")  # a name ends here: what follows 与 is another
OPENING: Final = {")": "(", "）": "（"}
LONGEST_BRACKET: Final = 6  # 卓越(四川)有限公司
FUNCTION_TAGS: Final = frozenset({"p", "c", "d", "r", "t", "q", "i", "l", "y", "e", "o", "s", "z", "f", "mq"})


class Found(NamedTuple):
    """A name found at `body[start:end]`; `canonical` where a list knows what it is properly called."""

    start: int
    end: int
    type: EntityType
    canonical: str | None = None
    basis: str = "pattern"


@dataclass(frozen=True)
class Text:
    """A body and its words."""

    body: str
    words: Sequence[Word]

    @cached_property
    def starts(self) -> list[int]:
        """Where each word starts."""
        return [word.start for word in self.words]

    @cached_property
    def boundaries(self) -> frozenset[int]:
        """Every place where a word starts or the text ends."""
        return frozenset([*self.starts, len(self.body)])

    def word_index(self, position: int) -> int:
        """Return the index of the word that holds `position`."""
        return bisect_right(self.starts, position) - 1


def name_start(text: Text, end_word_start: int) -> int:
    """Return where the name begins whose last word starts at `end_word_start`."""
    at = text.word_index(end_word_start - 1) if end_word_start else -1
    start = end_word_start
    while at >= 0 and end_word_start - text.words[at].start <= LONGEST_NAME:
        word = text.words[at]
        if word.text in OPENING:
            opened = text.body.rfind(OPENING[word.text], max(0, word.start - LONGEST_BRACKET), word.start)
            if opened < 0 or word.end != start or start != end_word_start:
                break
            at, start = text.word_index(opened) - 1, opened
            continue
        if ends_name(word, text.body) and not _couples(text, at, start, end_word_start):
            break
        start, at = word.start, at - 1
    return _without_lead(text, start, end_word_start)


def _couples(text: Text, at: int, start: int, end: int) -> bool:
    """Whether the 与 at this word joins two halves of one name: 核医学与分子影像四川省重点实验室."""
    if text.words[at].text not in COUPLES or at == 0 or start == end:
        return False
    right, left = text.words[at + 1], text.words[at - 1]
    generic = right.text in grammar().generic and right.text not in grammar().ranks
    return generic and left.tag[0] == "n" and left.text[-1] not in BODIES


def _without_lead(text: Text, start: int, end: int) -> int:
    """Return the start without the words that no name begins with."""
    at = text.word_index(start)
    while start < end and (
        text.words[at].text in grammar().never_first
        or text.words[at].text[0] in "第)）(（·"
        or (text.words[at].tag == "m" and not text.words[at].text.isdigit())
    ):
        start, at = text.words[at].end, at + 1
    return min(start, end)


def ends_name(word: Word, body: str) -> bool:
    """Whether `word` cannot belong to a name that goes on behind it."""
    knowledge = grammar()
    first = word.text[0]
    if not ("一" <= first <= "鿿" or first.isalnum() or first == "·"):
        return True
    if word.text in knowledge.before_names:
        return True
    if len(word.text) == 1:
        return first in knowledge.stops or first.isascii()
    if word.tag == "m":
        return not ORDINAL.match(word.text)
    if word.tag[0] == "u" or word.tag in FUNCTION_TAGS:
        return word.text not in knowledge.inner_verbs
    if word.tag[0] in "va":
        return word.text not in knowledge.inner_verbs
    return False


def is_specific(text: Text, start: int, end: int) -> bool:
    """Whether body[start:end] holds what tells one from another: a place, a coined word, a rank and number."""
    generic = grammar().generic
    first = text.word_index(start)
    words = [w for w in text.words[first : first + LONGEST_NAME] if w.start < end]
    return any(_tells(word, generic) for word in words)


def _tells(word: Word, generic: frozenset[str]) -> bool:
    if word.text in generic:
        return False
    return (
        word.tag[:2] in {"ns", "nr", "nz", "nt"} or len(word.text) == 1 or word.tag == "x" or word.tag == "j"
    )


class Grammar(NamedTuple):
    """What the data file says, as sets."""

    organisation_ends: frozenset[str]
    trades: frozenset[str]
    firm_trades: frozenset[str]
    office_centres: frozenset[str]
    facility_ends: frozenset[str]
    inner_verbs: frozenset[str]
    never_first: frozenset[str]
    before_names: frozenset[str]
    stops: frozenset[str]
    ranks: frozenset[str]
    generic: frozenset[str]


@cache
def grammar() -> Grammar:
    """Return the grammar of names."""
    data: dict[str, Any] = yaml.safe_load((DATA / "name_grammar.yaml").read_text("utf-8"))
    return Grammar(**{key: frozenset(data[key]) for key in Grammar._fields})
