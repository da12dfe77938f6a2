"""Dates as pages write them, to ISO 8601 as far as the text goes. Nothing is added that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from schemas.cleaned import DatePrecision

CHINA = timezone(timedelta(hours=8))
# `CST` is China's in the stamps that Java writes; the other names are of English pages.
ZONES = {"GMT": 0, "UTC": 0, "Z": 0, "CST": 8, "HKT": 8, "JST": 9, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7}
GAP = r"[\s\u3000]{0,4}"
ZONE = rf"\s?(?P<zone>(?:{'|'.join(ZONES)})?(?:[+-]\d\d?(?::?\d\d)?)?)\b"
CLOCK = (
    r"(?P<half>上午|下午|凌晨|清晨|早上|早|中午|傍晚|晚上|晚|夜间)?\s?(?P<hour>2[0-3]|[01]?\d)\s?[:：时点]\s?(?P<minute>[0-5]\d)"
    r"(?:\s?[:：分]\s?[0-5]\d(?:[.,]\d{1,9})?)?[分秒]?(?:\s?(?P<ampm>[AaPp]\.?[Mm])\b\.?)?"
)
WEEKDAY = r"[(（\[]?(?:星期|周|礼拜)[一二三四五六日天][)）\]]?"
TIME = rf"(?:(?:日|T|,|\||at|{WEEKDAY}|[\s\u3000]){{0,6}}{CLOCK}(?:{ZONE})?)?"
DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
MONTH = r"(?P<month>1[0-2]|0?[1-9])"
NUMERIC = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d){GAP}[年./-]{GAP}{MONTH}{GAP}[月./-]{GAP}{DAY}(?!\d){GAP}日?{TIME}"
)
# `2023 11/17 20:52`: year, day and time in elements of their own.
PARTED = re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d\d)\s{{1,3}}{MONTH}\s?[/-]\s?{DAY}(?=\s{{1,3}}\d\d:){TIME}")
# As scripts of American make write them (`6/25/2003 2:15 PM`).
AMERICAN = re.compile(rf"(?<![\d/]){MONTH}/{DAY}/(?P<year>(?:19|20)\d\d)(?!\d){TIME}")
# The years of the Republic of China, in use in Taiwan: year 1 is 1912.
MINGUO = re.compile(rf"民国{GAP}(?P<year>\d{{2,3}}){GAP}年{GAP}{MONTH}{GAP}月{GAP}{DAY}{GAP}日{TIME}")
LABELLED_MINGUO = re.compile(
    rf"(?:日期|时间|发布|刊登)\W{{0,4}}(?P<year>1[01]\d)[./年-]{MONTH}[./月-]{DAY}(?!\d)日?{TIME}"
)
MINGUO_EPOCH = 1911
# As platforms for phones write them: `发布时间：24-06-25`.
SHORT = re.compile(rf"(?:发布|发表|时间|日期)\W{{0,3}}(?P<year>\d\d)-{MONTH}-{DAY}(?!\d){TIME}")
CENTURY = 2000
DIGITS = {character: str(n % 10) for n, character in enumerate("〇一二三四五六七八九○零")} | {
    "○": "0",
    "零": "0",
}
HAN_DIGIT = "[〇○零一二三四五六七八九]"
HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
HANZI = re.compile(
    rf"(?:(?P<year>{HAN_DIGIT}{{4}})|民国(?P<minguo>[一二三四五六七八九十百]{{2,5}}))年"
    rf"(?P<month>{HAN_NUMBER}|元)月(?:(?P<day>{HAN_NUMBER})日)?"
)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NAME = (
    r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>(?:19|20)\d\d)\b"
ENGLISH = (
    re.compile(
        rf"\b{NAME}\s{{0,3}}{ORDINAL}\s?,?\s{{0,3}}(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s{{1,3}})?{YEAR}{TIME}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{ORDINAL}[\s-]{{1,3}}(?:of )?{NAME}[\s,-]{{1,3}}{YEAR}{TIME}", re.IGNORECASE),
    re.compile(rf"\b{NAME} {ORDINAL} {CLOCK} (?P<zone>[A-Z]{{3}}) {YEAR}", re.IGNORECASE),  # Java's
)
COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])"
    r"(?:[T ]?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?:[0-5]\d)?)?"
)
SECONDS = re.compile(r"(?P<seconds>[78]\d{8}|1\d{9})(?:\d{3})?")  # since 1970; years 1992 to 2033
YEAR_MONTH = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d)"
    rf"(?:{GAP}[年./-]{GAP}{MONTH}{GAP}(?:月(?!{GAP}\d)|(?![\d月./-]))|年(?!{GAP}\d)|$)"
)
MONTH_DAY = re.compile(rf"(?<![\d年./-]){MONTH}{GAP}[月./-]{GAP}{DAY}(?![\d./-])")
# `某网某地5月6日电`, `某地2024年5月6日 /某社/`: the day of the report, mostly without its year.
DATELINE = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)年)?(?<!\d){MONTH}月{DAY}日(?:\s*(?:专?电|讯|消息)|\s?[/／][^/／\s]{{2,12}}[/／])"
)
ENGLISH_DATELINE = re.compile(
    rf"^[A-Z][A-Za-z .,'-]{{1,40}}, {NAME} {ORDINAL}(?:, {YEAR})?\s?(?:[(/][\w .-]{{2,24}}[)/]|--|—|–)"
)
ENGLISH_MONTH = re.compile(rf"\b{NAME},? {YEAR}", re.IGNORECASE)
# Without one of these there is no date: spares most lines all notations.
CUE = re.compile(r"(?:19|20)\d\d|年|(?<!\d)(?:1[01]\d[./-]|\d\d-\d\d?-)")
BEFORE_NOON = frozenset(["上午", "凌晨", "清晨", "早上", "早", "am", "a.m"])
AFTER_NOON = frozenset(["下午", "中午", "傍晚", "晚上", "晚", "夜间", "pm", "p.m"])
NOON = 12
REMEMBERED = 64  # texts: each line of a page is asked for its date several times


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
    return _found(text) if CUE.search(text) else ()


@lru_cache(REMEMBERED)
def _found(text: str) -> tuple[PageDate, ...]:
    for pattern, read in NOTATIONS:
        found = tuple(made for match in pattern.finditer(text) if (made := read(match)))
        if found:
            return found
    return ()


def read_stamp(value: str) -> PageDate | None:
    """Return the date that a whole value is, as systems write it into the head of a page."""
    value = value.strip()
    compact = COMPACT.fullmatch(value)
    if compact:
        return _numeric(compact)
    seconds = SECONDS.fullmatch(value)
    if seconds:
        moment = datetime.fromtimestamp(int(seconds["seconds"]), CHINA)
        return _to_the_minute(moment, 0, len(value), zoned=True)
    return find_date(value) or find_month(value)


def find_month(text: str) -> PageDate | None:
    """Return year and month, or the year alone, of a text that is known to give a date and gives no day."""
    if not CUE.search(text):
        return None
    match = ENGLISH_MONTH.search(text)
    if match:
        return PageDate(f"{match['year']}-{_month_of(match['name']):02}", DatePrecision.MONTH, *match.span())
    match = YEAR_MONTH.search(text)
    if match and match["month"]:
        return PageDate(f"{match['year']}-{int(match['month']):02}", DatePrecision.MONTH, *match.span())
    if match:
        return PageDate(match["year"], DatePrecision.YEAR, *match.span())
    han = HANZI.search(text)
    return _hanzi_month(han) if han and not han["day"] else None


def find_month_day(text: str) -> PageDate | None:
    """Return month and day, as `--09-02`, of a text that is known to give a date and gives no year."""
    match = MONTH_DAY.search(text)
    return _without_year(match, int(match["month"])) if match else None


def find_dateline(text: str) -> PageDate | None:
    """Return the date of a dateline at the head of a text: month and day as `--09-02`, or a full date."""
    match = DATELINE.search(text) if "日" in text else None
    if match:
        return _numeric(match) if match["year"] else _without_year(match, int(match["month"]))
    match = ENGLISH_DATELINE.match(text)
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


def _short(match: re.Match[str]) -> PageDate | None:
    return _dated(match, int(match["year"]) + CENTURY, int(match["month"]))


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


def _hanzi_month(match: re.Match[str]) -> PageDate | None:
    month = _number(match["month"])
    if not 1 <= month <= len(MONTHS):
        return None
    return PageDate(f"{_hanzi_year(match)}-{month:02}", DatePrecision.MONTH, *match.span())


def _hanzi_year(match: re.Match[str]) -> int:
    if match["year"]:
        return int("".join(DIGITS[character] for character in match["year"]))
    hundreds, _, rest = match["minguo"].rpartition("百")
    return MINGUO_EPOCH + 100 * (int(DIGITS[hundreds]) if hundreds else 0) + _number(rest)


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
    match = re.fullmatch(
        r"(?P<name>[A-Za-z]{0,3})(?:(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?)?", zone or ""
    )
    if not zone or not match:
        return CHINA
    if match["sign"]:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        return timezone(-offset if match["sign"] == "-" else offset)
    hours = ZONES.get(match["name"].upper())
    return CHINA if hours is None else timezone(timedelta(hours=hours)) if hours else UTC


NOTATIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PageDate | None]], ...] = (
    (NUMERIC, _numeric),
    (PARTED, _numeric),
    (MINGUO, _minguo),
    (LABELLED_MINGUO, _minguo),
    (SHORT, _short),
    (HANZI, _hanzi),
    *((pattern, _english) for pattern in ENGLISH),
    (AMERICAN, _american),
)
