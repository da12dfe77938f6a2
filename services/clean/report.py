"""What cleaning did to a page: every piece that is not in the body, every repair, and where they stood."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from schemas.cleaned import CleaningReport, Removal
from services.clean.lines import Line, LinesSorted, Role
from services.clean.page import Page, Place
from services.clean.repair import RepairedText

MAX_TEXT = 200
MAX_LISTED = 100  # a page of links has thousands; the counts hold them all
PLACES = {
    Place.BEFORE: "page_header",
    Place.TITLE: "title",
    Place.CAPTION: "caption",
    Place.CHROME: "chrome",
    Place.AFTER: "page_footer",
}


def report(
    page: Page, mended: Page, repaired: RepairedText, lines: LinesSorted, decoded: str
) -> CleaningReport:
    """Return the report; offsets are code points into the lines before repair, joined by line feeds."""
    removed = sorted([*_by_place(page), *_by_role(mended, repaired, lines)], key=lambda piece: piece.start)
    kept = sum(len(paragraph) for paragraph in lines.body)
    return CleaningReport(
        removed=removed[:MAX_LISTED],
        repaired=[fix for fix in repaired.repairs if fix.start < _end(page)],
        removed_counts=Counter(piece.kind for piece in removed),
        repair_counts=repaired.counts,
        damage_left=repaired.damage_left,
        kept_share=round(min(1.0, kept / max(1, len(decoded))), 4),
    )


def _by_place(page: Page) -> Iterator[Removal]:
    """Yield what the markup told to be no body."""
    for line, start in zip(page.lines, page.starts, strict=True):
        if line.place in PLACES and line.text.strip():
            yield Removal(kind=PLACES[line.place], start=start, text=line.text[:MAX_TEXT])


def _by_role(mended: Page, repaired: RepairedText, lines: LinesSorted) -> Iterator[Removal]:
    """Yield what the words told to be no body."""
    starts = [start for start, x in zip(mended.starts, mended.lines, strict=True) if x.place is Place.BODY]
    texts = mended.at(Place.BODY)
    within = list(accumulate((len(text) + 1 for text in texts), initial=0))
    for line in lines.lines:
        if line.role in (Role.BODY, Role.HEADING):
            continue
        number = bisect_right(within, line.start) - 1
        start = starts[number] + line.start - within[number]
        yield Removal(kind=_kind(line), start=repaired.origin(start), text=line.text[:MAX_TEXT])


def _kind(line: Line) -> str:
    return "caption" if line.role is Role.CAPTION else line.kind or "other"


def _end(page: Page) -> int:
    return page.starts[-1] + len(page.lines[-1].text) if page.lines else 0
