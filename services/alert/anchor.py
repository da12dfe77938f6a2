"""When it happened, as far as the text tells: an exact day, or a vague date with a day to assume meanwhile.

The assumed day is never shown to anyone. It only says where a report without a date of its own waits for the
story that it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

PARTS: Final = re.compile(r"(?P<year>\d{4})?-{0,2}(?P<month>\d\d)?(?:-(?P<day>\d\d))?")
MID_MONTH: Final = 15
VAGUENESS: Final = {  # by whether year, month and day are known
    (True, True, True): 0,
    (True, True, False): 1,
    (False, True, True): 2,
    (False, True, False): 3,
    (True, False, False): 4,
    (False, False, False): 5,
}


@dataclass(frozen=True, order=True)
class PartDate:
    """A date of which any part may be missing (0)."""

    year: int = 0
    month: int = 0
    day: int = 0

    @classmethod
    @lru_cache(maxsize=4096)
    def read(cls, text: str | None) -> PartDate:
        """Read a `schemas.base.PartialDate`; of a range the start. What is no date of ours is all missing."""
        found = PARTS.match((text or "").split("/")[0])
        return cls(*(int(part or 0) for part in found.groups())) if found else cls()

    @property
    def vagueness(self) -> int:
        """0 for a day; then month, month and day without a year, month without a year, year, nothing."""
        return VAGUENESS[bool(self.year), bool(self.month), bool(self.day)]

    def within(self, year: int) -> tuple[date, date] | None:
        """Return the first and the last day that it may mean in `year`; None where there is none."""
        if self.year not in (0, year):
            return None
        try:
            first = date(year, self.month or 1, self.day or 1)
            last = date(year, self.month or 12, self.day or 28)
        except ValueError:
            return None
        return (first, last) if self.day else (first, _month_end(last))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, order=True)
class Anchor:
    """Where a report stands in time. Anchors sort by trust, then by day."""

    vagueness: int
    day: int  # proleptic ordinal; assumed where vagueness > 0
    pattern: PartDate

    def key(self) -> str:
        """Return the name of the bucket of all reports that stand at the same place."""
        p = self.pattern
        return f"{p.year:04}-{p.month:02}-{p.day:02}@{self.day}"

    def may_be_near(self, first: int, last: int) -> bool:
        """Tell whether a vague date can mean a day between two ordinals, both included."""
        for year in _years(first, last):
            span = self.pattern.within(year)
            if span and span[0].toordinal() <= last and first <= span[1].toordinal():
                return True
        return False


def _years(first: int, last: int) -> Iterator[int]:
    yield from range(date.fromordinal(first).year, date.fromordinal(last).year + 1)


def anchor(happened: str | None, published: str | None, fetched_at: datetime) -> Anchor:
    """Return the anchor of a report from the event's date, the page's date, and the time of its fetch.

    The event's own day counts first. An event without a date, or whose date agrees with the page's, stands on
    the day of publication. A day and month without a year take the year that brings them nearest to it.
    """
    event, page = PartDate.read(happened), PartDate.read(published)
    if _is_day(event):
        return _exact(event)
    if _is_day(page):
        if event.month and event.day:
            return _exact(_nearest_year(event, page))
        if _agree(event, page):
            return _exact(page)
    vague = event if event != PartDate() else page
    return Anchor(vague.vagueness or 1, _assumed(vague, fetched_at.date()), vague)


def _is_day(value: PartDate) -> bool:
    span = value.within(value.year) if value.vagueness == 0 else None
    return span is not None


def _exact(value: PartDate) -> Anchor:
    return Anchor(0, date(value.year, value.month, value.day).toordinal(), value)


def _agree(event: PartDate, page: PartDate) -> bool:
    return event.year in (0, page.year) and event.month in (0, page.month)


def _nearest_year(event: PartDate, page: PartDate) -> PartDate:
    near = date(page.year, page.month, page.day)
    spans = [event.within(year) for year in range(page.year - 1, page.year + 2) if year > 0]
    days = [span[0] for span in spans if span]
    if not days:  # 29 February, and no leap year about
        return page
    best = min(days, key=lambda day: (abs(day - near), day))
    return PartDate(best.year, best.month, best.day)


def _assumed(vague: PartDate, fetched: date) -> int:
    """Return the day to assume: the newest that it may mean before the fetch, of a month its middle."""
    if not vague.month:
        return min(date(vague.year, 12, 31), fetched).toordinal() if vague.year else fetched.toordinal()
    day = vague.day or MID_MONTH
    years = [vague.year] if vague.year else [fetched.year, fetched.year - 1]
    spans = [PartDate(year, vague.month, day).within(year) for year in years]
    days = [span[0] for span in spans if span]
    return next((d for d in days if d <= fetched), days[-1] if days else fetched).toordinal()
