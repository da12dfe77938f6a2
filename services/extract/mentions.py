"""What was found in one body before anybody asks what happened: the ground that events are read from."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from schemas.base import PartialDate
from schemas.extracted import DateMention, Entity, EntityType, Money, Person, Quantity
from services.extract.words import Word, Words

# A sentence ends at its closing mark with the quotation marks that close on it, or with its line.
SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+(?:[。！？!?；;]+[”’」』\"]*)?")


class Mention(NamedTuple):
    """One mention of an entity at `body[start:end]`."""

    start: int
    end: int
    entity: Entity


@dataclass(frozen=True)
class Mentions:
    """All that was found in one body; every span counts code points into `body`."""

    body: str
    published: PartialDate | None = None
    words: Words = field(default_factory=lambda: Words([]))
    entities: tuple[Entity, ...] = ()
    persons: tuple[Person, ...] = ()
    money: tuple[Money, ...] = ()
    dates: tuple[DateMention, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Sentences as (start, end), end to end but for line feeds and outer blanks."""
        return tuple(split_sentences(self.body))

    def sentence_at(self, position: int) -> tuple[int, int]:
        """Return the sentence that holds `position`, or the nearest before it."""
        at = max(0, bisect_right(self._sentence_starts, position) - 1)
        return self.sentences[at] if self.sentences else (0, 0)

    @cached_property
    def located(self) -> tuple[Mention, ...]:
        """Every mention of every entity, in the order of the text."""
        found = [Mention(s, e, entity) for entity in self.entities for s, e in entity.mentions]
        return tuple(sorted(found, key=lambda m: (m.start, -m.end)))

    def entities_in(self, start: int, end: int, *types: EntityType) -> list[Mention]:
        """Return the mentions that lie within [start, end), of the given types or of all."""
        first = bisect_left(self._located_starts, start)
        last = bisect_left(self._located_starts, end)
        return [m for m in self.located[first:last] if m.end <= end and (not types or m.entity.type in types)]

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        """Return the words that begin within [start, end)."""
        return self.words[bisect_left(self.words.starts, start) : bisect_left(self.words.starts, end)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _located_starts(self) -> list[int]:
        return [m.start for m in self.located]


def split_sentences(body: str) -> list[tuple[int, int]]:
    """Return the sentences of `body` as (start, end) without outer blanks."""
    spans = []
    for match in SENTENCE.finditer(body):
        text = match.group()
        start = match.start() + len(text) - len(text.lstrip())
        if stripped := text.strip():
            spans.append((start, start + len(stripped)))
    return spans
