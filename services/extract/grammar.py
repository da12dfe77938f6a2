"""Where a name begins: the walk from its last word leftwards, word by word, to what no name holds."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, Final, NamedTuple

import yaml

from schemas.extracted import EntityType
from services.extract.words import DATA, Words, tag_of

LONGEST_NAME: Final = (
    26  # code points before the last word; the longest seen in company registers have about 22
)
CACHED_WORDS: Final = 65_536
ORDINAL: Final = re.compile("第[一二三四五六七八九十]+$")
BRAND_PARTICLES: Final = frozenset("同和")
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
    words: Words

    @cached_property
    def boundaries(self) -> frozenset[int]:
        """Every place where a word starts or the text ends."""
        return frozenset(self.words.starts)

    def texts_between(self, start: int, end: int) -> list[str]:
        """Return the words that stand, at least in part, in body[start:end]."""
        return self.words.texts[self.word_index(start) : self.word_index(end - 1) + 1]

    def word_index(self, position: int) -> int:
        """Return the index of the word that holds `position`."""
        return min(bisect_right(self.words.starts, position), len(self.words)) - 1


def name_start(text: Text, end_word_start: int) -> int:
    """Return where the name begins whose last word starts at `end_word_start`."""
    texts, starts = text.words.texts, text.words.starts
    at = text.word_index(end_word_start - 1) if end_word_start else -1
    start = end_word_start
    while at >= 0 and end_word_start - starts[at] <= LONGEST_NAME:
        word = texts[at]
        if word in OPENING:
            opened = text.body.rfind(OPENING[word], max(0, starts[at] - LONGEST_BRACKET), starts[at])
            within = text.body[opened + 1 : starts[at]]
            if opened < 0 or starts[at + 1] != start or (start != end_word_start and tag_of(within) != "ns"):
                break
            at, start = text.word_index(opened) - 1, opened
            continue
        if ends_name(word) and not (
            _couples(text, at, start, end_word_start)
            or _opens_clause(text, at)
            or _within_brand(text, at, start)
        ):
            break
        start, at = starts[at], at - 1
    return without_lead(text, start, end_word_start)


def _opens_clause(text: Text, at: int) -> bool:
    """Whether this word is the 中 of a name that opens its clause: 中核某某公司."""
    return text.words.texts[at] == "中" and (at == 0 or not text.words.texts[at - 1].isalnum())


def _within_brand(text: Text, at: int, start: int) -> bool:
    """Whether the 同 or 和 at this word belongs to a coined word.

    It opens one of two characters, behind a place or a mark, or closes one.
    """
    texts = text.words.texts
    if texts[at] not in BRAND_PARTICLES:
        return False
    left, right = texts[at - 1] if at else "\n", texts[at + 1]
    if len(right) == 1 and "一" <= right <= "鿿" and start == text.words.starts[at + 1]:
        opens = not left.isalnum() or left in grammar().stops or left == "的" or tag_of(left) == "ns"
        ended = at + 2 < len(texts) and texts[at + 2] in grammar().trades | grammar().organisation_ends
        return opens and ended and right not in grammar().stops
    closes = right in grammar().trades | grammar().generic | grammar().organisation_ends | {"运输"}
    return closes and len(left) == 1 and "一" <= left <= "鿿" and left not in grammar().stops


def _couples(text: Text, at: int, start: int, end: int) -> bool:
    """Whether the 与 at this word joins two halves of one name: 某学与某影像某省重点实验室."""
    if text.words.texts[at] not in COUPLES or at == 0 or start == end:
        return False
    right, left = text.words.texts[at + 1], text.words.texts[at - 1]
    generic = right in grammar().generic and right not in grammar().ranks
    return generic and tag_of(left)[0] == "n" and left[-1] not in BODIES


def without_lead(text: Text, start: int, end: int) -> int:
    """Return the start without the words that no name begins with."""
    at = text.word_index(start)
    while start < end and opens_no_name(text.words.texts[at]):
        start, at = text.words.starts[at + 1], at + 1
    return min(start, end)


@lru_cache(maxsize=CACHED_WORDS)
def opens_no_name(word: str) -> bool:
    """Whether a name cannot begin with `word`, though it may hold it."""
    if word in grammar().never_first or word[0] in "第)）(（·":
        return True
    return tag_of(word) == "m" and not word.isdigit()


@lru_cache(maxsize=CACHED_WORDS)
def ends_name(word: str) -> bool:
    """Whether `word` cannot belong to a name that goes on behind it."""
    knowledge = grammar()
    first = word[0]
    if not ("一" <= first <= "鿿" or first.isalnum() or first == "·") or word in knowledge.before_names:
        return True
    if len(word) == 1:
        return first in knowledge.stops or first.isascii()
    tag = tag_of(word)
    if tag == "m":
        return not ORDINAL.match(word)
    if tag[0] in "uva" or tag in FUNCTION_TAGS:
        return word not in knowledge.inner_verbs
    return False


def is_specific(text: Text, start: int, end: int) -> bool:
    """Whether body[start:end] holds what tells one from another: a place, a coined word."""
    return any(tells_apart(word) for word in text.texts_between(start, end))


@lru_cache(maxsize=CACHED_WORDS)
def tells_apart(word: str) -> bool:
    """Whether a word of a name is a proper one."""
    if word in grammar().generic:
        return False
    tag = tag_of(word)
    return len(word) == 1 or tag[:2] in {"ns", "nr", "nz", "nt"} or tag in {"eng", "x", "j"}


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
