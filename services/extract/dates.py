"""Dates in the body, absolute, relative and partial, against the date of publication.

A year that neither the text nor the publication gives stays unknown: 今年8月15日 on a page without a year is
`--08-15`. What cannot be told at all (近日, 日前) has the value None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from schemas.extracted import DateMention
from services.extract.calendar_dates import PartialDay, read_published
from services.extract.dates_english import find_english_dates
from services.extract.numbers import parse_chinese

YEAR: Final = (
    r"(?:(?P<year>(?:1[89]|20)\d\d)\s?年(?!代)|民国\s?(?P<roc>\d{2,3})\s?年"
    r"|(?P<year_word>今|去|前|明|后|次|翌|本|同一?)年)"
)
MONTH: Final = (
    r"(?:(?P<month>1[0-2]|0?[1-9]|元|正|十[一二]?|[一二三四五六七八九])\s?月份?(?![龄饼亮])"
    r"|(?P<month_word>本|上个?|下个?|同)月)"
)
DAY: Final = (
    r"(?:(?P<first_day>\d{1,2})\s?日?\s?[-‐–—~～至到]\s?)?"
    r"(?P<day>3[01]|[12]\d|0?[1-9])\s?(?:日(?![内间均元常期])|号(?=[^\w]|上|下|晚|在))"
)
PART: Final = r"(?P<part>年?底|年?末|年?初(?![步次期始级心衷创])|年中|年内|上旬|中旬|下旬)"
QUARTER: Final = (
    r"(?:第(?P<season_no>[一二三四1-4])季度?|(?P<quarter>[一二三四1-4])季度"
    r"|(?P<half>[上下])半年|前(?P<quarters>[二两三23])季度?)"
)
POINT: Final = re.compile(
    rf"(?:{YEAR}度?)?(?:{MONTH})?(?:{DAY})?(?:{QUARTER})?(?:{PART})?(?P<season>[春夏秋冬][天季])?"
)
LEADS: Final = (
    re.compile(r"\d{1,4}\s?(?:[年月日]|[-–—~～至]{1,2}\s?\d{1,4}\s?[年日])"),
    re.compile(
        "今年|去年|前年|明年|后年|次年|翌年|本年|同年|同一年|民国|本月|上月|上个月|下月|下个月|同月|年底|年末|年初"
        "|年内|上半年|下半年|一季度|二季度|三季度|四季度|第一季|第二季|第三季|第四季|前三季|前两季|前二季|十二月|十一月|十月"
    ),
)
NEARBY_LEADS: Final = re.compile(
    "昨日|昨天|昨晚|昨夜|昨早|昨晨|昨（|昨\\(|今日|今天|今晚|今晨|今早|今（|今\\(|前日|前天|前晚|明日|明天|明晚|当天|当日|当晚"
    "|同日|同一天|次日|翌日|第二天|上周|本周|下周|国庆节|劳动节|近日|日前|近期|不久前|前不久"
)
NUMERIC: Final = re.compile(r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
JOINT: Final = re.compile(r"\s?(?:至|到|-|–|—{1,2}|~|～)\s?(?=\d|今年|明年)")
YEAR_RANGE: Final = re.compile(
    r"(?P<from>(?:19|20)\d\d)\s?年?\s?[-–—~～至]{1,2}\s?(?P<to>(?:19|20)\d\d)\s?年"
)
NEARBY: Final = re.compile(
    r"(?P<when>昨|今|前|明)(?:[（(](?P<inner>\d{1,2})日?[）)])?(?P<unit>[日天晚夜早晨])(?:[（(](?P<outer>\d{1,2})日[）)])?"
    r"|(?P<same>当[天日晚]|同[日一天]{1,2})|(?P<next>次日|翌日|第二天)"
    r"|(?P<week>上周|本周|下周)(?P<weekday>[一二三四五六日天])|(?P<holiday>国庆节|劳动节)"
    r"|(?P<vague>近日|日前|近期|不久前|前不久)"
)
SENTENCE_END: Final = re.compile(r"[。！？!?；;\n]")
DAYS_AWAY: Final = {"前": -2, "昨": -1, "今": 0, "明": 1}
WEEKS_AWAY: Final = {"上周": -7, "本周": 0, "下周": 7}
YEARS_AWAY: Final = {"前": -2, "去": -1, "今": 0, "本": 0, "明": 1, "后": 2}
HOLIDAYS: Final = {"国庆节": (10, 1), "劳动节": (5, 1)}
ROC_EPOCH: Final = 1911
FAR_AHEAD: Final = 6  # a month without a year further ahead than this is one of the year before
SENTENCE_REACH: Final = 40  # code points within which a month inherits the year named before it
NO_DATE_BEFORE: Final = re.compile(r"[\d.第A-Za-z]$|[\d一二三四五六七八九十两半数几百]\s?$")
FUTURE: Final = re.compile("将|拟|计划|预计|截止|定于|届时")


@dataclass
class Reader:
    """What has been read so far: a date may hang on the one before it."""

    body: str
    published: PartialDay
    year: int | None = None  # the year named last, and where
    year_at: int = -1  # only where it bore a month: 成立于2015年 dates nothing behind it
    day: PartialDay = field(default_factory=PartialDay)  # the day named last, and where
    day_at: int = -1

    def same_sentence(self, at: int, position: int) -> bool:
        """Whether `at` and `position` stand in one sentence."""
        return at >= 0 and not SENTENCE_END.search(self.body, at, position)

    def remember(self, found: PartialDay, position: int) -> None:
        """Take note of a date that has been read."""
        if found.year is not None:
            self.year, self.year_at = found.year, position if found.month else -1
        if found.day is not None:
            self.day, self.day_at = found, position


def find_dates(body: str, published: str | None) -> list[DateMention]:
    """Return the dates that `body` names, in order; `published` is the article's own date as far as known."""
    reader = Reader(body, read_published(published))
    starts = {
        match.start() for pattern in (*LEADS, NUMERIC, NEARBY_LEADS) for match in pattern.finditer(body)
    }
    found: list[DateMention] = []
    for start in sorted(starts):
        if found and start < found[-1].end:
            continue
        if mention := _read_at(reader, start):
            found.append(mention)
    return found or find_english_dates(body, reader.published)


