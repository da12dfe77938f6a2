"""Who took part in an event: the organisations, drugs and facilities named with it."""

from __future__ import annotations

import re

from schemas.extracted import Entity, EntityType, EventType, Participant
from services.extract.assets import article_subject
from services.extract.clauses import SEGMENT_MARKS
from services.extract.mentions import Mention, Mentions

MAX_PARTICIPANTS = 10
ACTORS = (EntityType.ORG, EntityType.FACILITY)
OBJECTS = (EntityType.DRUG, EntityType.DEVICE)
# Types whose subject matter is a thing: the drug or machine is part of the event.
THING_TYPES = {
    EventType.TRIAL_MILESTONE, EventType.APPROVAL_GRANTED, EventType.PRODUCT_LAUNCHED,
    EventType.RESEARCH_RESULT, EventType.AGREEMENT_SIGNED, EventType.CONSTRUCTION_MILESTONE,
    EventType.PROCUREMENT,
}  # fmt: skip
MONEY_TYPES = {EventType.INVESTMENT, EventType.FUND_ESTABLISHED}
# A sentence that names who gave the money of the one before it.
BACKERS = re.compile(r"领投|跟投|投资方|出资方|参投|管理人|基石投资")
# A word that opens a clause and stands for the organisation that the article is about: 公司9月与某某签订…
STANDS_FOR_SUBJECT = re.compile(
    r"(?:(?<![一-鿿])|(?<=[年月日]))(?:公司|该公司|医院|该院|院方|我院|企业)(?=[\d与和同于已向从将拟在出])"
)

Span = tuple[int, int]


def find_participants(
    mentions: Mentions, kind: EventType, evidence: Span, sentence: Span, asset: str | None
) -> list[Participant]:
    """Return who is named in the sentence up to the end of the evidence, and the asset.

    Where the sentence names nobody (公司, 双方), those of the nearest sentence before it in the paragraph
    count, else the organisation that the article names most.
    """
    types = (*ACTORS, *OBJECTS) if kind in THING_TYPES else ACTORS
    found = mentions.entities_in(sentence[0], _reach(mentions, kind, evidence, sentence), *types)
    if not any(m.entity.type in ACTORS for m in found):
        found = _before(mentions, sentence[0]) + found or _main(mentions, kind)
    elif STANDS_FOR_SUBJECT.search(mentions.body, sentence[0], evidence[1]):
        found = [*_main(mentions, kind), *found]
    return _rows([*found, *_named(mentions, asset)], evidence[0])


def _reach(mentions: Mentions, kind: EventType, evidence: Span, sentence: Span) -> int:
    """Return where the naming of parties ends: with the evidence; for money, with those who gave it."""
    if kind not in MONEY_TYPES:
        return evidence[1]
    body = mentions.body
    stops = (body.find(mark, evidence[1], sentence[1]) for mark in SEGMENT_MARKS)
    end = min((stop for stop in stops if stop >= 0), default=sentence[1])
    if end == sentence[1] and end < len(body):
        following = mentions.sentence_at(end)
        if following[0] >= end and BACKERS.search(body, *following):
            return following[1]
    return end


def _before(mentions: Mentions, start: int) -> list[Mention]:
    """Return the organisations of the nearest earlier sentence of the paragraph that names any."""
    paragraph = mentions.body.rfind("\n", 0, start) + 1
    earlier = mentions.entities_in(paragraph, start, *ACTORS)
    if not earlier:
        return []
    sentence = mentions.sentence_at(earlier[-1].start)
    return [m for m in earlier if m.start >= sentence[0]]


def _main(mentions: Mentions, kind: EventType) -> list[Mention]:
    """Return the first mention of the organisation that the article is about; none for an incident."""
    subject = None if kind is EventType.SAFETY_INCIDENT else article_subject(mentions)
    return [_first(subject)] if subject else []


def _named(mentions: Mentions, name: str | None) -> list[Mention]:
    return [_first(e) for e in mentions.entities if e.name == name][:1]


def _first(entity: Entity) -> Mention:
    return Mention(entity.start, entity.end, entity)


def _rows(found: list[Mention], verb: int) -> list[Participant]:
    rows: dict[str, Participant] = {}
    for mention in found:
        things = mention.entity.type in OBJECTS
        role = "object" if things else "actor" if mention.start < verb else "counterparty"
        row = Participant(
            start=mention.start,
            end=mention.end,
            name=mention.entity.name,
            entity_id=mention.entity.id,
            role=role,
        )
        rows.setdefault(mention.entity.id, row)
    return list(rows.values())[:MAX_PARTICIPANTS]
