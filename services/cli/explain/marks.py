"""What was read out of an article, each as a mark in its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.extracted import Event, ExtractedArticle, Money

EVENT, DISMISSED = "event", "dismissed"
EVENTS = frozenset({EVENT, DISMISSED})
# What finds an entity (`Entity.basis`), in words.
BASES = {
    "lexicon": "a list of names",
    "pattern": "the form of the name",
    "code": "the form of a code",
    "definition": "a definition in the text",
    "title": "the title behind the name",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact at `body[start:end]`: its kind, what it says, and the rule or model that made it."""

    start: int
    end: int
    kind: str
    says: str
    made_by: str
    who: tuple[str, ...] = ()  # took part, of an event


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text under the same marks: the closest fact, and the events that it is evidence of."""

    text: str
    fact: Mark | None
    events: tuple[Mark, ...]


def marks(article: ExtractedArticle, dismissed: Sequence[Event] = ()) -> list[Mark]:
    """Return all marks of an article in their order; `dismissed` are events that did not happen."""
    found = [
        *_named(article),
        *_counted(article),
        *(_event(event, EVENT) for event in article.events),
        *(_event(event, DISMISSED) for event in dismissed),
    ]
    return sorted(found, key=lambda mark: (mark.start, -mark.end))


def _named(article: ExtractedArticle) -> Iterator[Mark]:
    for person in article.persons:
        office = " ".join(part for part in (person.org, person.title) if part)
        says = f"{person.name}: {office}" if office else person.name
        yield Mark(person.start, person.end, "person", says, "the title beside the name")
    for entity in article.entities:
        aliases = f", also {'、'.join(entity.aliases)}" if entity.aliases else ""
        for start, end in entity.mentions or [(entity.start, entity.end)]:
            yield Mark(
                start,
                end,
                entity.type,
                f"{entity.name}{aliases} ({entity.id})",
                BASES.get(entity.basis, entity.basis),
            )


def _counted(article: ExtractedArticle) -> Iterator[Mark]:
    for money in article.money:
        yield Mark(
            money.start, money.end, "money", f"{_amount(money)}, {money.role}", "the form of an amount"
        )
    for date in article.dates:
        yield Mark(
            date.start, date.end, "date", f"{date.value or 'unknown'}, {date.precision}", "the form of a date"
        )
    for number in article.quantities:
        yield Mark(
            number.start,
            number.end,
            "quantity",
            f"{_number(number.value)} {number.unit}",
            "a number with its unit",
        )
    for claim in article.claims:
        yield Mark(claim.start, claim.end, "claim", claim.scope or claim.text, "a superlative with its scope")


def _event(event: Event, kind: str) -> Mark:
    says = " · ".join(part for part in (event.type, event.status, event.date, event.amount_text) if part)
    who = tuple(dict.fromkeys(participant.name for participant in event.participants))
    return Mark(event.start, event.end, kind, says, f"the words {'、'.join(event.cues)}", who)


def _amount(money: Money) -> str:
    value, unit = (money.cny, "CNY") if money.cny is not None else (money.amount, money.currency)
    return f"{unit} {_number(value)}" if value is not None else "unknown"


def _number(value: float | tuple[float, float]) -> str:
    """Return a number, or the two ends of a range, with no more digits than it has."""
    ends = value if isinstance(value, tuple) else (value,)
    return "–".join(f"{end:,.12g}" for end in ends)


def pieces(body: str, found: Sequence[Mark]) -> list[Piece]:
    """Return the text in pieces at the ends of which marks begin or end; joined they are the text.

    Where facts lie within each other, the shortest is shown.
    """
    edges = sorted({0, len(body), *(edge for mark in found for edge in (mark.start, mark.end))})
    return [Piece(body[start:end], *_over(found, start, end)) for start, end in pairwise(edges)]


def _over(found: Sequence[Mark], start: int, end: int) -> tuple[Mark | None, tuple[Mark, ...]]:
    over = [mark for mark in found if mark.start <= start and end <= mark.end]
    facts = [mark for mark in over if mark.kind not in EVENTS]
    shortest = min(facts, key=lambda mark: mark.end - mark.start, default=None)
    return shortest, tuple(mark for mark in over if mark.kind in EVENTS)
