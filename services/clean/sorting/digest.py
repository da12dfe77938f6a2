"""Tell digests: pages of several short items on different things.

A digest shows by its form: nearly all of it is items, each a head (a subheading, words in brackets, a number,
a bullet, a day, a few words and a full stop) and one paragraph. Guides, notices and interviews have that form
too: a title that calls itself a digest tells them apart, else most items must be news of a day, and the title
speak of few of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from statistics import median
from typing import NamedTuple

from services.clean.data import rows

HEAD = re.compile(
    r"(?P<bracket>[【\[［〔][^】\]］〕]{2,40}[】\]］〕])"
    r"|(?P<bullet>[●■◆▲★◎○•·▶►※])"
    r"|(?P<number>(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、.．](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[)）]|[①-⑳])"
    r"|(?P<date>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年|\d{1,2}日)"
    r"|(?P<lead>[^，。：:！？“”\s]{2,10}[。:：丨|](?=\S))"
)
# Heads that tell news apart by themselves; numbers, days and first words are those of guides and histories.
OWN_HEADS = frozenset({"heading", "bracket", "bullet"})
NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．)）]|第.{1,3}[章节条]|[问答][:：]")
DAY = re.compile(r"\d[日月]|[今昨明][日天晨早晚]|[上本下]周|周[一二三四五六日末]")
SENTENCE_END = tuple("。！？”…；：:.!?;)）")
MAX_HEADING = 40
MIN_ITEMS = 3
MIN_UNTITLED = 4  # items that a page must have whose title does not call it a digest
MAX_ITEM = 300  # characters of the median item
ITEMS_SHARE = 0.7  # of the paragraphs, that stand in items
SINGLE_SHARE = 0.7  # of the items, that are one paragraph each
DISTINCT_SHARE = 0.7  # of the heads: the speakers of an interview come again and again
DATED_SHARE = 0.6  # of the items, that tell of a day
TITLED_SHARE = 0.5  # of the items, that any words of the title stand in
GRAM = 3  # characters of the title that make such a word


class Head(NamedTuple):
    """How a paragraph begins: the kind of its head, empty where it has none, and the head."""

    kind: str
    text: str


class Item(NamedTuple):
    """An item: its head, and its paragraphs without a head that has a line of its own."""

    head: str
    paragraphs: list[str]


def is_digest(paragraphs: Sequence[str], title: str | None) -> bool:
    """Tell whether a body of these paragraphs is several short items on different things."""
    heads = [_head(paragraph) for paragraph in paragraphs]
    kinds = Counter(head.kind for head in heads if head.kind).most_common(1)
    if not kinds or kinds[0][1] < MIN_ITEMS:
        return False
    kind = kinds[0][0]
    before = next(n for n, head in enumerate(heads) if head.kind == kind)
    items = _items(paragraphs[before:], heads[before:], kind)
    if before > (1 - ITEMS_SHARE) * len(paragraphs) or not _has_form(items, kind):
        return False
    return _names_a_digest(title or "") or _are_news(items, kind, title or "")


def _head(paragraph: str) -> Head:
    if len(paragraph) <= MAX_HEADING and not paragraph.endswith(SENTENCE_END):
        return Head("heading", paragraph)
    match = HEAD.match(paragraph)
    return Head(match.lastgroup or "", match[0]) if match else Head("", "")


def _items(paragraphs: Sequence[str], heads: Sequence[Head], kind: str) -> list[Item]:
    items: list[Item] = []
    for paragraph, head in zip(paragraphs, heads, strict=True):
        if head.kind != kind:
            items[-1].paragraphs.append(paragraph)
        else:
            items.append(Item(head.text, [] if kind == "heading" else [paragraph]))
    return items


def _has_form(items: Sequence[Item], kind: str) -> bool:
    """Tell whether each item has a head of its own and one paragraph of bearable length."""
    single = sum(len(item.paragraphs) == 1 for item in items)
    distinct = len(items) if kind == "bullet" else len({item.head for item in items})
    return (
        single >= SINGLE_SHARE * len(items)
        and distinct >= DISTINCT_SHARE * len(items)
        and median(sum(map(len, item.paragraphs)) for item in items) <= MAX_ITEM
    )


def _are_news(items: Sequence[Item], kind: str, title: str) -> bool:
    """Tell whether most items tell of a day, and the title of few of them."""
    if kind not in OWN_HEADS or len(items) < MIN_UNTITLED or NUMBERED.match(items[0].head):
        return False
    texts = ["".join([item.head, *item.paragraphs]) for item in items]
    words = {title[n : n + GRAM] for n in range(len(title) - GRAM + 1)}
    dated = sum(DAY.search(text) is not None for text in texts)
    titled = sum(any(word in text for word in words) for text in texts)
    return dated >= DATED_SHARE * len(texts) and titled <= TITLED_SHARE * len(texts)


def _names_a_digest(title: str) -> bool:
    return _names().search(title) is not None


@cache
def _names() -> re.Pattern[str]:
    words = [word for line in rows("digest.txt") for word in line.split()]
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
