"""Dates as pages write them, to ISO 8601 as far as the text goes. Nothing is added that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from schemas.cleaned import DatePrecision
from services.clean.metadata import notations

CHINA = timezone(timedelta(hours=8))
MINGUO_EPOCH = 1911  # year 1 of the Republic of China is 1912
CENTURY = 2000
MIN_MINGUO = 100  # a year of three digits is the Republic's
DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
BEFORE_NOON = frozenset(["上午", "凌晨", "清晨", "早上", "早", "am", "a.m"])
AFTER_NOON = frozenset(["下午", "中午", "傍晚", "晚上", "晚", "夜间", "pm", "p.m"])
NOON = 12
REMEMBERED = 64  # texts: each line of a page is asked for its date several times
OFFSET = re.compile(r"(?P<name>[A-Za-z]{0,3})(?:(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?)?")


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date as far as it is known, how far that is, and where it stands in the text.

    `zoned`: the text gave the zone; else it was taken for China's.
    """

    value: str
    precision: DatePrecision
    start: int = 0
    end: int = 0
    zoned: bool = False


def find_date(text: str) -> PageDate | None:
    """Return the first full date of a text, with its time of day where it follows."""
    return next(iter(find_dates(text)), None)


def find_dates(text: str) -> tuple[PageDate, ...]:
    """Return the full dates of a text, those of one notation: pages do not mix them."""
    text = _half_width(text)
    return _found(text) if notations.CUE.search(text) else ()


def _half_width(text: str) -> str:
    return text.translate(notations.HALF_WIDTH) if notations.FULL_WIDTH.search(text) else text


@lru_cache(REMEMBERED)
def _found(text: str) -> tuple[PageDate, ...]:
    for pattern, read in NOTATIONS:
        found = tuple(made for match in pattern.finditer(text) if (made := read(match)))
        if found:
            return found
    return ()


def read_stamp(value: str) -> PageDate | None:
    """Return the date that a whole value is, as systems write it into the head of a page."""
    value = _half_width(value.strip())
    compact = notations.COMPACT.fullmatch(value)
    if compact:
        return _numeric(compact)
    seconds = notations.SECONDS.fullmatch(value)
    if seconds:
        moment = datetime.fromtimestamp(int(seconds["seconds"]), CHINA)
        return _to_the_minute(moment, 0, len(value), zoned=True)
    return find_date(value) or find_month(value)


def find_month(text: str) -> PageDate | None:
    """Return year and month, or the year alone, of a text that is known to give a date and gives no day."""
    text = _half_width(text)
    if not notations.CUE.search(text):
        return None
    match = notations.ENGLISH_MONTH.search(text)
    if match:
        return _month(int(match["year"]), _month_of(match["name"]), match)
    match = notations.YEAR_MONTH.search(text)
    if match and match["month"]:
        return _month(int(match["year"]), int(match["month"]), match)
    if match:
        return PageDate(str(int(match["year"])), DatePrecision.YEAR, *match.span())
    han = notations.HANZI.search(text)
    return _month(_hanzi_year(han), _number(han["month"]), han) if han and not han["day"] else None


def _month(year: int, month: int, match: re.Match[str]) -> PageDate | None:
    if not 1 <= month <= len(MONTHS):
        return None
    return PageDate(f"{year}-{month:02}", DatePrecision.MONTH, *match.span())


def find_month_day(text: str) -> PageDate | None:
    """Return month and day, as `--09-02`, of a text that is known to give a date and gives no year."""
    match = notations.MONTH_DAY.search(_half_width(text))
    return _without_year(match, int(match["month"])) if match else None


def find_dateline(text: str) -> PageDate | None:
    """Return the date of a dateline at the head of a text: month and day as `--09-02`, or a full date."""
    match = notations.DATELINE.search(text) if "日" in text else None
    if match:
        return _numeric(match) if match["year"] else _without_year(match, int(match["month"]))
    match = notations.ENGLISH_DATELINE.match(text)
    if match:
        return _english(match) if match["year"] else _without_year(match, _month_of(match["name"]))
    return None


def _without_year(match: re.Match[str], month: int) -> PageDate | None:
    try:
        day = date(2000, month, int(match["day"]))  # a leap year
    except ValueError:
        return None
    return PageDate(f"--{day:%m-%d}", DatePrecision.MONTH_DAY, *match.span())


