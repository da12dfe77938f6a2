"""Who took part in an event: the organisations, drugs and facilities named with it."""

from __future__ import annotations

from schemas.extracted import EntityType, EventType, Participant
from services.extract.mentions import Mention, Mentions

MAX_PARTICIPANTS = 8
ACTORS = (EntityType.ORG, EntityType.FACILITY)
OBJECTS = (EntityType.DRUG, EntityType.DEVICE)
# Types whose subject matter is a thing: the drug or machine is part of the event.
THING_TYPES = {
    EventType.TRIAL_MILESTONE, EventType.APPROVAL_GRANTED, EventType.PRODUCT_LAUNCHED,
    EventType.RESEARCH_RESULT, EventType.AGREEMENT_SIGNED, EventType.CONSTRUCTION_MILESTONE,
    EventType.PROCUREMENT,
}  # fmt: skip


def find_participants(
    mentions: Mentions, kind: EventType, span: tuple[int, int], sentence: tuple[int, int]
) -> list[Participant]:
    """Return who is named in the sentence up to the end of the evidence; if nobody, in the one before."""
    types = (*ACTORS, *OBJECTS) if kind in THING_TYPES else ACTORS
    found = mentions.entities_in(sentence[0], max(span[1], sentence[0]), *types)
    if not any(m.entity.type in ACTORS for m in found):
        found = _before(mentions, sentence[0]) + found
    return _rows(found, span[0])


def _before(mentions: Mentions, start: int) -> list[Mention]:
    """Return the organisations of the nearest earlier sentence of the paragraph that names any."""
    paragraph = mentions.body.rfind("\n", 0, start) + 1
    earlier = mentions.entities_in(paragraph, start, *ACTORS)
    if not earlier:
        return []
    sentence = mentions.sentence_at(earlier[-1].start)
    return [m for m in earlier if m.start >= sentence[0]]


def _rows(found: list[Mention], anchor: int) -> list[Participant]:
    rows: dict[str, Participant] = {}
    for mention in found:
        role = (
            "object"
            if mention.entity.type in OBJECTS
            else "actor"
            if mention.start < anchor
            else "counterparty"
        )
        rows.setdefault(
            mention.entity.id,
            Participant(
                start=mention.start,
                end=mention.end,
                name=mention.entity.name,
                entity_id=mention.entity.id,
                role=role,
            ),
        )
    return list(rows.values())[:MAX_PARTICIPANTS]
