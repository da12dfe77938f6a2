"""When an event happens: the date that belongs to its verb, and how it lies to the day of publication.

Only what the text says: a date of the same clause, or of an earlier clause of the same run (between full
stops and semicolons). The day of publication itself is never taken for the day of the event.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from schemas.extracted import DateMention
from services.extract.clauses import SEGMENT_MARKS, Sentence

REACH_AFTER = 22  # characters between a verb and a date behind it: 首例入组预计在明年3月
ENGLISH_REACH_AFTER = 100  # the same in English, where the date closes the sentence
RECENT_DAYS = 120  # within one year, an event of the last four months is still news
RECENT_DAYS_LAST_YEAR = 60  # what is told as 去年 turns into history sooner
ADVERBIAL_TAIL = 4  # characters that may follow a date in a clause of its own: 3月10日上午，…
MAX_SCENE = 24  # characters of a sentence that does no more than set the time: 时间回到2022年5月。
DATELINE = re.compile(r"\s*(?:电|讯|消息|\(记者|（记者|报道)")
VAGUE = re.compile(r"日前|近日|不久前|早些时候|近期")
SAID = re.compile(r"\b(?:said|announced|reported|told \w+)\s+(?:on\s+)?$")
OPEN_RANGE = re.compile(r"(?:截至|截止|自|从)$")
PARTS = re.compile(r"^(-?\d{4}|-)(?:-(\d\d))?(?:-(\d\d))?")


class Position(Enum):
    """How a date lies to the day of publication."""

    UNKNOWN = "unknown"
    OLD = "old"
    RECENT = "recent"
    FUTURE = "future"


class EventDate(NamedTuple):
    """A date and whether it stands in the verb's own clause; where it does not, it is weaker evidence."""

    value: str
    own: bool


def bounds(value: str, year: int | None) -> tuple[date, date] | None:
    """Return first and last day of an ISO date, month, year or range; `year` stands in for a missing one."""
    first, _, last = value.partition("/")
    low, high = _days(first, year), _days(last or first, year)
    return (low[0], high[1]) if low and high else None


def _days(value: str, year: int | None) -> tuple[date, date] | None:
    match = PARTS.match(value)
    if match is None:
        return None
    of_year = year if match[1] == "-" else int(match[1])
    if not of_year or of_year < 1:
        return None
    first_month, last_month = (int(match[2]), int(match[2])) if match[2] else (1, 12)
    try:
        first_day = int(match[3]) if match[3] else 1
        last_day = int(match[3]) if match[3] else monthrange(of_year, last_month)[1]
        return date(of_year, first_month, first_day), date(of_year, last_month, last_day)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def position(value: str | None, published: str | None) -> Position:
    """Return how `value` lies to `published`; unknown where one is missing or the years do not compare."""
    if not value or not published:
        return Position.UNKNOWN
    day_of_news = PARTS.match(published)
    year = None if day_of_news is None or day_of_news[1] == "-" else int(day_of_news[1])
    if year is None and not value.startswith("--"):
        return Position.UNKNOWN
    stand_in = year or 2000  # both without a year: the same year, and a leap year at that
    span, news = bounds(value, stand_in), bounds(published[:10], stand_in)
    if span is None or news is None:
        return Position.UNKNOWN
    return _compare(span, news)


def _compare(span: tuple[date, date], news: tuple[date, date]) -> Position:
    first, last = span
    today = news[1]
    if first > today or (last > today and (last - today).days > (today - first).days):
        return Position.FUTURE
    age = (today - last).days
    limit = RECENT_DAYS if last.year == today.year else RECENT_DAYS_LAST_YEAR
    return Position.OLD if age > limit else Position.RECENT


def find_date(
    body: str, sentence: Sentence, anchor: tuple[int, int], dates: Sequence[DateMention]
) -> EventDate | None:
    """Return the date that belongs to the anchor `body[start:end]` in its sentence, or None.

    `dates` are those of the sentence and of the one before it. Preferred: before the anchor in its clause,
    shortly after it, the nearest earlier clause of the same run, a sentence that sets the scene.
    """
    clause_start, clause_end = sentence.clauses[sentence.clause_at(anchor[0])]
    usable = [d for d in dates if d.value and not DATELINE.match(body, d.end) and not _inside_title(body, d)]
    inside = [d for d in usable if clause_start <= d.start and d.end <= anchor[0]]
    if inside:
        return None if VAGUE.search(body, inside[-1].end, anchor[0]) else _own(body, inside[-1])
    if VAGUE.search(body, clause_start, anchor[0]):
        return None
    reach = ENGLISH_REACH_AFTER if body[anchor[0]].isascii() else REACH_AFTER
    after = [d for d in usable if anchor[1] <= d.start < min(clause_end, anchor[1] + reach)]
    if after:
        return _own(body, after[0])
    return _earlier(body, sentence, clause_start, usable) or _scene(sentence, usable)


def _own(body: str, mention: DateMention) -> EventDate:
    """Return the date; a day on which somebody said it is no more than a hint (English news style)."""
    said = SAID.search(body, max(0, mention.start - 24), mention.start)
    return EventDate(str(mention.value), said is None)


def _earlier(body: str, sentence: Sentence, before: int, dates: Sequence[DateMention]) -> EventDate | None:
    run = max(body.rfind(mark, sentence.start, before) for mark in SEGMENT_MARKS) + 1
    earlier = [d for d in dates if max(run, sentence.start) <= d.start and d.end <= before]
    if not earlier or VAGUE.search(body, earlier[-1].end, before):
        return None
    if OPEN_RANGE.search(body, max(0, earlier[-1].start - 2), earlier[-1].start):
        return None
    last = earlier[-1]
    alone = before - last.end <= ADVERBIAL_TAIL and (
        last.start == max(run, sentence.start) or body[last.start - 1] in "，,。；;：: \n】"
    )
    return EventDate(str(last.value), own=alone)


def _scene(sentence: Sentence, dates: Sequence[DateMention]) -> EventDate | None:
    """Return the date of the short sentence just before that only says when."""
    scene = [d for d in dates if d.end <= sentence.start and sentence.start - d.start <= MAX_SCENE]
    return EventDate(str(scene[-1].value), own=False) if scene and sentence.after_scene else None


def _inside_title(body: str, mention: DateMention) -> bool:
    opened = body.rfind("《", max(0, mention.start - 60), mention.start)
    return opened >= 0 and body.find("》", opened, mention.start) < 0
