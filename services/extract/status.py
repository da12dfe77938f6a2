"""Whether what a verb tells really happened: read from the words around it and from its date.

The words stand in data/status_cues.yaml. Nearest wins: of the words of time and intention before the verb in its
clause the last one counts, and a clause without any takes over the intention of the clauses before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.extracted import EventStatus, EventType
from services.extract.clauses import Sentence
from services.extract.event_date import Position
from services.extract.vocabulary import Hit

NEGATION_REACH = 14  # characters between a negation and the verb that it denies
ENDING_REACH = 16
HYPOTHESIS_REACH = 30
INTENTIONS = ("cue.planned", "cue.forecast", "cue.expected", "cue.aim")
TENSES = (*INTENTIONS, "cue.done", "cue.in_progress")
# What follows a verb that only names an occasion: 签约后, 投产当天, 启用仪式上.
OCCASION = re.compile(
    r"(?:之?[后前](?!来)|以[来后前]|之?时|当[天日晚]|期间|之际|结束|仪式[上后前]|典礼|现场|条件|资格|手续|流程|进度|情况|事宜|工作|问题|数[据量]?|率|类|权|申请)"
)
COMPLETED = re.compile(r"[了过]|完毕|完成|成功")
BEFORE_IT = re.compile(r"之?前")
ATTRIBUTE = re.compile(r"[^，,。；;、]{0,6}?的")
# Goals that a project has are plans with a date; those of a region or a policy are goals.
PROJECT_TYPES = {
    EventType.AGREEMENT_SIGNED, EventType.FACILITY_OPENED, EventType.CONSTRUCTION_MILESTONE,
    EventType.TRIAL_MILESTONE, EventType.INVESTMENT, EventType.CONFERENCE_HELD, EventType.COMPANY_FOUNDED,
    EventType.FUND_ESTABLISHED, EventType.PROCUREMENT, EventType.PRODUCT_LAUNCHED, EventType.PERSONNEL_CHANGE,
    EventType.VISIT, EventType.LISTING_FILING,
}  # fmt: skip
# What others decide or nature shows cannot be planned, only foreseen.
FORESEEN_TYPES = {EventType.APPROVAL_GRANTED, EventType.RESEARCH_RESULT, EventType.POLICY_ISSUED}


@dataclass(frozen=True)
class Setting:
    """Everything that a status is read from."""

    body: str
    type: EventType
    anchor: Hit
    sentence: Sentence
    hits: Sequence[Hit]  # of the sentence
    drill: bool
    position: Position
    default: EventStatus | None = None

    @property
    def clause(self) -> tuple[int, int]:
        """The clause of the anchor."""
        return self.sentence.clauses[self.sentence.clause_at(self.anchor.start)]


def _with(hits: Iterable[Hit], *labels: str) -> list[Hit]:
    wanted = set(labels)
    return [hit for hit in hits if hit.labels & wanted]


def decide(setting: Setting) -> EventStatus | None:
    """Return the status, or None where the words tell no event at all: a condition, a question, an occasion."""
    start, end = setting.clause
    before = [hit for hit in setting.hits if start <= hit.start and hit.end <= setting.anchor.start]
    after = [hit for hit in setting.hits if setting.anchor.end <= hit.start < end]
    if setting.drill and setting.type is EventType.SAFETY_INCIDENT:
        return EventStatus.DRILL
    if _is_open(setting, before, after):
        return None
    if _is_hearsay(setting):
        return EventStatus.DENIED
    if refused := _refusal(setting, before, after):
        return refused
    return _tense(setting, before, after)


def _is_open(setting: Setting, before: list[Hit], after: list[Hit]) -> bool:
    """Return whether the verb stands in a question, a condition, a given-up plan or names an occasion only."""
    if setting.sentence.is_question or _with(before, "cue.former"):
        return True
    intention = _with(before, *INTENTIONS)
    conditions = _with(before, "cue.hypothetical")
    if conditions and not (
        setting.position is Position.FUTURE or (intention and intention[-1].start > conditions[-1].start)
    ):
        return True
    if BEFORE_IT.match(setting.body, setting.anchor.end):
        return True
    dated = setting.position is not Position.UNKNOWN
    if OCCASION.match(setting.body, setting.anchor.end) and not dated:
        return True
    if ATTRIBUTE.match(setting.body, setting.anchor.end) and not dated and not _with(after, "cue.done"):
        return not intention and setting.type is not EventType.TRIAL_MILESTONE
    return not _with(before, *TENSES) and _hangs_on_condition(setting)


def _hangs_on_condition(setting: Setting) -> bool:
    """Return whether the clause just before sets a condition: 若一切顺利，…"""
    number = setting.sentence.clause_at(setting.anchor.start)
    if number == 0 or setting.position in (Position.RECENT, Position.OLD):
        return False
    start, end = setting.sentence.clauses[number - 1]
    return bool(_with((h for h in setting.hits if start <= h.start < end), "cue.hypothetical"))


def _is_hearsay(setting: Setting) -> bool:
    """Return whether the sentence tells it as rumour or denial; a turn (但, 不过) in between ends that."""
    rumours = _with(setting.hits, "cue.rumour")
    if not rumours:
        return False
    turns = [hit.start for hit in _with(setting.hits, "cue.turn")]
    return any(
        not any(
            min(r.start, setting.anchor.start) < turn < max(r.start, setting.anchor.start) for turn in turns
        )
        for r in rumours
    )


def _refusal(setting: Setting, before: list[Hit], after: list[Hit]) -> EventStatus | None:
    """Return that it was denied, failed or ended, where the clause says so."""
    start = setting.anchor.start
    done = _with(before, "cue.done")
    negations = [h for h in _with(before, "cue.negated") if start - h.end <= NEGATION_REACH]
    if negations and not (
        done and done[-1].start > negations[-1].start and done[-1].end - done[-1].start > 1
    ):
        return EventStatus.DENIED
    if _with(after, "cue.fails"):
        return EventStatus.DENIED
    endings = [h for h in _with(before, "cue.ended") if start - h.end <= ENDING_REACH]
    endings += [h for h in _with(after, "cue.ended") if h.start - setting.anchor.end <= ENDING_REACH]
    return EventStatus.ENDED if endings else None


def _tense(setting: Setting, before: list[Hit], after: list[Hit]) -> EventStatus | None:
    """Return the status that time and intention give."""
    cues = _with(before, *TENSES)
    last = cues[-1] if cues else None
    intention = last if last and last.labels & set(INTENTIONS) else None
    if intention is None and last is None and not COMPLETED.match(setting.body, setting.anchor.end):
        intention = _inherited(setting)
    if (
        intention is None
        and (later := _with(after, *INTENTIONS))
        and later[0].start - setting.anchor.end <= 2
    ):
        intention = later[0]  # 首例给药预计在…
    if setting.position is Position.FUTURE or (intention and setting.position is Position.UNKNOWN):
        return _intended(setting.type, intention)
    if (
        intention
        and setting.position in (Position.RECENT, Position.OLD)
        and intention.start > _last_done(before)
    ):
        return _intended(setting.type, intention)
    return _past(setting, before, last)


def _last_done(before: list[Hit]) -> int:
    done = _with(before, "cue.done")
    return done[-1].start if done else -1


def _inherited(setting: Setting) -> Hit | None:
    """Return the intention of the nearest earlier clause that has any word of time, if it is one."""
    if setting.position in (Position.RECENT, Position.OLD):
        return None
    start = setting.clause[0]
    earlier = _with((h for h in setting.hits if h.end <= start), *INTENTIONS, "cue.done")
    return earlier[-1] if earlier and earlier[-1].labels & set(INTENTIONS) else None


def _intended(type_: EventType, cue: Hit | None) -> EventStatus:
    labels = cue.labels if cue else frozenset()
    if "cue.forecast" in labels or ("cue.expected" in labels and type_ in FORESEEN_TYPES):
        return EventStatus.FORECAST
    if "cue.aim" in labels and type_ not in PROJECT_TYPES:
        return EventStatus.GOAL
    return EventStatus.PLANNED


def _past(setting: Setting, before: list[Hit], last: Hit | None) -> EventStatus | None:
    completed = COMPLETED.match(setting.body, setting.anchor.end) is not None
    if setting.position is Position.OLD:
        return EventStatus.RETROSPECTIVE
    if setting.default and not completed:
        return setting.default
    if last is not None and "cue.in_progress" in last.labels and not completed:
        return EventStatus.IN_PROGRESS
    if _with(before, "cue.retrospective") and setting.position is Position.UNKNOWN:
        return EventStatus.RETROSPECTIVE
    return EventStatus.OCCURRED
