"""One event an article, however often it tells it: in the lead, in a quotation, in the closing line."""

from __future__ import annotations

from schemas.extracted import Event, EventStatus, EventType
from services.extract.mentions import Mentions

# Types that an article tells once, with many details: later ones without a date of their own are the same.
SINGLE_TYPES = {EventType.SAFETY_INCIDENT, EventType.LISTING_FILING}
NEAR = 60  # characters between two clauses that tell the same thing in other words


def merge(mentions: Mentions, events: list[Event]) -> list[Event]:
    """Return the events without repeats, in order; of two tellings the one with a date, then the first, stays."""
    kept: list[Event] = []
    for event in events:
        twin = next((n for n, other in enumerate(kept) if _same(mentions, other, event)), None)
        if twin is None:
            kept.append(event)
        elif kept[twin].date is None and event.date is not None:
            kept[twin] = event
    return kept


def _same(mentions: Mentions, first: Event, second: Event) -> bool:
    if first.type is not second.type or first.status is not second.status:
        return False
    if second.start < first.end and first.start < second.end:
        return first.date == second.date or None in (first.date, second.date)
    if first.date and second.date and first.date != second.date:
        return False
    if first.type in SINGLE_TYPES:
        return True
    adjacent = second.start - first.end <= NEAR and "。" not in mentions.body[first.end : second.start]
    if adjacent:
        return not _new_parties(mentions, first, second)
    return (
        first.status is EventStatus.OCCURRED
        and first.asset == second.asset
        and not _new_parties(mentions, first, second)
    )


def _new_parties(mentions: Mentions, first: Event, second: Event) -> bool:
    """Return whether the second's evidence names somebody whom the first's sentence does not."""
    known = {p.name for p in first.participants}
    named = {m.entity.name for m in mentions.entities_in(second.start, second.end)}
    return bool({p.name for p in second.participants} & named - known)
