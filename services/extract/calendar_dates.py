"""Dates as far as they are known: year, month and day may each be missing, and nothing missing is made up."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final, NamedTuple

PUBLISHED: Final = re.compile(r"^(?:(?P<year>\d{4})|-)-(?P<month>\d\d)(?:-(?P<day>\d\d))?|^(?P<only>\d{4})$")
ANY_LEAP_YEAR: Final = 2024
MONTHS: Final = 12
SURE_DAYS: Final = 28  # days that every month has


class PartialDay(NamedTuple):
    """A date whose parts may be unknown."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str | None:
        """ISO 8601 as far as known (`2024-06`, `--06-25`), None where nothing is left to say."""
        if self.year is not None:
            tail = "".join(f"-{part:02}" for part in (self.month, self.day) if part is not None)
            return f"{self.year:04}{tail}"
        if self.month is None:
            return None
        return f"--{self.month:02}" + (f"-{self.day:02}" if self.day is not None else "")

    @property
    def exists(self) -> bool:
        """Whether the calendar has such a day."""
        if self.month is None:
            return self.day is None
        last = monthrange(self.year or ANY_LEAP_YEAR, self.month)[1] if 1 <= self.month <= MONTHS else 0
        return last > 0 and 1 <= (self.day or 1) <= last

    def days_later(self, days: int) -> PartialDay | None:
        """Return the day that many days on; None where it hangs on what is not known."""
        if self.month is None or self.day is None:
            return None
        if self.year is None:
            moved = PartialDay(None, self.month, self.day + days)
            return moved if 1 <= self.day + days <= SURE_DAYS else None
        then = date(self.year, self.month, self.day) + timedelta(days)
        return PartialDay(then.year, then.month, then.day)

    def months_later(self, months: int) -> PartialDay | None:
        """Return the month that many months on."""
        if self.month is None:
            return None
        years, month = divmod(self.month - 1 + months, 12)
        if self.year is None and years:
            return PartialDay(None, month + 1)
        return PartialDay(self.year + years if self.year is not None else None, month + 1)


def read_published(value: str | None) -> PartialDay:
    """Read the publication date of an article as far as it goes."""
    match = PUBLISHED.match(value or "")
    if not match:
        return PartialDay()
    parts = (match["year"] or match["only"], match["month"], match["day"])
    return PartialDay(*(int(part) if part else None for part in parts))
