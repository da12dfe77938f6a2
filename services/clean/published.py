"""When a page was published: every date that it gives of itself, ranked, and the choice among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from schemas.cleaned import DatePrecision
from services.clean import head
from services.clean.byline import Byline
from services.clean.dated import Event, dated_events, event_of
from services.clean.dates import (
    CHINA,
    PageDate,
    find_date,
    find_dateline,
    find_month,
    find_month_day,
    read_stamp,
)
from services.clean.evidence import Evidence

EARLIEST = "1994"  # the first Chinese news pages; older dates are zero values of systems (0001, 1900, 1970)
SIGNATURE_LINES = 8  # below a signature stand attachments, contacts, and that a notice may be made public
MAX_SIGNATURE = 40
MAX_PARTIAL = 60
MAX_PIECE = 6  # characters in a row beside a date: of a button or a name, hardly of a headline
# Further apart, a date is not that of a late change but of something else.
WILD = timedelta(days=31)
# Systems that write China's time and call it UTC are wrong by this.
CALLED_UTC = timedelta(hours=8)
NEWSPAPER = re.compile(r"第\s?[A-Z]?\d{1,3}\s?版|^[A-Z]\d{1,2}\s?[:：]|版面|数字报|电子版")
# The line with the day of the issue; a strip with today's date stands above many pages as well.
ISSUE = re.compile(r"^(?!.*(?:今天|今日|现在)).*(?:(?:星期|周)[一二三四五六日天]|第\s?[A-Z]?\d{1,3}\s?版)")
# Who signs an official notice: a name without punctuation.
SIGNER = re.compile(r"[\u4e00-\u9fff（）()\s]{4,30}")
PATH_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:(?P<month>0[1-9]|1[0-2])|[/_-](?P<m>1[0-2]|0?[1-9])[/_-]?)"
    r"[/_-]?(?P<day>0[1-9]|[12]\d|3[01]|(?<=[/_-])[1-9])(?:\d{6})?(?!\d)"
)
PATH_MONTH = re.compile(r"/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>0[1-9]|1[0-2])(?=[/_])")


SAID = re.compile("[:：于]|时间|日期|[Oo]n ")
LABELLED = re.compile(r"(?:时间|日期)\s?[:：]?\s?$")  # `某某 发表于` is a comment's
CLOCK_BEHIND = re.compile(r"日?\s?[012]?\d[:：][0-5]\d")


class Basis(StrEnum):
    """What told the date (`published_basis`), surest first."""

    JSON_LD = "json-ld"
    META = "meta"
    TIME = (
        "time"  # an element that its markup tells to be the article's: `<time>`, the first post's of a thread
    )
    BYLINE = "byline"  # a visible line that says so, or gives the time of day, or names source or author
    PLAIN = "plain"  # a visible line above the text with a date and no more, or the date of a change
    ISSUE = "issue"  # of the newspaper, above its electronic page
    URL = "url"  # the path of the address
    FOOTER = "footer"  # a line below the text that says so
    CREATED = "created"  # `<meta>` that may mean the template
    SIGNATURE = "signature"  # below an official notice, or when it was drawn up
    DATELINE = "dateline"  # of the report, at the head of the text; mostly without year


# These tell of the page; the others of its text or its template, which may be older.
WITNESSES = frozenset(Basis) - {Basis.CREATED, Basis.SIGNATURE, Basis.DATELINE}
SHOWN = frozenset([Basis.BYLINE, Basis.PLAIN, Basis.FOOTER])
FINENESS = {precision: -number for number, precision in enumerate(DatePrecision)}
RANK = {basis: number for number, basis in enumerate(Basis)}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and what told it."""

    date: PageDate
    basis: Basis

    @property
    def day(self) -> str:
        """The date without time of day: `2024-06-25`, `2024-06`, `--06-25`."""
        return self.date.value[:10]


def read_published(evidence: Evidence, bylines: Sequence[Byline], tails: Sequence[Byline]) -> Dated | None:
    """Return when the page was published, never later than the fetch; None where nothing tells."""
    found = [*_from_head(evidence), *_from_lines(evidence, bylines), *_from_footer(evidence.footer, tails)]
    found += [*_from_url(evidence.url), *_from_text(evidence)]
    fetched = evidence.fetched_at.astimezone(CHINA).isoformat(timespec="minutes")
    possible = [known for dated in found if (known := not_later(dated, fetched))]
    best = choose(sorted(possible, key=lambda dated: RANK[dated.basis]))
    return _with_time(best, evidence.meta) if best else None


