"""Tell the furniture of a page by its wording: menus, labels, share bars, copyright notes, advertisements."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from services.clean.data import content, rows
from services.clean.sorting.hints import hints

MIN_MENU_WORDS = 3
MENU_SHARE = 0.6  # of the tokens of a line that are words of menus
MENU_SEPARATORS = re.compile(r"[\s|/·•┊│┃‖\[\]【】><()]+")
REMEMBERED = 64  # folded lines: each is asked for several times in a row
LONG_MENU, LONG_MENU_SHARE, MAX_MENU_WORD = 8, 0.3, 8  # so many short words in a row are no sentence
MAX_MENU = 600
SLACK = 20  # characters of white space that a line may lose when it is folded
WHITE = re.compile(r"\s+")


class Furniture(NamedTuple):
    """One kind of line. `tentative`: it may be a subheading as well."""

    kind: str
    tentative: bool = False


class Wording(NamedTuple):
    """How lines of one kind are worded: the longest that they may be, and whether they may be sentences."""

    longest: int
    sentences: bool
    tentative: bool
    pattern: re.Pattern[str]


def furniture_of(line: str) -> Furniture | None:
    """Return which kind of furniture a whole line is, None where it is none."""
    return furniture_among(hints(line), line) or menu_of(line)


def furniture_among(kinds: Iterable[str], line: str) -> Furniture | None:
    """Return which of these kinds a whole line is, None where it is none of them."""
    size, sentence, wordings = len(line) - SLACK, line.endswith("。"), _wordings()
    for kind in kinds:
        wording = wordings.get(kind)
        if not wording or size > wording.longest or (sentence and not wording.sentences):
            continue
        plain = folded(line)
        if len(plain) <= wording.longest and wording.pattern.fullmatch(plain):
            return Furniture(kind, wording.tentative)
    return None


@lru_cache(REMEMBERED)
def folded(line: str) -> str:
    """Return the line as the patterns expect it: NFKC, single spaces, none at the ends."""
    return WHITE.sub(" ", unicodedata.normalize("NFKC", line)).strip()


@cache
def _wordings() -> dict[str, Wording]:
    return {
        kind: Wording(
            entry["max"],
            entry.get("sentences", False),
            entry.get("tentative", False),
            re.compile("|".join(f"(?:{pattern})" for pattern in entry["patterns"])),
        )
        for kind, entry in content("chrome.yaml").items()
    }


@cache
def _menu_words() -> frozenset[str]:
    return frozenset(word for line in rows("navigation.txt") for word in line.split())


def menu_of(line: str) -> Furniture | None:
    """Return the menu that a line of its words is; of one or two words it may be a subheading."""
    if len(line) > MAX_MENU or "，" in line or "。" in line:
        return None
    words = [word for word in MENU_SEPARATORS.split(folded(line)) if word]
    known = sum(word in _menu_words() for word in words)
    share = MENU_SHARE if len(words) < LONG_MENU or max(map(len, words)) > MAX_MENU_WORD else LONG_MENU_SHARE
    if not known or known < share * len(words):
        return None
    return Furniture("navigation", tentative=len(words) < MIN_MENU_WORDS)
