"""Sentences that stand in most pages of a publisher: they tell of it, and are no news.

A slogan, a disclaimer or the company's portrait at the end of each notice is in no list that could be written
beforehand. What counts is the share of the publisher's articles that hold a sentence, each story once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”」』）)\"]*|[^。！？!?]+")
# A shorter one is a subheading or an answer; a longer one would not be listed whole among the removals.
MIN_CHARS = 8
MAX_CHARS = 200
# With fewer articles, or in fewer of them, a sentence may be news that goes on for days.
MIN_ARTICLES = 10
MIN_SHARE = 0.6
# What would lose more is no article with boilerplate, but one of many like it: a daily table, a copy.
MAX_TAKEN = 1 / 3


@dataclass
class Publisher:
    """The sentences of one publisher's articles: in how many each stands. Hashes, good in this process."""

    articles: int = 0
    counts: Counter[int] = field(default_factory=Counter)

    def add(self, sentences: Collection[int]) -> None:
        """Take an article in."""
        self.articles += 1
        self.counts.update(sentences)

    def forget(self, sentences: Collection[int]) -> None:
        """Take an article out again."""
        self.articles -= 1
        for sentence in sentences:
            self.counts[sentence] -= 1
            if not self.counts[sentence]:
                del self.counts[sentence]

    def common(self, sentences: Collection[int]) -> frozenset[int]:
        """Return those of the sentences that stand in most articles."""
        if self.articles < MIN_ARTICLES:
            return frozenset()
        enough = MIN_SHARE * self.articles
        return frozenset(sentence for sentence in sentences if self.counts[sentence] >= enough)


def split_sentences(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph; joined they are the paragraph."""
    yield from SENTENCE.findall(paragraph)


def sentences(text: str) -> frozenset[int]:
    """Return the hashes of all sentences that could be boilerplate."""
    found = (one.strip() for paragraph in text.split("\n") for one in split_sentences(paragraph))
    return frozenset(hash(one) for one in found if MIN_CHARS <= len(one) <= MAX_CHARS)


def without(body: str, common: frozenset[int]) -> tuple[str, list[tuple[int, str]]]:
    """Return the body without these sentences, and each that was taken with its offset in the body.

    Where they make up more than `MAX_TAKEN` of it, the body stays as it is.
    """
    kept: list[str] = []
    taken: list[tuple[int, str]] = []
    start = 0
    for paragraph in body.split("\n"):
        left, gone = _divide(paragraph, common)
        taken += [(start + offset, sentence) for offset, sentence in gone]
        kept += [left] if left else []
        start += len(paragraph) + 1
    if sum(len(sentence) for _, sentence in taken) > MAX_TAKEN * len(body):
        return body, []
    return "\n".join(kept), taken


def _divide(paragraph: str, common: frozenset[int]) -> tuple[str, list[tuple[int, str]]]:
    """Return what is left of a paragraph, and the sentences that are gone with their offsets in it."""
    left: list[str] = []
    gone: list[tuple[int, str]] = []
    at = 0
    for sentence in split_sentences(paragraph):
        plain = sentence.strip()
        if hash(plain) in common:
            gone.append((at + sentence.index(plain), plain))
        else:
            left.append(sentence)
        at += len(sentence)
    return ("".join(left).strip() if gone else paragraph), gone
