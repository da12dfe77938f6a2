"""Where in the industry's chain an event or an article belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

import daachorse

from schemas.extracted import ChainPosition, Event, EventType
from services.extract.mentions import Mentions

LEFTMOST_LONGEST = 1
LEAD = 400  # characters of an article without events that tell its place
# From the supply of the isotope to the patient; the first position whose words stand in the sentence wins.
WORDS: dict[ChainPosition, tuple[str, ...]] = {
    ChainPosition.UPSTREAM: (
        "同位素生产", "靶件", "反应堆", "研究堆", "试验堆", "电磁分离器", "钼-99", "发生器", "供货", "保供", "核素生产", "出束",
        "靶材", "同位素工厂", "稳定同位素", "固体靶", "高能电子加速器", "重水堆", "核素供应", "isotope", "cyclotron hall", "generators",
    ),
    ChainPosition.MIDSTREAM: (
        "注射液", "新药", "临床试验", "管线", "显像剂", "核药", "放射性药物", "CDMO", "适应症", "受试者", "研发", "药业", "医药",
        "影像设备", "SPECT", "PET/CT整机", "生物", "Phase", "trial", "drug", "Series",
    ),
    ChainPosition.DOWNSTREAM: ("医院", "病房", "诊疗中心", "患者", "床位", "核医学科", "治疗中心", "病区", "开诊", "hospital", "patient"),
    ChainPosition.ENABLER: ("基金", "意见》", "方案》", "论坛", "大会", "园区", "政策", "人才", "学会", "运输", "产业园", "培养"),
}  # fmt: skip
BY_TYPE = {
    EventType.FUND_ESTABLISHED: ChainPosition.ENABLER,
    EventType.POLICY_ISSUED: ChainPosition.ENABLER,
    EventType.CONFERENCE_HELD: ChainPosition.ENABLER,
    EventType.TRIAL_MILESTONE: ChainPosition.MIDSTREAM,
    EventType.LISTING_FILING: ChainPosition.MIDSTREAM,
}


@cache
def _words() -> tuple[daachorse.CharwiseDoubleArrayAhoCorasick, tuple[ChainPosition, ...]]:
    places = {word: place for place, words in WORDS.items() for word in words}
    return daachorse.CharwiseDoubleArrayAhoCorasick(list(places), LEFTMOST_LONGEST), tuple(places.values())


def _place(text: str) -> ChainPosition | None:
    """Return the place whose words are most in `text`, the earliest in the chain of several."""
    automaton, places = _words()
    counts = Counter(places[word] for _, _, word in automaton.find(text))
    return max(WORDS, key=lambda place: counts[place]) if counts else None


def event_chain(text: str, kind: EventType) -> ChainPosition | None:
    """Return the place of an event that `text` tells, or None where no word shows it."""
    return BY_TYPE.get(kind) or _place(text)


def chain_position(mentions: Mentions, events: Sequence[Event]) -> ChainPosition | None:
    """Return the place of the article: where most of its events lie, else what its lead speaks of."""
    places = Counter(event.chain for event in events if event.chain)
    return places.most_common(1)[0][0] if places else _place(mentions.body[:LEAD])
