"""Tell the furniture of a page by its wording: menus, labels, share bars, copyright notes, advertisements."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"
MIN_MENU_WORDS = 3
MENU_SHARE = 0.6  # of the tokens of a line that are words of menus
MENU_SEPARATORS = re.compile(r"[\s|/·•\[\]【】><()]+")
REMEMBERED = 64  # folded lines: each is asked for several times in a row
MAX_MENU = 600
ANY = re.compile(".*")
WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Furniture:
    """One kind of line, the longest that it may be, and its patterns as one."""

    kind: str
    longest: int
    pattern: re.Pattern[str]
    tentative: bool = False


def furniture_of(line: str) -> Furniture | None:
    """Return which kind of furniture a whole line is, None where it is none."""
    plain = folded(line)
    for furniture in _furniture():
        if len(plain) <= furniture.longest and furniture.pattern.fullmatch(plain):
            return furniture
    return _menu(plain)


@lru_cache(REMEMBERED)
def folded(line: str) -> str:
    """Return the line as the patterns expect it: NFKC, single spaces, none at the ends."""
    return WHITE.sub(" ", unicodedata.normalize("NFKC", line)).strip()


@cache
def _furniture() -> tuple[Furniture, ...]:
    content = yaml.safe_load((DATA / "chrome.yaml").read_text(encoding="utf-8"))
    return tuple(
        Furniture(
            kind,
            entry["max"],
            re.compile("|".join(f"(?:{pattern})" for pattern in entry["patterns"])),
            entry.get("tentative", False),
        )
        for kind, entry in content.items()
    )


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
    return Furniture("navigation", MAX_MENU, ANY, tentative=len(words) < MIN_MENU_WORDS)
