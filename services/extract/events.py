"""What happened, is planned or is told of the past: typed events with status, date, parties and evidence.

The order of work: one pass for all words (`vocabulary`), then sentence by sentence the anchors that fit a
frame (`frames`), their date (`event_date`) and status (`status`), last the merging of repeats (`merge`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from schemas import ids
from schemas.cleaned import CleanedArticle
from schemas.extracted import DateMention, Event, EventStatus, EventType
from services.extract import vocabulary
from services.extract.amounts import event_money, in_yuan
from services.extract.assets import find_asset, subject_of
from services.extract.chain import event_chain
from services.extract.clauses import SEGMENT_MARKS, Sentence, split
from services.extract.event_date import MAX_SCENE, Position, find_date, position
from services.extract.frames import Candidate, candidates, outbid
from services.extract.mentions import Mentions
from services.extract.merge import Telling, merge
from services.extract.participants import find_participants
from services.extract.status import Setting, decide, heard
from services.extract.vocabulary import Hit

GOING_ON = re.compile(r"正在|在建|正(?=推进|进行|加|按|有序|稳步|全力)")
MEETING_NAME = 8  # characters before 大会 or 论坛 that tell one meeting from another
BARE = re.compile(r"^$|^[^\u4e00-\u9fff]+$|(?:本届|此次|本次|这次|该|宣布|上述|为期[^，]{1,3}的)$")
SHORT_LEAD = 10
ITEM_LABEL = re.compile(r"\s*【[^【】\n]{1,12}】\s*")
MAX_TELLINGS = 300  # of one article; a digest has thirty, and only a list of spam has more
MIN_EVIDENCE = 12  # characters; a shorter clause takes the one before it along
MAX_EVIDENCE = 120
# Told, but no event: what was denied, given up or only rehearsed.
NO_EVENT = {EventStatus.DENIED, EventStatus.ENDED, EventStatus.DRILL}
INTENDED = {EventStatus.PLANNED, EventStatus.FORECAST, EventStatus.GOAL}
MONEY_TYPES = {
    EventType.INVESTMENT, EventType.FUND_ESTABLISHED, EventType.AGREEMENT_SIGNED, EventType.PROCUREMENT,
    EventType.COMPANY_FOUNDED, EventType.CONSTRUCTION_MILESTONE, EventType.FACILITY_OPENED,
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """The events of a body, and what it tells only to deny, end or rehearse it."""

    events: list[Event]
    dismissed: list[Event]


def find_events(article: CleanedArticle, mentions: Mentions) -> list[Event]:
    """Return the events that the body asserts, in the order of the text."""
    return read_events(article, mentions).events


def read_events(article: CleanedArticle, mentions: Mentions) -> Reading:
    """Return what the body asserts and what it dismisses."""
    told = (telling for scene in _scenes(mentions) for telling in _tellings(article, mentions, scene))
    found = list(islice(told, MAX_TELLINGS))
    return Reading(
        merge(article, [telling for telling in found if telling.event.status not in NO_EVENT]),
        [telling.event for telling in found if telling.event.status in NO_EVENT],
    )


@dataclass(frozen=True)
class Scene:
    """A sentence that holds an anchor, with what is needed to read it."""

    sentence: Sentence
    hits: Sequence[Hit]
    dates: Sequence[DateMention]  # of the sentence and just before it
    drill_here: bool  # the sentence speaks of an exercise
    drill_around: bool  # its paragraph does


def _scenes(mentions: Mentions) -> Iterator[Scene]:
    hits = vocabulary.load().scan(mentions.body)
    starts = [hit.start for hit in hits]
    drills = [hit.start for hit in hits if "cue.drill" in hit.labels]
    for sentence in split(mentions.body):
        within = hits[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        if any(hit.frames for hit in within):
            dates = [d for d in mentions.dates if sentence.start - MAX_SCENE <= d.start < sentence.end]
            here = _any_within(drills, (sentence.start, sentence.end))
            yield Scene(sentence, within, dates, here, _any_within(drills, sentence.paragraph))


def _any_within(positions: Sequence[int], span: tuple[int, int]) -> bool:
    return bisect_left(positions, span[0]) < bisect_left(positions, span[1])


def _tellings(article: CleanedArticle, mentions: Mentions, scene: Scene) -> list[Telling]:
    told = [
        (candidate, telling)
        for candidate in candidates(mentions, scene.sentence, scene.hits)
        if (telling := _telling(article, mentions, scene, candidate))
    ]
    rivals = [candidate for candidate, _ in told]
    return [telling for candidate, telling in told if not outbid(candidate, rivals)]


def _telling(
    article: CleanedArticle, mentions: Mentions, scene: Scene, candidate: Candidate
) -> Telling | None:
    sentence, anchor, frame = scene.sentence, candidate.anchor, candidate.frame
    date = find_date(mentions.body, sentence, (anchor.start, anchor.end), scene.dates)
    where = position(date.value if date else None, article.published)
    own = date is not None and date.own
    setting = Setting(
        mentions.body,
        frame.type,
        anchor,
        candidate.span[1],
        sentence,
        scene.hits,
        _is_drill(scene, where),
        where,
        own,
        frame.status,
    )
    status = decide(setting)
    if status is None or not _is_told(setting, candidate, status):
        return None
    value = date.value if date and _fits(status, where) else None
    event = _build(article, mentions, sentence, candidate, Verdict(status, value, heard(setting)))
    named = mentions.entities_in(event.start, event.end)
    return Telling(
        event=event,
        own_date=own and value is not None,
        weak=frame.weak,
        paragraph=sentence.paragraph,
        sentence=(sentence.start, sentence.end),
        clause=setting.clause,
        names=frozenset((m.entity.type, m.entity.name) for m in named),
        subject=_subject(mentions, sentence, candidate, event),
    )


def _subject(mentions: Mentions, sentence: Sentence, candidate: Candidate, event: Event) -> str | None:
    """Return the name of the meeting or document that the event is about; None for 大会, 论坛 alone."""
    if event.type is EventType.PERSONNEL_CHANGE:
        names = {p.name for p in mentions.persons if event.start <= p.start < event.end}
        return "、".join(sorted(names)) or None
    if event.type is not EventType.CONFERENCE_HELD or candidate.companion is None:
        return subject_of(mentions.body, event.type, (event.start, event.end))
    start, end = candidate.companion
    body = mentions.body
    lead = body[max(sentence.clauses[sentence.clause_at(start)][0], start - MEETING_NAME) : start]
    return None if BARE.search(lead) else lead[-MEETING_NAME:] + body[start:end]


def _is_drill(scene: Scene, where: Position) -> bool:
    """Return whether the sentence tells of an exercise; an old incident beside one is still an incident."""
    return scene.drill_here or (scene.drill_around and where is not Position.OLD)


def _fits(status: EventStatus, where: Position) -> bool:
    """Return whether the date can be the event's: no plan lies in the past, nothing done in the future."""
    if status in INTENDED:
        return where in (Position.FUTURE, Position.UNKNOWN)
    return where is not Position.FUTURE


