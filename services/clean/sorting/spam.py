"""Tell what was injected into a hijacked page: lists of key words and counties, brands in sentences."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from services.clean.data import content

SEPARATORS = re.compile(r"[|｜丨_]")
BLANKS = re.compile(r"[\s　、,，]+")
SENTENCE = re.compile("[。！？；!?;]")
COUNTY = re.compile("[\u4e00-\u9fff]{1,7}(?:县|市|区|旗|州|镇|盟)")
MIN_ITEMS = 5  # separated by bars
MIN_PLACES = 8  # separated by blanks
MAX_ITEM = 24
PLACE_SHARE = 0.5  # counties are also given without their 县: 北川, 隆林
MIN_KEYWORDS = 2
KEYWORD_SHARE = 0.3  # of the characters of a line
MAX_LINE = 2000


def spam_kind(line: str) -> str | None:
    """Return which kind of injected line this is, None where it may be part of the article."""
    line = line[:MAX_LINE]  # a list does not change its nature further on
    if SENTENCE.search(line):
        return None
    items = [item.strip() for item in SEPARATORS.split(line) if item.strip()]
    if len(items) >= MIN_ITEMS and max(map(len, items)) <= MAX_ITEM:
        return "county_list" if _are_places(items) else "keyword_list"
    places = BLANKS.split(line.strip())
    if len(places) >= MIN_PLACES and max(map(len, places)) <= MAX_ITEM and _are_places(places):
        return "county_list"
    if _known().fullmatch(line.strip()):
        return "brand"
    hits = _keywords().findall(line.lower())
    enough = MIN_KEYWORDS if len(items) == 1 else 1
    return "keyword_list" if len(set(hits)) >= enough and _is_list(line, hits) else None


def brands(text: str) -> list[tuple[int, int]]:
    """Return where brands are glued to the front of sentences; only for pages that were cloaked."""
    glued = (m.span("brand") for m in _brand().finditer(text) if not _continued().match(text, m.end("brand")))
    known = (m.span() for m in _known().finditer(text))
    found: list[tuple[int, int]] = []
    for start, end in sorted({*glued, *known}):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _are_places(items: list[str]) -> bool:
    return sum(COUNTY.fullmatch(item) is not None for item in items) >= PLACE_SHARE * len(items)


def _is_list(line: str, hits: list[str]) -> bool:
    """Return whether key words make up a good part of a line, so that it is no sentence that names one."""
    return sum(map(len, hits)) >= KEYWORD_SHARE * len(line)


@cache
def _content() -> dict[str, list[str]]:
    return {key: words.split() for key, words in content("spam.yaml").items()}


def _any_of(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))


@cache
def _keywords() -> re.Pattern[str]:
    return re.compile(
        _any_of([unicodedata.normalize("NFKC", word).lower() for word in _content()["keywords"]])
    )


@cache
def _brand() -> re.Pattern[str]:
    """Return the pattern of a brand with its ending at the start of a sentence, with no sign behind it."""
    stem = "[^\\W_的了在是和从据与及等到向对并将已以这那我你他她登录打开通过]{2,8}?"
    return re.compile(
        rf"(?:^|(?<=[。！？!?；;”\n]))\s*(?P<brand>{stem}(?:{_endings()}){{1,3}})(?=[\w“‘《【(（「])"
    )


@cache
def _known() -> re.Pattern[str]:
    """Return the pattern of the brands that no article of this field names, wherever they stand."""
    return re.compile(rf"(?:{_any_of(_content()['brands'])})(?:{_endings()}){{0,3}}")


def _endings() -> str:
    return _any_of(_content()["brand_endings"])


@cache
def _continued() -> re.Pattern[str]:
    return re.compile(_any_of(_content()["continued_by"]))
