"""Every date that a page gives of itself, with what told it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from schemas.cleaned import DatePrecision
from services.clean.metadata import head
from services.clean.metadata.byline import Byline
from services.clean.metadata.dated import Event, dated_events, event_of
from services.clean.metadata.dates import (
    PageDate,
    find_date,
    find_dateline,
    find_month,
    find_month_day,
    read_stamp,
)
from services.clean.metadata.evidence import Evidence

SIGNATURE_LINES = 8  # below a signature stand attachments, contacts, and that a notice may be made public
HEAD_LINES = 5  # of a notice, where `发文日期` may stand
MAX_SIGNATURE = 40
MAX_PARTIAL = 60
MAX_PIECE = 6  # characters in a row beside a date: of a button or a name, hardly of a headline
NEWSPAPER = re.compile(r"第\s?[A-Z]?\d{1,3}\s?版|^[A-Z]\d{1,2}\s?[:：]|版面|数字报|电子版")
# The line with the day of the issue; a strip with today's date stands above many pages as well.
ISSUE = re.compile(r"^(?!.*(?:今天|今日|现在)).*(?:(?:星期|周)[一二三四五六日天]|第\s?[A-Z]?\d{1,3}\s?版)")
# Who signs an official notice: a name without punctuation.
SIGNER = re.compile(r"[\u4e00-\u9fff（）()\s]{4,30}")
DRAWN = re.compile(r"(?:[发成]文|公告|印发)?日期\s?[:：]\s?$")
SAID = re.compile("[:：于]|时间|日期|[Oo]n ")
LABELLED = re.compile(r"(?:时间|日期)\s?[:：]?\s?$")  # `某某 发表于` is a comment's
CLOCK_BEHIND = re.compile(r"日?\s?[012]?\d[:：][0-5]\d")
PATH_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:(?P<month>0[1-9]|1[0-2])|[/_-](?P<m>1[0-2]|0?[1-9])[/_-]?)"
    r"[/_-]?(?P<day>0[1-9]|[12]\d|3[01]|(?<=[/_-])[1-9])(?:\d{6})?(?!\d)"
)
PATH_MONTH = re.compile(r"/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>0[1-9]|1[0-2])(?=[/_])")


class Basis(StrEnum):
    """What told the date (`published_basis`), surest first; `data/kinds.yaml` says what each means."""

    JSON_LD = "json-ld"
    META = "meta"
    TIME = "time"
    BYLINE = "byline"
    PLAIN = "plain"
    ISSUE = "issue"
    URL = "url"
    FOOTER = "footer"
    CREATED = "created"
    SIGNATURE = "signature"
    DATELINE = "dateline"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and what told it."""

    date: PageDate
    basis: Basis

    @property
    def day(self) -> str:
        """The date without time of day: `2024-06-25`, `2024-06`, `--06-25`."""
        return self.date.value[:10]


def dates_of(evidence: Evidence, bylines: Sequence[Byline], tails: Sequence[Byline]) -> list[Dated]:
    """Return all dates that may be the publication's, in no order."""
    found = [*_from_head(evidence), *_from_lines(evidence, bylines), *_from_footer(evidence.footer, tails)]
    return [*found, *_from_url(evidence.url), *_from_text(evidence)]


def from_path(path: str) -> PageDate | None:
    """Return the date that the path of an address holds, or its month."""
    for match in PATH_DAY.finditer(path):
        try:
            day = date(int(match["year"]), int(match["month"] or match["m"]), int(match["day"]))
        except ValueError:
            continue
        return PageDate(day.isoformat(), DatePrecision.DAY)
    match_month = PATH_MONTH.search(path)
    if match_month:
        return PageDate(f"{int(match_month['year'])}-{int(match_month['month']):02}", DatePrecision.MONTH)
    return None


def _from_head(evidence: Evidence) -> Iterator[Dated]:
    for kind, basis in (("published", Basis.META), ("created", Basis.CREATED)):
        for key in head.names(kind):
            value = evidence.meta.get(key)
            found = read_stamp(value) if value else None
            if found:
                yield Dated(found, _basis_of(key) or basis)


