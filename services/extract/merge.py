"""One event an article, however often it tells it: in the lead, in a quotation, in the closing line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas import ids
from schemas.cleaned import CleanedArticle
from schemas.extracted import EntityType, Event, EventStatus, EventType

# Types that an article tells once, with many details: later tellings without another date are the same.
SINGLE_TYPES = {EventType.SAFETY_INCIDENT, EventType.LISTING_FILING}
THINGS = frozenset({EntityType.DRUG, EntityType.FACILITY, EntityType.DEVICE})
PARTIES = frozenset({EntityType.ORG})
# What must be new in a second telling for it to be a second event.
DISTINCT_BY = {
    EventType.AGREEMENT_SIGNED: PARTIES,
    EventType.INVESTMENT: PARTIES,
    EventType.COMPANY_FOUNDED: PARTIES,
    EventType.CONFERENCE_HELD: frozenset(),
    EventType.FACILITY_OPENED: THINGS,
    EventType.CONSTRUCTION_MILESTONE: THINGS,
    EventType.POLICY_ISSUED: frozenset(),
    EventType.APPROVAL_GRANTED: PARTIES | {EntityType.DRUG, EntityType.FACILITY},
}
MAX_JOINED = 100  # characters of evidence
NEAR = 60  # characters between two clauses of a sentence that tell the same thing in other words


@dataclass(frozen=True)
class Telling:
    """One place where an event is told, before repeats are merged."""

    event: Event
    own_date: bool  # the date stands in the clause itself
    weak: bool  # a summary that gives way to any other telling of the type in its paragraph
    paragraph: tuple[int, int]
    sentence: tuple[int, int]
    clause: tuple[int, int]  # of the verb
    names: frozenset[tuple[EntityType, str]]  # what the evidence names
    subject: str | None  # a name for kinds of thing that are no entity: a meeting, a document

    def distinct(self) -> frozenset[str]:
        """Return the names that can tell this event from another of its type."""
        kinds = DISTINCT_BY.get(self.event.type, PARTIES | THINGS)
        return frozenset(name for kind, name in self.names if kind in kinds) | (
            {self.subject} if self.subject else set()
        )


def merge(article: CleanedArticle, tellings: Sequence[Telling]) -> list[Event]:
    """Return one event for all its tellings, in the order of the text."""
    kept: list[Telling] = []
    for telling in tellings:
        if telling.weak and any(_outshines(other, telling) for other in tellings):
            continue
        twin = next((n for n, other in enumerate(kept) if _same(other, telling)), None)
        if twin is None:
            kept.append(telling)
        else:
            best = telling if _better(telling, kept[twin]) else kept[twin]
            kept[twin] = _joined(article, best, kept[twin], telling)
    return [telling.event for telling in kept if not any(_includes(other, telling) for other in kept)]


def _joined(article: CleanedArticle, best: Telling, first: Telling, second: Telling) -> Telling:
    """Return the best telling with the evidence of both, where one sentence tells them and it stays short."""
    start, end = min(first.event.start, second.event.start), max(first.event.end, second.event.end)
    if first.sentence != second.sentence or end - start > MAX_JOINED:
        return best
    text = article.body[start:end]
    id_ = ids.event_id(article.article_id, best.event.type, start, end, text)
    return replace(
        best, event=best.event.model_copy(update={"start": start, "end": end, "evidence": text, "id": id_})
    )


def _includes(opening: Telling, works: Telling) -> bool:
    """Return whether one clause plans completion and opening (完工、启用): only the opening counts."""
    return (
        opening.event.type is EventType.FACILITY_OPENED
        and works.event.type is EventType.CONSTRUCTION_MILESTONE
        and opening.clause == works.clause
        and opening.event.status is works.event.status is EventStatus.PLANNED
        and opening.event.date == works.event.date
    )


def _outshines(other: Telling, weak: Telling) -> bool:
    return not other.weak and other.event.type is weak.event.type and other.paragraph == weak.paragraph


def _better(second: Telling, first: Telling) -> bool:
    """Return whether to keep the second telling: it has the date, or it alone says what it is about."""
    if first.own_date != second.own_date:
        return second.own_date
    return bool(second.distinct()) and not first.distinct()


def _same(first: Telling, second: Telling) -> bool:
    one, other = first.event, second.event
    if one.type is not other.type or one.status is not other.status:
        return False
    if one.type is EventType.CONFERENCE_HELD and second.subject is None:
        return True
    if first.own_date and second.own_date and one.date != other.date:
        return False
    if first.clause == second.clause:
        return True
    if other.type in SINGLE_TYPES:
        return True
    return _repeats(first, second)


def _repeats(first: Telling, second: Telling) -> bool:
    """Return whether one of the two names nothing of its own."""
    new, old = second.distinct() - first.distinct(), first.distinct() - second.distinct()
    if first.sentence == second.sentence:
        return second.event.start - first.event.end <= NEAR and not new and not second.own_date
    if first.event.status is not EventStatus.OCCURRED:
        return not new and not second.own_date and first.event.asset == second.event.asset
    once = not (first.own_date and second.own_date)
    return (not new and once) or (not old and not first.own_date)
