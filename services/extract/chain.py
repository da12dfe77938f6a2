"""Where in the industry's chain an event or an article belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import daachorse
import yaml

from schemas.extracted import ChainPosition, Event, EventType
from services.extract.mentions import Mentions

LEFTMOST_LONGEST = 1
LEAD = 400  # characters of an article without events that tell its place
BY_TYPE = {
    EventType.FUND_ESTABLISHED: ChainPosition.ENABLER,
    EventType.POLICY_ISSUED: ChainPosition.ENABLER,
    EventType.CONFERENCE_HELD: ChainPosition.ENABLER,
    EventType.TRIAL_MILESTONE: ChainPosition.MIDSTREAM,
    EventType.LISTING_FILING: ChainPosition.MIDSTREAM,
}


@cache
def _words() -> tuple[daachorse.CharwiseDoubleArrayAhoCorasick, tuple[ChainPosition, ...]]:
    text = (files("services.extract") / "data" / "chain.yaml").read_text(encoding="utf-8")
    words: dict[str, list[str]] = yaml.safe_load(text)
    places = {word: ChainPosition(place) for place, members in words.items() for word in members}
    return daachorse.CharwiseDoubleArrayAhoCorasick(list(places), LEFTMOST_LONGEST), tuple(places.values())


def _place(text: str) -> ChainPosition | None:
    """Return the place whose words are most in `text`, the earliest in the chain of several."""
    automaton, places = _words()
    counts = Counter(places[word] for _, _, word in automaton.find(text))
    return max(ChainPosition, key=lambda place: counts[place]) if counts else None


def event_chain(text: str, kind: EventType) -> ChainPosition | None:
    """Return the place of an event that `text` tells, or None where no word shows it."""
    return BY_TYPE.get(kind) or _place(text)


def chain_position(mentions: Mentions, events: Sequence[Event]) -> ChainPosition | None:
    """Return the place of the article: where most of its events lie, else what its lead speaks of."""
    places = Counter(event.chain for event in events if event.chain)
    return places.most_common(1)[0][0] if places else _place(mentions.body[:LEAD])