def _is_told(setting: Setting, candidate: Candidate, status: EventStatus) -> bool:
    """Return whether a weak frame has the word of status, the date or the completion that it asks for."""
    frame = candidate.frame
    if frame.firm:
        going_on = GOING_ON.search(setting.body, setting.clause[0], candidate.anchor.end)
        return (
            going_on is not None
            if status is EventStatus.IN_PROGRESS
            else status in INTENDED and setting.position is Position.FUTURE
        )
    if frame.cued:
        return status is not EventStatus.OCCURRED and status is not EventStatus.RETROSPECTIVE
    if frame.dated and status is EventStatus.OCCURRED:
        done = any("cue.done" in h.labels for h in setting.hits if h.start < candidate.anchor.start)
        return done or setting.position is not Position.UNKNOWN
    return True


def _evidence(body: str, sentence: Sentence, candidate: Candidate) -> tuple[int, int]:
    """Return the span of the clauses that hold the anchor and its companion, without outer marks.

    A verb close to the end of its clause takes the next clause along, a short clause the one before it.
    """
    first = sentence.clause_at(candidate.span[0])
    last = sentence.clause_at(candidate.span[1] - 1)
    if (
        candidate.span[0] - sentence.clauses[first][0] < SHORT_LEAD
        and sentence.clauses[last][1] - candidate.span[0] < MIN_EVIDENCE
    ):
        first = max(0, first - 1)
    if (
        sentence.clauses[last][1] - candidate.anchor.start < MIN_EVIDENCE
        and body[sentence.clauses[last][1] - 1] not in SEGMENT_MARKS
    ):
        last = min(last + 1, len(sentence.clauses) - 1)
    start, end = sentence.clauses[first][0], sentence.clauses[last][1]
    if end - start > MAX_EVIDENCE:
        start, end = sentence.clauses[sentence.clause_at(candidate.anchor.start)]
    text = body[start:end]
    label = ITEM_LABEL.match(text)
    start += label.end() if label else len(text) - len(text.lstrip(" \u3000“「"))
    return start, start + len(body[start:end].rstrip(" \u3000，,；;：:。！？!?\n、"))


class Verdict(NamedTuple):
    """Whether it happened, when, and the words that speak of that."""

    status: EventStatus
    date: str | None
    cues: list[str]


def _build(
    article: CleanedArticle,
    mentions: Mentions,
    sentence: Sentence,
    candidate: Candidate,
    verdict: Verdict,
) -> Event:
    span = _evidence(mentions.body, sentence, candidate)
    kind, anchor = candidate.frame.type, candidate.anchor
    text = mentions.body[span[0] : span[1]]
    around = (sentence.start, sentence.end)
    asset = find_asset(mentions, kind, span, around)
    money = event_money(mentions, span, around) if kind in MONEY_TYPES else None
    return Event(
        start=span[0],
        end=span[1],
        id=ids.event_id(article.article_id, kind, *span, text),
        type=kind,
        status=verdict.status,
        date=verdict.date,
        participants=find_participants(mentions, kind, span, around, asset),
        evidence=text,
        asset=asset,
        amount_text=money.text if money else None,
        amount_cny=in_yuan(money) if money else None,
        chain=event_chain(mentions.body[sentence.start : sentence.end], kind),
        cues=[mentions.body[anchor.start : anchor.end], *verdict.cues],
    )