def choose(ranked: Sequence[Dated]) -> Dated | None:
    """Return the surest date, unless it stands alone against two; as fine as any that agrees gives it."""
    if not ranked:
        return None
    best = ranked[0]
    if not _confirmed(best, ranked):
        best = next((rival for rival in ranked if _outweighs(rival, best, ranked)), best)
    return _finest(best, ranked)


def _with_time(best: Dated, meta: Mapping[str, str]) -> Dated:
    """Return the date with the time of day that a `<time>` of the same day gives."""
    stamps = [read_stamp(meta[key]) for key in head.names("finer") if key in meta]
    if best.date.precision is not DatePrecision.DAY:
        return best
    return next((Dated(x, best.basis) for x in stamps if x and x.value.startswith(best.day)), best)


def not_later(dated: Dated, fetched: str) -> Dated | None:
    """Return a date that a page fetched then (`2024-06-25T14:15+08:00`) can bear, else None.

    A page whose clock is ahead of ours loses its time of day.
    """
    value = dated.date.value
    if value.startswith("--"):
        return dated
    if value < EARLIEST or dated.day > fetched[: len(dated.day)]:
        return None
    if value > fetched and dated.date.precision is DatePrecision.MINUTE:
        return Dated(replace(dated.date, value=dated.day, precision=DatePrecision.DAY), dated.basis)
    return dated


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
        return PageDate(f"{match_month['year']}-{match_month['month']}", DatePrecision.MONTH)
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
    dateline = find_dateline(evidence.opening)
    if dateline:
        yield Dated(dateline, Basis.DATELINE)


def read_signature(line: str) -> PageDate | None:
    """Return the date of a line that holds nothing else, but for who signs before it."""
    if len(line) > MAX_SIGNATURE:
        return None
    found = find_date(line) or find_month(line)
    if not found or found.precision is DatePrecision.YEAR or line[found.end :].strip("日)） 。"):
        return None
    before = line[: found.start].strip("(（ \u3000")
    return found if not before or SIGNER.fullmatch(before) else None


def _confirmed(dated: Dated, ranked: Sequence[Dated]) -> bool:
    """Tell whether another source than its own, of those that tell of the page, gives the same day."""
    return any(x.basis in WITNESSES and x.basis is not dated.basis and _same(x, dated) for x in ranked)


def _outweighs(rival: Dated, best: Dated, ranked: Sequence[Dated]) -> bool:
    """Tell whether two sources stand for the rival: of the page, or any two where the best is far off.

    A byline alone does against a `<meta>` that is far off: a template may bear the day when it was made.
    """
    if _same(rival, best) or len(rival.day) < len("2024-06-25"):
        return False
    bases = {dated.basis for dated in ranked if _same(dated, rival)}
    if not _is_wild(rival, best):
        return len(bases & WITNESSES) > 1
    return len(bases) > 1 or (best.basis is Basis.META and rival.basis is Basis.BYLINE)


def _is_wild(one: Dated, other: Dated) -> bool:
    try:
        return abs(date.fromisoformat(one.day) - date.fromisoformat(other.day)) > WILD
    except ValueError:
        return False


def _finest(best: Dated, ranked: Sequence[Dated]) -> Dated:
    """Return the finest date of that day; not what a system calls UTC and the page shows to be China's."""
    finer = max((x for x in ranked if _same(x, best)), key=lambda x: FINENESS[x.date.precision])
    best = finer if FINENESS[finer.date.precision] > FINENESS[best.date.precision] else best
    if best.date.zoned and best.date.precision is DatePrecision.MINUTE:
        written = (datetime.fromisoformat(best.date.value) - CALLED_UTC).isoformat(timespec="minutes")
        return next((x for x in ranked if x.basis in SHOWN and x.date.value == written), best)
    return best


def _same(one: Dated, other: Dated) -> bool:
    """Tell whether two dates mean the same as far as both go."""
    if one.day.startswith("--") is not other.day.startswith("--"):
        return one.day[-6:] == other.day[-6:] and max(len(one.day), len(other.day)) == len("2024-06-25")
    return one.day.startswith(other.day) or other.day.startswith(one.day)
