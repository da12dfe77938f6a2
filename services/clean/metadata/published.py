"""When a page was published: the choice among the dates that it gives of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from schemas.cleaned import DatePrecision
from services.clean.metadata import head, notations
from services.clean.metadata.byline import Byline
from services.clean.metadata.date_sources import Basis, Dated, dates_of
from services.clean.metadata.dates import CHINA, find_date, read_stamp
from services.clean.metadata.evidence import Evidence

EARLIEST = "1994"  # the first Chinese news pages; older dates are zero values of systems (0001, 1900, 1970)
# Further apart, a date is not that of a late change but of something else.
WILD = timedelta(days=31)
# Systems that write China's time and call it UTC are wrong by this.
CALLED_UTC = timedelta(hours=8)
# These tell of the page; the others of its text or its template, which may be older.
WITNESSES = frozenset(Basis) - {Basis.CREATED, Basis.SIGNATURE, Basis.DATELINE}
SHOWN = frozenset([Basis.BYLINE, Basis.PLAIN, Basis.FOOTER])
FINENESS = {precision: -number for number, precision in enumerate(DatePrecision)}
RANK = {basis: number for number, basis in enumerate(Basis)}


def read_published(evidence: Evidence, bylines: Sequence[Byline], tails: Sequence[Byline]) -> Dated | None:
    """Return when the page was published, never later than the fetch; None where nothing tells."""
    found = dates_of(evidence, bylines, tails)
    fetched = evidence.fetched_at.astimezone(CHINA).isoformat(timespec="minutes")
    possible = [known for dated in found if (known := not_later(dated, fetched))]
    best = choose(sorted(possible, key=lambda dated: RANK[dated.basis]))
    return _with_posted(_with_time(best, evidence.meta), evidence) if best else None


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


def _with_posted(best: Dated, evidence: Evidence) -> Dated:
    """Return the date above a post with the hour of the line that signs it (`Posted by … at 10:15 PM`)."""
    if best.date.precision is not DatePrecision.DAY or best.basis not in SHOWN:
        return best
    lines = (line for line in [*evidence.header, *evidence.footer] if "osted by " in line)
    match = next((match for line in lines if (match := notations.POSTED_AT.search(line))), None)
    found = find_date(f"{best.day} {match[0][match.start('hour') - match.start() :]}") if match else None
    return Dated(found, best.basis) if found else best


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
