"""Tell digests: pages of several short items on different things.

A digest shows by its form: nearly all of it is items, each a head (a subheading, words in brackets, a number, a
bullet, a day, a few words and a full stop) and one paragraph. Guides, notices and interviews have that form too;
a title that calls itself a digest tells them apart, else most items must be news of a day and the title speak
of few of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

DATA = Path(__file__).parent / "data" / "digest.txt"
HEAD = re.compile(
    r"(?P<bracket>[【\[［〔][^】\]］〕]{2,40}[】\]］〕])"
    r"|(?P<bullet>[●■◆▲★◎○•·▶►※])"
    r"|(?P<number>(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、.．](?=\s?\D)|[（(][一二三四五六七八九十\d]{1,3}[)）]|[①-⑳])"
    r"|(?P<date>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年|\d{1,2}日)"
    r"|(?P<lead>[^，。：:！？“”\s]{2,10}[。:：丨|](?=\S))"
)
NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．)）]|第.{1,3}[章节条]|[问答][:：]")
DAY = re.compile(r"\d日|\d月|今[日天晨早晚]|昨[日天晚]|明[日天]|[上本下]周|周[一二三四五六日末]")
WORD = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z][\w-]+")
SENTENCE_END = ("。", "！", "？", "”", "…", "；", "：", ":", ".", "!", "?", ")", "）", ";")
MAX_HEADING = 40
MIN_ITEMS = 3
MIN_UNTITLED = 4  # items that a page must have whose title does not call it a digest
MAX_ITEM = 300  # characters of the median item
ITEMS_SHARE = 0.7  # of the paragraphs, that stand in items
SINGLE_SHARE = 0.7  # of the items, that are one paragraph each
DISTINCT_SHARE = 0.7  # of the heads: the speakers of an interview come again and again
DATED_SHARE = 0.6  # of the items, that tell of a day
TITLED_SHARE = 0.5  # of the items, that the title's words stand in


class Item(NamedTuple):
    """The head of an item, and its paragraphs; a head on a line of its own is not among them."""

    head: str
    paragraphs: list[str]


def is_digest(paragraphs: Sequence[str], title: str | None) -> bool:
    """Tell whether a body of these paragraphs is several short items on different things."""
    if len(paragraphs) < MIN_ITEMS:
        return False
    kind, items = _items(paragraphs)
    if len(items) < MIN_ITEMS or not _has_form(items, len(paragraphs)):
        return False
    if title and _names_a_digest(title):
        return True
    if kind in ("date", "lead") or len(items) < MIN_UNTITLED or NUMBERED.match(items[0].head):
        return False
    return _are_news(items, title or "")


def _items(paragraphs: Sequence[str]) -> tuple[str, list[Item]]:
    """Return the commonest kind of head, and the items that begin with it."""
    heads = [_head(paragraph) for paragraph in paragraphs]
    kind, count = Counter(kind for kind, _ in heads).most_common(1)[0]
    if not kind:
        kind, count = (Counter(kind for kind, _ in heads if kind) or Counter({"": 0})).most_common(1)[0]
    items: list[Item] = []
    if count < MIN_ITEMS:
        return kind, items
    for paragraph, (of, head) in zip(paragraphs, heads, strict=True):
        if of == kind:
            items.append(Item(head, [] if kind == "heading" else [paragraph]))
        elif items:
            items[-1].paragraphs.append(paragraph)
    return kind, items


def _head(paragraph: str) -> tuple[str, str]:
    """Return the kind of a paragraph's head and the head, empty where it has none."""
    if len(paragraph) <= MAX_HEADING and not paragraph.endswith(SENTENCE_END):
        return "heading", paragraph
    match = HEAD.match(paragraph)
    return (match.lastgroup or "", match[0]) if match else ("", "")


def _has_form(items: Sequence[Item], paragraphs: int) -> bool:
    """Tell whether nearly all is items, each with a head of its own and one paragraph of bearable length."""
    within = sum(len(item.paragraphs) or 1 for item in items)
    heads = sum(not item.paragraphs or item.head != item.paragraphs[0][: len(item.head)] for item in items)
    single = sum(len(item.paragraphs) == 1 for item in items)
    distinct = len({item.head for item in items}) if items[0].head[0] not in "●■◆▲★◎○•·▶►※" else len(items)
    return (
        within + heads >= ITEMS_SHARE * paragraphs
        and single >= SINGLE_SHARE * len(items)
        and distinct >= DISTINCT_SHARE * len(items)
        and median(sum(map(len, item.paragraphs)) for item in items) <= MAX_ITEM
    )