def _read_at(reader: Reader, start: int) -> DateMention | None:
    body = reader.body
    if _in_book_title(body, start) or NO_DATE_BEFORE.search(body, max(0, start - 2), start):
        return None
    if span := YEAR_RANGE.match(body, start):
        return _mention(body, start, span.end(), f"{span['from']}/{span['to']}", "range")
    if near := NEARBY.match(body, start):
        return _read_nearby(reader, near)
    if plain := NUMERIC.match(body, start):
        day = PartialDay(int(plain["year"]), int(plain["month"]), int(plain["day"]))
        reader.remember(day, start)
        return _mention(body, start, plain.end(), day.iso, "day") if day.exists else None
    point = POINT.match(body, start)
    return _read_point(reader, point) if point and point.group() else None


def _read_point(reader: Reader, point: re.Match[str]) -> DateMention | None:
    """Read a date and, where one follows behind a 至, the range that they make."""
    body, start, end = reader.body, point.start(), point.end()
    first, last, precision = _resolve(reader, point, None)
    if first is None or not first.exists:
        return None
    reader.remember(last or first, start)
    if last is None and (joint := JOINT.match(body, end)) and (until := POINT.match(body, joint.end())):
        second = _resolve(reader, until, first)[0] if until.group() else None
        if second and second.exists and second.iso:
            last, end = second, until.end()
            reader.remember(last, start)
    if last is None:
        return _mention(body, start, end, first.iso, precision)
    value = f"{first.iso}/{last.iso}" if first.iso and last.iso and last.exists else None
    return _mention(body, start, end, value, "range")


def _resolve(  # noqa: PLR0911 - one return a way of saying it, a table of its own
    reader: Reader, match: re.Match[str], opened: PartialDay | None
) -> tuple[PartialDay | None, PartialDay | None, str]:
    """Return the first day, the last day (of a range) and the precision of what `match` says.

    `opened` is the date that opened the range which this one closes: it gives year and month.
    """
    base = _base(reader, match, opened)
    if base is None:
        return None, None, ""
    if match["day"]:
        day = base._replace(day=int(match["day"]))
        return (
            (base._replace(day=int(match["first_day"])), day, "range")
            if match["first_day"]
            else (day, None, "day")
        )
    if months := _months(match):
        first, last = base._replace(month=months[0]), base._replace(month=months[1])
        return (last, None, "relative") if match["part"] else (first, last, "range")
    if part := match["part"]:
        if part == "年内":
            return base, None, "year"
        if base.month is None and "旬" not in part:
            base = base._replace(month={"底": 12, "末": 12, "初": 1, "中": 6}[part[-1]])
        return base, None, "relative"
    if match["season"]:
        return base, None, "relative"
    return base, None, "month" if base.month else "year"


def _base(reader: Reader, match: re.Match[str], opened: PartialDay | None) -> PartialDay | None:
    """Return year and month of what `match` says; None where it is no date after all."""
    named = match["year"] or match["roc"] or match["year_word"]
    year = _year(reader, match) if named else None
    month = _month_number(match["month"]) if match["month"] else None
    if match["month_word"]:
        return _month_away(reader, match["month_word"])
    if month is not None:
        if not named:
            year = opened.year if opened else _year_of_month(reader, month, match.start())
        return PartialDay(year, month)
    if named:
        return PartialDay(year)
    if match["day"]:
        if opened:
            return opened._replace(day=None)
        return _month_of_day(reader, int(match["day"]), match.start())
    telling = match["part"] or _months(match)
    return PartialDay(reader.published.year) if telling else None


