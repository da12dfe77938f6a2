"""What speaks against an article that came of a page, and how far it can be trusted all the same.

The doubts and what each costs stand in `data/kinds.yaml`. The costs follow what such pages lost of their
bodies in the corpus of the gate: they order articles for a reader with little time, and are no probability.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from schemas.cleaned import LOST_CHARACTER
from services.clean.data import content
from services.clean.metadata.metadata import Metadata
from services.clean.page.page import Page, Place
from services.clean.repair.repair import RepairedText
from services.clean.sorting.lines import LinesSorted

# Complete flashes of news have some 60 characters; below 100 a body is as likely to be a remnant.
SHORT_CHARS = 100
# Of what stood where the body is: where less is left, whole paragraphs were taken for noise.
LITTLE_SHARE = 0.3


class Judged(NamedTuple):
    """An article's doubts in the order of `data/kinds.yaml`, and its quality, 1 where there is none."""

    doubts: list[str]
    quality: float


def judge(page: Page, repaired: RepairedText, lines: LinesSorted, metadata: Metadata) -> Judged:
    """Return what speaks against the article of a page. `page` as it was after repair."""
    found = set(_doubts(page, repaired, lines, metadata))
    doubts = [name for name in costs() if name in found]
    return Judged(doubts, round(max(0.0, 1 - _sum(doubts)), 2))


@cache
def costs() -> dict[str, float]:
    """Return what each doubt costs, by name."""
    return {name: entry["costs"] for name, entry in content("kinds.yaml")["doubts"].items()}


def _sum(doubts: Iterable[str]) -> float:
    return sum(costs()[name] for name in doubts)


def _doubts(page: Page, repaired: RepairedText, lines: LinesSorted, metadata: Metadata) -> Iterator[str]:
    kept = sum(map(len, lines.body))
    if page.doubt:
        yield "body_guessed"
    if page.flattened:
        yield "flattened"
    if repaired.cloaked:
        yield "cloaked"
    if repaired.damage_left:
        yield "damage_left"
    if repaired.counts["replacement_characters"] or LOST_CHARACTER in repaired.text:
        yield "lost_characters"
    if kept < SHORT_CHARS:
        yield "short"
    if kept < LITTLE_SHARE * sum(map(len, page.at(Place.BODY))):
        yield "little_kept"
    if metadata.title is None:
        yield "no_title"
    if metadata.published is None:
        yield "no_date"
