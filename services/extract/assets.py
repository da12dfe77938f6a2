"""What an event concerns: the most specific thing, the same through copies and paraphrases of a story."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.extracted import Entity, EntityType, EventType
from services.extract.mentions import Mention, Mentions

TITLE = re.compile(r"《([^《》\n]{4,60})》")
FUND = re.compile(r"[\u4e00-\u9fff]{2,16}基金")
# What stands before a name without being part of it: 设立规模10亿元的云岭核药产业基金.
BEFORE_NAME = re.compile(
    r".*(?:设立|组建|成立|发起|启动|募集|亿元|首支|首只|一支|一只|这支|该|的|和|与|由|为|日|月)"
)
MEETING = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,24}(?:论坛|大会|峰会|研讨会|年会|博览会|医学周|推介会)")
NAMED = {EventType.POLICY_ISSUED: TITLE, EventType.FUND_ESTABLISHED: FUND, EventType.CONFERENCE_HELD: MEETING}
# Who grants a licence or runs an exchange is never what the event concerns.
AUTHORITY = re.compile(r"(?:局|厅|署|部|委|委员会|核安会|交易所|法院|监管会|Administration|FDA|EMA)$")
# A licence to run a place, not a drug.
SITE_LICENCE = re.compile(r"辐射安全|放射诊疗|使用许可|运行许可|环评|环境影响|生产许可|经营许可|资质|场所")
THINGS = (EntityType.DRUG, EntityType.FACILITY)
SITES = (EntityType.FACILITY, EntityType.DEVICE)
# Per type, the kinds of thing that are more specific than an organisation, most specific first.
SPECIFIC: dict[EventType, tuple[EntityType, ...]] = {
    EventType.FACILITY_OPENED: (EntityType.FACILITY,),
    EventType.CONSTRUCTION_MILESTONE: SITES,
    EventType.PROCUREMENT: (),
    EventType.INVESTMENT: (),
    EventType.COMPANY_FOUNDED: (),
    EventType.PERSONNEL_CHANGE: (),
    EventType.LISTING_FILING: (),
    EventType.SAFETY_INCIDENT: (),
}
MAIN_MENTIONS = 2  # an article's main thing is named more than once

Span = tuple[int, int]


def subject_of(body: str, kind: EventType, span: Span) -> str | None:
    """Return the title of the document, or the name of the fund or meeting, that `body[start:end]` names."""
    pattern = NAMED.get(kind)
    match = pattern.search(body, *span) if pattern else None
    if match is None:
        return None
    name = match[match.re.groups]
    return BEFORE_NAME.sub("", name) if kind is EventType.FUND_ESTABLISHED else name


def find_asset(mentions: Mentions, kind: EventType, evidence: Span, sentence: Span) -> str | None:
    """Return the name of what the event concerns, or None where the article names nothing.

    In this order: its own subject (a document, fund or meeting); a specific thing in its evidence or its
    sentence; its main organisation; a specific thing earlier in the paragraph, or the article's main one; any
    organisation.
    """
    if subject := subject_of(mentions.body, kind, sentence):
        return subject
    specific, least = SPECIFIC.get(kind, THINGS), MAIN_MENTIONS
    if kind is EventType.APPROVAL_GRANTED and SITE_LICENCE.search(mentions.body, *evidence):
        specific, least = (EntityType.FACILITY,), 1
    paragraph = (mentions.body.rfind("\n", 0, sentence[0]) + 1, sentence[0])
    return (
        _nearest(mentions, specific, evidence, evidence[1])
        or _nearest(mentions, specific, sentence, evidence[0])
        or _main(_organisations(mentions, kind, sentence if kind is EventType.INVESTMENT else evidence))
        or _main(_organisations(mentions, kind, sentence))
        or _nearest(mentions, specific, paragraph, paragraph[1])
        or _main((e for e in mentions.entities if e.type in specific), least)
        or _main(_organisations(mentions, kind, paragraph))
        or _fallback(mentions, kind)
    )


def _fallback(mentions: Mentions, kind: EventType) -> str | None:
    """Return the article's subject; nobody is charged with an incident for being named elsewhere."""
    subject = None if kind is EventType.SAFETY_INCIDENT else article_subject(mentions)
    return subject.name if subject else None


def article_subject(mentions: Mentions) -> Entity | None:
    """Return the organisation that the article is about: named more than once and oftener than any other."""
    organisations = (e for e in mentions.entities if e.type is EntityType.ORG)
    ranked = sorted(
        (e for e in organisations if not AUTHORITY.search(e.name)), key=lambda e: -len(e.mentions)
    )
    if not ranked or len(ranked[0].mentions) < MAIN_MENTIONS:
        return None
    alone = len(ranked) == 1 or len(ranked[1].mentions) < len(ranked[0].mentions)
    return ranked[0] if alone else None


def _nearest(mentions: Mentions, kinds: tuple[EntityType, ...], span: Span, to: int) -> str | None:
    """Return the thing of the first kind that occurs in the span, of several the nearest to a position."""
    for kind in kinds:
        if found := mentions.entities_in(*span, kind):
            return min(found, key=lambda m: (_gap(m, to), m.start)).entity.name
    return None


def _gap(mention: Mention, to: int) -> int:
    return abs(to - mention.end)


def _organisations(mentions: Mentions, kind: EventType, span: Span) -> Iterable[Entity]:
    found = (m.entity for m in mentions.entities_in(*span, EntityType.ORG))
    if kind in (EventType.POLICY_ISSUED, EventType.PERSONNEL_CHANGE, EventType.VISIT):
        return found
    return (entity for entity in found if not AUTHORITY.search(entity.name))


def _main(entities: Iterable[Entity], least: int = 1) -> str | None:
    """Return the entity that the article names most often, of several the one that it names first."""
    ranked = [e for e in entities if len(e.mentions) >= least]
    return min(ranked, key=lambda e: (-len(e.mentions), e.start)).name if ranked else None