def _basis_of(key: str) -> Basis | None:
    return Basis.JSON_LD if key.startswith("ld:") else Basis.TIME if key.startswith("time:") else None


def _from_lines(evidence: Evidence, bylines: Sequence[Byline]) -> Iterator[Dated]:
    """Yield the dates above the text."""
    newspaper = any(NEWSPAPER.search(line) for line in evidence.header)
    for line, byline in zip(evidence.header, bylines, strict=True):
        if newspaper and ISSUE.search(line) and (issue := find_date(line)):
            yield Dated(issue, Basis.ISSUE)
        elif byline.is_whole and byline.date:
            yield from _from_byline(line, byline)
        elif not byline.date and len(line) <= MAX_PARTIAL:
            yield from _from_partial(line)


def _from_byline(line: str, byline: Byline) -> Iterator[Dated]:
    beside = bool(byline.labels or byline.publisher) or _is_tools(byline.rest)
    for found, event in dated_events(line):
        said = bool(byline.labels) or found.precision is DatePrecision.MINUTE
        if event is Event.PUBLISHED or (event is Event.NOTHING_SAID and said and beside):
            yield Dated(found, Basis.BYLINE)
        elif event is Event.CHANGED or (event is Event.NOTHING_SAID and beside):
            yield Dated(found, Basis.PLAIN)
        elif event is Event.DRAWN:
            yield Dated(found, Basis.SIGNATURE)


def _is_tools(rest: str) -> bool:
    """Tell whether what stands beside a date is buttons and names, and no headline with its date."""
    return all(len(piece) <= MAX_PIECE for piece in rest.split())


def _from_partial(line: str) -> Iterator[Dated]:
    """Yield a date without day or without year that a label or a time of day tells to be one."""
    found = (find_month_day(line) or find_month(line)) if SAID.search(line) else None
    if found:
        event = event_of(line[: found.start], line[found.end :])
        timed = event is Event.NOTHING_SAID and CLOCK_BEHIND.match(line, found.end)
        if event is Event.PUBLISHED or timed:
            yield Dated(found, Basis.BYLINE)


def _from_footer(footer: Sequence[str], tails: Sequence[Byline]) -> Iterator[Dated]:
    for line, tail in zip(footer, tails, strict=True):
        if tail.is_whole:
            told = (found for found, event in dated_events(line) if event is Event.PUBLISHED)
            yield from (Dated(found, Basis.FOOTER) for found in told if LABELLED.search(line[: found.start]))


def _from_url(url: str | None) -> Iterator[Dated]:
    try:
        found = from_path(urlsplit(url or "").path)
    except ValueError:
        return
    if found:
        yield Dated(found, Basis.URL)


def _from_text(evidence: Evidence) -> Iterator[Dated]:
    signature = next((s for line in evidence.body[:-SIGNATURE_LINES:-1] if (s := read_signature(line))), None)
    if signature:
        yield Dated(signature, Basis.SIGNATURE)
    for line in evidence.body[:HEAD_LINES]:
        if len(line) <= MAX_PARTIAL:
            told = (x for x, event in dated_events(line) if event in (Event.DRAWN, Event.PUBLISHED))
            yield from (Dated(x, Basis.SIGNATURE) for x in told if LABELLED.search(line[: x.start]))
    dateline = find_dateline(evidence.opening)
    if dateline:
        yield Dated(dateline, Basis.DATELINE)


def read_signature(line: str) -> PageDate | None:
    """Return the date of a line that holds nothing else, but for who signs before it."""
    if len(line) > MAX_SIGNATURE and len("".join(line.split())) > MAX_SIGNATURE:
        return None
    found = find_date(line) or find_month(line)
    if not found or found.precision is DatePrecision.YEAR or line[found.end :].strip("日)） 。"):
        return None
    before = DRAWN.sub("", line[: found.start]).strip("(（ \u3000")
    return found if not before or SIGNER.fullmatch(before) else None
