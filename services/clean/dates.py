"""Dates as pages write them, to ISO 8601 as far as the text goes. Nothing is added that is not there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from schemas.cleaned import DatePrecision

CHINA = timezone(timedelta(hours=8))
GAP = r"[\s\u3000]{0,4}"
TIME = (
    r"(?:[T\s日|]{0,4}(?P<hour>[01]?\d|2[0-3])\s?[:：时]\s?(?P<minute>[0-5]\d)(?:\s?[:：分]\s?[0-5]\d(?:\.\d{1,9})?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
MONTH = r"(?P<month>1[0-2]|0?[1-9])"
NUMERIC = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d){GAP}[年./-]{GAP}{MONTH}{GAP}[月./-]{GAP}{DAY}(?!\d){GAP}日?{TIME}"
)
# The years of the Republic of China, in use in Taiwan: year 1 is 1912.
MINGUO = re.compile(rf"民国{GAP}(?P<year>\d{{2,3}}){GAP}年{GAP}{MONTH}{GAP}月{GAP}{DAY}{GAP}日{TIME}")
MINGUO_EPOCH = 1911
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
ENGLISH = re.compile(
    r"\b(?:(?P<d1>\d{1,2})\s+)?(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?:(?P<d2>\d{1,2}),?\s+)?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
COMPACT = re.compile(r"^(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?:\d{6})?$")
# `某网某地5月6日电`: the month and the day of the report, never its year.
DATELINE = re.compile(r"(?P<month>1[0-2]|0?[1-9])月(?P<day>3[01]|[12]\d|0?[1-9])日\s*(?:专?电|讯|消息)")
# A clock may run ahead of ours and a zone may be missing; more than a day ahead is another date.
TOLERANCE = timedelta(days=1)
EARLIEST = 1994  # the first Chinese news pages


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date as far as it is known, how far that is, and where it stands in the text."""

    value: str
    precision: DatePrecision
    start: int = 0
    end: int = 0


def find_date(text: str) -> PageDate | None:
    """Return the first full date of a text, with its time of day where it follows."""
    numeric = NUMERIC.search(text)
    if numeric:
        return _dated(numeric, int(numeric["year"]))
    minguo = MINGUO.search(text)
    if minguo:
        return _dated(minguo, int(minguo["year"]) + MINGUO_EPOCH)
    return _english(text) or _compact(text)


def find_dateline(text: str) -> PageDate | None:
    """Return month and day of a dateline at the head of a text, as `--09-02`."""
    match = DATELINE.search(text)
    if not match:
        return None
    month, day = int(match["month"]), int(match["day"])
    return PageDate(f"--{month:02}-{day:02}", DatePrecision.MONTH_DAY, match.start(), match.end())


def is_possible(found: PageDate, fetched_at: datetime) -> bool:
    """Tell whether a page fetched then can be of that date."""
    if found.value.startswith("--"):
        return True
    day = date.fromisoformat(found.value[:10])
    return day.year >= EARLIEST and day <= (fetched_at.astimezone(UTC) + TOLERANCE).date()


def _dated(match: re.Match[str], year: int) -> PageDate | None:
    try:
        day = date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    hour, minute = match["hour"], match["minute"]
    if (
        hour is None or int(hour) == int(minute) == 0
    ):  # midnight sharp is how systems write that no time is known
        return PageDate(day.isoformat(), DatePrecision.DAY, match.start(), match.end())
    moment = datetime.combine(day, time(int(hour), int(minute)), _zone(match["zone"])).astimezone(CHINA)
    return PageDate(moment.isoformat(timespec="minutes"), DatePrecision.MINUTE, match.start(), match.end())


def _zone(zone: str | None) -> tzinfo:
    """Return the zone as written; a page of the Chinese press that gives none means China's."""
    if not zone:
        return CHINA
    return datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo or CHINA


def _english(text: str) -> PageDate | None:
    match = ENGLISH.search(text)
    day = match and (match["d1"] or match["d2"])
    if not match or not day:
        return None
    try:
        found = date(int(match["year"]), MONTHS.index(match["name"].lower()) + 1, int(day))
    except ValueError:
        return None
    return PageDate(found.isoformat(), DatePrecision.DAY, match.start(), match.end())


def _compact(text: str) -> PageDate | None:
    match = COMPACT.match(text)
    try:
        found = match and date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return PageDate(found.isoformat(), DatePrecision.DAY, 0, len(text)) if found else None
