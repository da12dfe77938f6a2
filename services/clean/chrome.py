"""Tell the furniture of a page by its wording: menus, labels, share bars, copyright notes, advertisements."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

DATA = Path(__file__).parent / "data"
MIN_MENU_WORDS = 3
MENU_SHARE = 0.6  # of the tokens of a line that are words of menus
MENU_SEPARATORS = re.compile(r"[\s|/·•\[\]【】><()]+")
REMEMBERED = 64  # folded lines: each is asked for several times in a row
MAX_MENU = 600
NEVER = r"(?!)"
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
    pattern: str


def furniture_of(line: str) -> Furniture | None:
    """Return which kind of furniture a whole line is, None where it is none."""
    plain = folded(line)
    match = _pattern(bisect_left(_lengths(), len(plain)), plain.endswith("。")).fullmatch(plain)
    kind = match and match.lastgroup
    return Furniture(kind, _wordings()[kind].tentative) if kind else _menu(plain)


@lru_cache(REMEMBERED)
def folded(line: str) -> str:
    """Return the line as the patterns expect it: NFKC, single spaces, none at the ends."""
    return WHITE.sub(" ", unicodedata.normalize("NFKC", line)).strip()


@cache
def _wordings() -> dict[str, Wording]:
    content = yaml.safe_load((DATA / "chrome.yaml").read_text(encoding="utf-8"))
    return {
        kind: Wording(
            entry["max"],
            entry.get("sentences", False),
            entry.get("tentative", False),
            "|".join(f"(?:{pattern})" for pattern in entry["patterns"]),
        )
        for kind, entry in content.items()
    }


@cache
def _lengths() -> list[int]:
    return sorted({wording.longest for wording in _wordings().values()})


@cache
def _pattern(length: int, sentence: bool) -> re.Pattern[str]:
    """Return the patterns of all kinds that a line of that length may be, as one with a group a kind.

    `length`: how many of the kinds' lengths are shorter.
    """
    able = {
        kind: wording.pattern
        for kind, wording in _wordings().items()
        if wording.longest in _lengths()[length:] and (wording.sentences or not sentence)
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in able.items()) or NEVER)


@cache
def _menu_words() -> frozenset[str]:
    lines = (DATA / "navigation.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _menu(plain: str) -> Furniture | None:
    """Return the menu that a line of its words is; of one or two words it may be a subheading."""
    if len(plain) > MAX_MENU:
        return None
    words = [word for word in MENU_SEPARATORS.split(plain) if word]
    known = sum(word in _menu_words() for word in words)
    if not known or known < MENU_SHARE * len(words):
        return None
    return Furniture("navigation", tentative=len(words) < MIN_MENU_WORDS)
