"""What happened on a date that stands in a line: the words before and behind it tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

from services.clean.data import content
from services.clean.metadata.dates import PageDate, find_dates

MAX_LABEL = 16
SIGNS = " \t\u3000:：|｜[【(（"
MOMENT = re.compile(r"(?:的)?(?:时间|日期|于|是|为| on| at)$", re.IGNORECASE)
LABEL = re.compile(r"[:：]\s?$")
RANGE = re.compile(r"\s?[-—–~～至到]\s?(?:\d|[一二三四五六七八九十]+[月日])")
HAN = re.compile(r"[\u4e00-\u9fff]$")


class Event(StrEnum):
    """What happened on a date, the kinds of `data/dates.yaml`; `NOTHING_SAID` where no word tells."""

    PUBLISHED = "published"
    CHANGED = "changed"
    DRAWN = "drawn"
    OTHER = "other"
    NOTHING_SAID = ""


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(content("dates.yaml")[kind])


@cache
def _other_behind() -> re.Pattern[str]:
    """Return the pattern of the words behind a date, unless they are the label of the next one."""
    return re.compile(rf"\s*(?:{'|'.join(_words('other_behind'))})(?!时间|日期|期|于|至|\s?[:：])")


def dated_events(line: str) -> Iterator[tuple[PageDate, Event]]:
    """Yield the full dates of a line with what happened on each."""
    end = 0
    for found in find_dates(line):
        yield found, event_of(line[max(end, found.start - MAX_LABEL) : found.start], line[found.end :])
        end = found.end


def event_of(before: str, behind: str = "") -> Event:
    """Return what happened on a date between these two texts."""
    if RANGE.match(behind) or _other_behind().match(behind):
        return Event.OTHER
    label = before.rstrip(SIGNS)
    word = MOMENT.sub("", label).rstrip(SIGNS)
    told = word != label
    if word.endswith(_words("other_alone")) or (
        (told or LABEL.search(before)) and word.endswith(_words("other"))
    ):
        return Event.OTHER
    for event in (Event.CHANGED, Event.DRAWN, Event.PUBLISHED):
        if word.endswith(_words(event)):
            return event
    if not told:
        return Event.NOTHING_SAID
    unknown = HAN.search(word) and not word.endswith(_words("published_what"))
    return Event.OTHER if unknown else Event.PUBLISHED
