"""What an event concerns: the most specific thing, which stays the same through copies and paraphrases of a story."""

from __future__ import annotations

import re

from schemas.extracted import EntityType, EventType
from services.extract.mentions import Mention, Mentions

TITLE = re.compile(r"《([^《》\n]{4,60})》")
FUND = re.compile(r"[\u4e00-\u9fff]{2,16}基金")
MEETING = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,24}(?:论坛|大会|峰会|研讨会|年会|博览会|医学周|推介会)")
# Per type, what is most specific first; all others go by DEFAULT_ORDER.
DEFAULT_ORDER = (EntityType.DRUG, EntityType.FACILITY, EntityType.DEVICE, EntityType.ORG)
ORDERS = {
    EventType.FACILITY_OPENED: (EntityType.FACILITY, EntityType.DEVICE, EntityType.ORG),
    EventType.CONSTRUCTION_MILESTONE: (EntityType.FACILITY, EntityType.DEVICE, EntityType.ORG),
    EventType.INVESTMENT: (EntityType.FACILITY, EntityType.ORG),
    EventType.COMPANY_FOUNDED: (EntityType.ORG,),
    EventType.PERSONNEL_CHANGE: (EntityType.ORG, EntityType.FACILITY),
    EventType.LISTING_FILING: (EntityType.ORG,),
    EventType.SAFETY_INCIDENT: (EntityType.FACILITY, EntityType.ORG, EntityType.NUCLIDE),
}
NAMED = {EventType.POLICY_ISSUED: TITLE, EventType.FUND_ESTABLISHED: FUND, EventType.CONFERENCE_HELD: MEETING}


def subject_of(body: str, kind: EventType, span: tuple[int, int]) -> str | None:
    """Return the title of the document or the name of the fund or meeting that `body[start:end]` names, or None."""
    pattern = NAMED.get(kind)
    match = pattern.search(body, *span) if pattern else None
    return None if match is None else match[match.re.groups]


def find_asset(
    mentions: Mentions, kind: EventType, anchor: tuple[int, int], sentence: tuple[int, int]
) -> str | None:
    """Return the name of what the event concerns: in its sentence, else earlier in its paragraph, else in the body."""
    if subject := subject_of(mentions.body, kind, sentence):
        return subject
    paragraph = mentions.body.rfind("\n", 0, sentence[0]) + 1
    for order in (ORDERS.get(kind, DEFAULT_ORDER), (EntityType.ORG,)):
        for span in (sentence, (paragraph, sentence[0]), (0, paragraph)):
            if name := _nearest(mentions, order, span, anchor[0]):
                return name
    return None


def _nearest(
    mentions: Mentions, order: tuple[EntityType, ...], span: tuple[int, int], anchor: int
) -> str | None:
    for kind in order:
        found = mentions.entities_in(*span, kind)
        if found:
            return min(found, key=lambda m: _distance(m, anchor)).entity.name
    return None


def _distance(mention: Mention, anchor: int) -> tuple[int, int]:
    """Order by distance; what stands behind the verb counts half as near as what stands before it."""
    gap = anchor - mention.end if mention.end <= anchor else 2 * (mention.start - anchor)
    return abs(gap), mention.start