def _year(reader: Reader, match: re.Match[str]) -> int | None:
    if match["year"]:
        return int(match["year"])
    if match["roc"]:
        return int(match["roc"]) + ROC_EPOCH
    word = match["year_word"]
    if word in YEARS_AWAY:
        here = reader.published.year
        return None if here is None else here + YEARS_AWAY[word]
    if reader.year is None:
        return None
    return reader.year + (word in "次翌")


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else 1 if text in "元正" else int(parse_chinese(text) or 0)


def _month_away(reader: Reader, word: str) -> PartialDay | None:
    if word == "同":
        return reader.day._replace(day=None) if reader.day.month else None
    return reader.published.months_later({"上": -1, "下": 1, "本": 0}[word[0]])


def _year_of_month(reader: Reader, month: int, position: int) -> int | None:
    """Return the year of a month that bears none: that of its sentence, else the one nearest the page."""
    if position - reader.year_at <= SENTENCE_REACH and reader.same_sentence(reader.year_at, position):
        return reader.year
    here = reader.published
    if here.year is None or here.month is None:
        return here.year
    return here.year - (month - here.month > FAR_AHEAD)


def _month_of_day(reader: Reader, day: int, position: int) -> PartialDay | None:
    """Return year and month of a day that bears none: those of its sentence, else of the publication."""
    if reader.same_sentence(reader.day_at, position) and reader.day.month:
        return reader.day._replace(day=None)
    here = reader.published
    if here.month is None:
        return None
    if here.day is not None and day > here.day and not _speaks_of_future(reader, position):
        return here.months_later(-1)
    return here._replace(day=None)


def _speaks_of_future(reader: Reader, position: int) -> bool:
    start = max(
        (m.end() for m in SENTENCE_END.finditer(reader.body, max(0, position - 80), position)), default=0
    )
    return FUTURE.search(reader.body, start, position + 20) is not None


def _months(match: re.Match[str]) -> tuple[int, int] | None:
    """Return the first and last month of a quarter, a half year, or the first quarters."""
    if quarter := match["quarter"] or match["season_no"]:
        number = int(parse_chinese(quarter) or quarter)
        return 3 * number - 2, 3 * number
    if match["half"]:
        return (1, 6) if match["half"] == "上" else (7, 12)
    if match["quarters"]:
        return 1, 9 if match["quarters"] in "三3" else 6
    return None


def _read_nearby(reader: Reader, match: re.Match[str]) -> DateMention | None:
    """Read what stands near the publication (昨日, 上周三) or near the day named last (当天, 次日)."""
    day: PartialDay | None = None
    inner = match["inner"] or match["outer"]
    if match["when"]:
        if match["when"] in "今明" and match["unit"] == "天" and not inner:
            return None  # as often "nowadays" as the day itself
        day = reader.published.days_later(DAYS_AWAY[match["when"]]) if reader.published.day else None
        if inner and (day is None or day.day != int(inner)):
            base = _month_of_day(reader, int(inner), match.start())
            day = base._replace(day=int(inner)) if base else None
    elif match["same"] or match["next"]:
        if reader.day_at >= 0 and "\n" not in reader.body[reader.day_at : match.start()]:
            day = reader.day if match["same"] else reader.day.days_later(1)
    elif match["week"]:
        day = _weekday(reader.published, match["week"], match["weekday"])
    elif match["holiday"]:
        month, number = HOLIDAYS[match["holiday"]]
        day = PartialDay(_year_of_month(reader, month, match.start()), month, number)
    if day:
        reader.remember(day, match.start())
    return _mention(reader.body, *match.span(), day.iso if day else None, "day" if day else "relative")


def _weekday(published: PartialDay, week: str, weekday: str) -> PartialDay | None:
    if published.year is None or published.month is None or published.day is None:
        return None
    today = date(published.year, published.month, published.day).weekday()
    wanted = "一二三四五六日".index(weekday.replace("天", "日"))
    return published.days_later(WEEKS_AWAY[week] + wanted - today)


def _in_book_title(body: str, position: int) -> bool:
    """Whether a position stands within 《》: the years of a plan's title date nothing."""
    return body.rfind("《", max(0, position - 60), position) > body.rfind(
        "》", max(0, position - 60), position
    )


def _mention(body: str, start: int, end: int, value: str | None, precision: str) -> DateMention:
    return DateMention(start=start, end=end, text=body[start:end], value=value, precision=precision)
