"""Whether what a verb tells really happened: read from the words around it and from its date.

The words stand in data/status_cues.yaml. Nearest wins: of the words of time and intention before the verb in
its clause the last one counts, and a clause without any takes over the intention of the clauses before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.extracted import EventStatus, EventType
from services.extract.clauses import SEGMENT_MARKS, Sentence
from services.extract.event_date import Position
from services.extract.vocabulary import Hit

NEGATION_REACH = 14  # characters between a negation and the verb that it denies
ENDING_REACH = 16
CLOSE = 2  # characters between a verb and a word of intention behind it
INTENTIONS = frozenset({"cue.planned", "cue.forecast", "cue.expected", "cue.aim"})
INTENDED_OR_DONE = INTENTIONS | {"cue.done"}
TENSES = INTENDED_OR_DONE | {"cue.in_progress"}
# What follows a verb that only names an occasion: 签约后, 投产当天, 启用仪式上.
OCCASION = re.compile(
    r"(?:之?[后前](?!来)|时间|日期|仪式上|以[来后前]|之?时|当[天日晚]|期间|之际|结束|仪式[上后前]|典礼|现场|条件|资格|手续|流程|进度|情况|事宜|工作|问题|数[据量]?|率|类|权|申请)"
)
CONDITION = re.compile(r"[\s“]*(?:待|等到|俟|等[^，]{1,12}后)")
PREPARATION = re.compile(r"(?:工作|事宜|手续|方案|申请|条件|资格)")
COMPLETED = re.compile(r"[了过]|完毕|完成|成功")
BEFORE_IT = re.compile(r"之?前")
ATTRIBUTE = re.compile(r"的(?![，,。；;！!？?\s]|$)")
FROM_TO = re.compile(r"从$|从[^，。]{1,12}到$")
REGION_GOAL = re.compile(r"[到至]\d{4}年|年底?前要|年内要")
# Goals that a project has are plans with a date; those of a region or a policy are goals.
PROJECT_TYPES = {
    EventType.AGREEMENT_SIGNED, EventType.FACILITY_OPENED, EventType.CONSTRUCTION_MILESTONE,
    EventType.TRIAL_MILESTONE, EventType.INVESTMENT, EventType.CONFERENCE_HELD, EventType.COMPANY_FOUNDED,
    EventType.FUND_ESTABLISHED, EventType.PROCUREMENT, EventType.PRODUCT_LAUNCHED, EventType.PERSONNEL_CHANGE,
    EventType.VISIT, EventType.LISTING_FILING,
}  # fmt: skip
# What others decide or nature shows cannot be planned, only foreseen.
# That somebody means to apply or to list is no event until it has a date.
UNDATED_PLANS_ARE_NONE = {EventType.APPROVAL_GRANTED, EventType.LISTING_FILING}
FORESEEN_TYPES = {EventType.APPROVAL_GRANTED, EventType.RESEARCH_RESULT, EventType.POLICY_ISSUED}


@dataclass(frozen=True)
class Setting:
    """Everything that a status is read from."""

    body: str
    type: EventType
    anchor: Hit
    companion_end: int  # where the word ends that stands with the anchor
    sentence: Sentence
    hits: Sequence[Hit]  # of the sentence
    drill: bool
    position: Position
    own_date: bool  # whether the date stands in the anchor's clause
    default: EventStatus | None = None

    @property
    def clause(self) -> tuple[int, int]:
        """The clause of the anchor."""
        return self.sentence.clauses[self.sentence.clause_at(self.anchor.start)]


def _with(hits: Iterable[Hit], labels: str | frozenset[str]) -> list[Hit]:
    """Return the hits that bear the label, or any of the labels."""
    if isinstance(labels, str):
        return [hit for hit in hits if labels in hit.labels]
    return [hit for hit in hits if not labels.isdisjoint(hit.labels)]


def decide(setting: Setting) -> EventStatus | None:
    """Return the status, or None where the words tell no event: a condition, a question, an occasion."""
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


def heard(setting: Setting) -> list[str]:
    """Return the words of status in the clause of the anchor, in their order, each once."""
    start, end = setting.clause
    within = [hit for hit in setting.hits if start <= hit.start < end and hit is not setting.anchor]
    cues = [hit for hit in within if any(label.startswith("cue.") for label in hit.labels)]
    return list(dict.fromkeys(setting.body[hit.start : hit.end] for hit in cues))


def _is_open(setting: Setting, before: list[Hit], after: list[Hit]) -> bool:
    """Return whether the verb stands in a question, a condition, a given-up plan or names an occasion."""
    if setting.sentence.is_question or setting.sentence.is_heading or _with(before, "cue.former"):
        return True
    if _with([*before, *after], "cue.open") or BEFORE_IT.match(setting.body, setting.anchor.end):
        return True
    if FROM_TO.search(setting.body, setting.clause[0], setting.anchor.start):
        return True
    return _is_conditional(setting, before) or _is_occasion(setting, before)


def _is_conditional(setting: Setting, before: list[Hit]) -> bool:
    if CONDITION.match(setting.body, setting.clause[0]):
        return True
    conditions = _with(before, "cue.hypothetical")
    if not conditions:
        return not _with(before, TENSES) and _hangs_on_condition(setting)
    if setting.own_date and setting.position is Position.FUTURE:
        return False
    intention = _with(before, INTENTIONS)
    return not (intention and intention[-1].start > conditions[-1].start)


def _is_occasion(setting: Setting, before: list[Hit]) -> bool:
    """Return whether the verb names an occasion (签约后) or describes a noun (签订的协议), undated."""
    if setting.own_date or setting.position is Position.OLD:
        return False
    if OCCASION.match(setting.body, setting.anchor.end):
        return True
    if PREPARATION.match(setting.body, setting.companion_end):
        return True
    if (
        setting.type is EventType.SAFETY_INCIDENT
        or "成为" in setting.body[setting.clause[0] : setting.anchor.start]
    ):
        return False
    ends = (setting.anchor.end, setting.companion_end)
    return any(ATTRIBUTE.match(setting.body, end) for end in ends) and not _with(before, INTENTIONS)


def _hangs_on_condition(setting: Setting) -> bool:
    """Return whether the clause just before sets a condition (若一切顺利)."""
    number = setting.sentence.clause_at(setting.anchor.start)
    if number == 0 or setting.position is not Position.UNKNOWN:
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
    """Return the status that time and intention give, or None for a plan of long ago."""
    intention = _intention(setting, before, after)
    if setting.position is Position.FUTURE or (intention and setting.position is Position.UNKNOWN):
        return _intended(setting, intention)
    if intention and intention.start > _last_done(before):
        return None if setting.position is Position.OLD else _intended(setting, intention)
    return _past(setting, before)


def _intention(setting: Setting, before: list[Hit], after: list[Hit]) -> Hit | None:
    """Return the word of intention that governs the verb: the last before it, or one close behind it."""
    cues = _with(before, TENSES)
    if cues:
        return cues[-1] if cues[-1].labels & INTENTIONS else None
    if to_come := _with(before, "cue.later"):
        return to_come[-1]
    later = _with(after, INTENTIONS)
    if later and 0 <= later[0].start - setting.companion_end <= CLOSE:
        return later[0]  # 首批入组预计在…
    return None if COMPLETED.match(setting.body, setting.anchor.end) else _inherited(setting)


def _last_done(before: list[Hit]) -> int:
    done = _with(before, "cue.done")
    return done[-1].start if done else -1


def _inherited(setting: Setting) -> Hit | None:
    """Return the intention of the nearest earlier clause that has any word of time, if it is one.

    Past a semicolon only an intention of the sentence's first clause reaches.
    """
    if setting.position in (Position.RECENT, Position.OLD):
        return None
    start = setting.clause[0]
    earlier = _with((h for h in setting.hits if h.end <= start), INTENDED_OR_DONE)
    if not earlier or not earlier[-1].labels & INTENTIONS:
        return None
    run = max(setting.body.rfind(mark, setting.sentence.start, start) for mark in SEGMENT_MARKS)
    if earlier[-1].start > run:
        return earlier[-1]
    opens = earlier[0].end <= setting.sentence.clauses[0][1] and earlier[0].labels & INTENTIONS
    return earlier[0] if opens else None


def _intended(setting: Setting, cue: Hit | None) -> EventStatus | None:
    labels: frozenset[str] = cue.labels if cue else frozenset()
    if setting.default is EventStatus.FORECAST:
        return EventStatus.FORECAST
    if setting.default is EventStatus.IN_PROGRESS and setting.position is not Position.FUTURE:
        return None  # 拟入组90例 is the design of a trial, no event of it
    if "cue.forecast" in labels or ("cue.expected" in labels and _can_only_be_foreseen(setting)):
        return EventStatus.FORECAST
    if REGION_GOAL.search(setting.body, setting.sentence.start, setting.anchor.end):
        return None if setting.type is EventType.TRIAL_MILESTONE else EventStatus.GOAL
    return _plan_or_goal(setting, labels)


def _can_only_be_foreseen(setting: Setting) -> bool:
    """Return whether others decide or nature shows it: an approval, a result, a trial's last patient."""
    completes = setting.type is EventType.TRIAL_MILESTONE and "完成" in setting.body[slice(*setting.clause)]
    return completes or setting.type in FORESEEN_TYPES


def _plan_or_goal(setting: Setting, labels: frozenset[str]) -> EventStatus | None:
    if setting.type in UNDATED_PLANS_ARE_NONE and not setting.own_date:
        return None
    is_goal = "cue.aim" in labels and setting.type not in PROJECT_TYPES
    return EventStatus.GOAL if is_goal else EventStatus.PLANNED


def _past(setting: Setting, before: list[Hit]) -> EventStatus | None:
    completed = COMPLETED.match(setting.body, setting.anchor.end) is not None
    cues = _with(before, TENSES)
    if setting.position is Position.OLD:
        return EventStatus.RETROSPECTIVE
    if setting.default and not completed:
        return setting.default
    if cues and "cue.in_progress" in cues[-1].labels and not completed:
        return EventStatus.IN_PROGRESS
    if setting.position is Position.UNKNOWN and _with(setting.hits, "cue.bygone"):
        return None
    if setting.position is Position.UNKNOWN and _with(before, "cue.retrospective"):
        return EventStatus.RETROSPECTIVE
    return EventStatus.OCCURRED