def _numeric(match: re.Match[str]) -> PageDate | None:
    return _dated(match, int(match["year"]), int(match["month"]))


def _american(match: re.Match[str]) -> PageDate | None:
    """Return the date only where no other order of day and month could be meant."""
    return _numeric(match) if int(match["day"]) > len(MONTHS) or match["day"] == match["month"] else None


def _minguo(match: re.Match[str]) -> PageDate | None:
    return _dated(match, int(match["year"]) + MINGUO_EPOCH, int(match["month"]))


def _labelled(match: re.Match[str]) -> PageDate | None:
    """Return the date behind a label, without which its short year would be no year."""
    year = int(match["year"])
    found = _dated(match, year + (CENTURY if year < MIN_MINGUO else MINGUO_EPOCH), int(match["month"]))
    return replace(found, start=match.start("year")) if found else None


def _english(match: re.Match[str]) -> PageDate | None:
    return _dated(match, int(match["year"]), _month_of(match["name"]))


def _month_of(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1


def _hanzi(match: re.Match[str]) -> PageDate | None:
    if not match["day"]:
        return None
    try:
        day = date(_hanzi_year(match), _number(match["month"]), _number(match["day"]))
    except ValueError:
        return None
    return PageDate(day.isoformat(), DatePrecision.DAY, *match.span())


def _hanzi_year(match: re.Match[str]) -> int:
    if match["year"]:
        return int("".join(DIGITS[character] for character in match["year"]))
    hundreds, hundred, rest = match["minguo"].rpartition("百")
    return MINGUO_EPOCH + (100 * int(DIGITS[hundreds]) if hundred else 0) + _number(rest.lstrip("零"))


def _number(han: str) -> int:
    """Return a number below 100 in Chinese characters; 元 is the first month."""
    if han == "元":
        return 1
    tens, ten, ones = han.rpartition("十")
    return (10 * int(DIGITS[tens[-1]] if tens else 1) if ten else 0) + (int(DIGITS[ones[-1]]) if ones else 0)


def _dated(match: re.Match[str], year: int, month: int) -> PageDate | None:
    """Return the date of a match; midnight sharp is how systems write that no time is known."""
    start, end = match.span()
    groups = match.groupdict()
    try:
        day = date(year, month, int(groups["day"]))
        hour, minute = _time_of_day(groups)
        written = datetime.combine(day, time(hour, minute), _zone(groups.get("zone")))
    except ValueError:
        return None
    if hour == minute == 0:
        return PageDate(day.isoformat(), DatePrecision.DAY, start, end)
    return _to_the_minute(written.astimezone(CHINA), start, end, zoned=bool(groups.get("zone")))


def _to_the_minute(moment: datetime, start: int, end: int, *, zoned: bool) -> PageDate:
    if moment.hour == moment.minute == 0:
        return PageDate(moment.date().isoformat(), DatePrecision.DAY, start, end, zoned)
    return PageDate(moment.isoformat(timespec="minutes"), DatePrecision.MINUTE, start, end, zoned)


def _time_of_day(groups: dict[str, str | None]) -> tuple[int, int]:
    """Return hour and minute of a match, 0 and 0 where it has none."""
    hour, minute = int(groups.get("hour") or 0), int(groups.get("minute") or 0)
    half = (groups.get("half") or groups.get("ampm") or "").lower()
    if half in AFTER_NOON and hour < NOON:
        hour += NOON
    elif half in BEFORE_NOON and hour == NOON:
        hour = 0
    return hour, minute


def _zone(zone: str | None) -> tzinfo:
    """Return the zone as written; a page of the Chinese press that gives none means China's."""
    match = OFFSET.fullmatch(zone or "")
    if not zone or not match:
        return CHINA
    if match["sign"]:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        return timezone(-offset if match["sign"] == "-" else offset)
    hours = notations.ZONES.get(match["name"].upper())
    return CHINA if hours is None else timezone(timedelta(hours=hours)) if hours else UTC


NOTATIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PageDate | None]], ...] = (
    (notations.NUMERIC, _numeric),
    (notations.PARTED, _numeric),
    (notations.MINGUO, _minguo),
    (notations.LABELLED_MINGUO, _labelled),
    (notations.LABELLED_SHORT, _labelled),
    (notations.HANZI, _hanzi),
    *((pattern, _english) for pattern in notations.ENGLISH),
    (notations.AMERICAN, _american),
)
