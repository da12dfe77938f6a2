"""Dates in English text: June 3, Oct. 21, in March, the second half of 2026, mid-2027, last month."""

from __future__ import annotations

import re
from typing import Final

from schemas.extracted import DateMention
from services.extract.calendar_dates import PartialDay

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)"
)
ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4}
PATTERN: Final = re.compile(
    r"(?:the )?(?P<part>first|second|third|fourth) (?P<span>half|quarter) of (?P<part_year>20\d\d)"
    r"|mid-(?P<mid>20\d\d)|(?P<last>last|next|this) (?P<unit>year|month)"
    rf"|\b{MONTH}(?: (?P<day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?)?(?:,? (?P<year>(?:19|20)\d\d))?"
    r"|\b(?:in|by|since|until|before|during|from|of|for) (?P<only>(?:19|20)\d\d)\b"
)
NAMED_BY: Final = re.compile(r"\b(?:in|since|until|by|last|from|of|before|to|during) $")
AWAY: Final = {"last": -1, "this": 0, "next": 1}
FAR_AHEAD: Final = 6
LATIN: Final = re.compile("[a-z]{3,} [a-z]{2,}")


def find_english_dates(body: str, published: PartialDay) -> list[DateMention]:
    """Return the dates of an English body, in order."""
    if not LATIN.search(body):
        return []
    found = []
    for match in PATTERN.finditer(body):
        if reading := _read(body, match, published):
            start = match.start("only") if match["only"] else match.start()
            value, precision = reading
            text = body[start : match.end()]
            found.append(
                DateMention(start=start, end=match.end(), text=text, value=value, precision=precision)
            )
    return found


def _read(body: str, match: re.Match[str], published: PartialDay) -> tuple[str | None, str] | None:
    if match["part"]:
        length = 6 if match["span"] == "half" else 3
        last = ORDINALS[match["part"]] * length
        return f"{match['part_year']}-{last - length + 1:02}/{match['part_year']}-{last:02}", "range"
    if match["mid"]:
        return f"{match['mid']}-06", "relative"
    if match["only"]:
        return match["only"], "year"
    if match["last"]:
        return _away(match, published)
    return _month_day(body, match, published)


def _away(match: re.Match[str], published: PartialDay) -> tuple[str | None, str]:
    step = AWAY[match["last"]]
    if match["unit"] == "month":
        month = published.months_later(step)
        return (month.iso if month else None), "month"
    return (PartialDay(published.year + step).iso if published.year else None), "year"


def _month_day(body: str, match: re.Match[str], published: PartialDay) -> tuple[str | None, str] | None:
    month = MONTHS.index(match["month"][:3].lower()) + 1
    day = int(match["day"]) if match["day"] else None
    if (
        day is None
        and not match["year"]
        and not NAMED_BY.search(body, max(0, match.start() - 8), match.start())
    ):
        return None  # May and March are words too
    year = int(match["year"]) if match["year"] else published.year
    if not match["year"] and year and published.month and month - published.month > FAR_AHEAD:
        year -= 1
    found = PartialDay(year, month, day)
    return (found.iso, "day" if day else "month") if found.exists else None
