"""What cleaning did to a page: every piece that is not in the body, every repair, and where they stood."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from schemas.cleaned import CleaningReport, Removal
from services.clean.page.page import Page, Place
from services.clean.quality import Judged
from services.clean.repair.repair import RepairedText
from services.clean.sorting.lines import Line, LinesSorted, Role

MAX_TEXT = 200
MAX_LISTED = 100  # a page of links has thousands; the counts hold them all
PLACES = {
    Place.BEFORE: "page_header",
    Place.TITLE: "title",
    Place.CAPTION: "caption",
    Place.CHROME: "chrome",
    Place.AFTER: "page_footer",
}


def report(  # noqa: PLR0913 - what each step of `clean` gave
    page: Page, mended: Page, repaired: RepairedText, lines: LinesSorted, *, decoded: str, judged: Judged
) -> CleaningReport:
    """Return the report; offsets are code points into the lines before repair, joined by line feeds."""
    removed = sorted([*_by_place(page), *_by_role(mended, repaired, lines)], key=attrgetter("start"))
    kept = sum(len(paragraph) for paragraph in lines.body)
    end = sum(len(line.text) + 1 for line in page.lines)
    return CleaningReport(
        removed=[
            Removal.model_construct(kind=piece.kind, start=piece.start, text=piece.text[:MAX_TEXT])
            for piece in removed[:MAX_LISTED]
        ],
        repaired=[fix for fix in repaired.repairs if fix.start < end],
        removed_counts=Counter(piece.kind for piece in removed),
        repair_counts=repaired.counts,
        damage_left=repaired.damage_left,
        kept_share=round(min(1.0, kept / max(1, len(decoded))), 4),
        quality=judged.quality,
        doubts=judged.doubts,
    )


class Piece(NamedTuple):
    """A piece of the text that is not in the body."""

    start: int
    kind: str
    text: str


def _by_place(page: Page) -> Iterator[Piece]:
    """Yield what the markup told to be no body."""
    start = 0
    for line in page.lines:
        if line.place in PLACES and line.text.strip():
            yield Piece(start, PLACES[line.place], line.text)
        start += len(line.text) + 1


def _by_role(mended: Page, repaired: RepairedText, lines: LinesSorted) -> Iterator[Piece]:
    """Yield what the words told to be no body."""
    starts, within = [], []
    start = at = 0
    for line in mended.lines:
        if line.place is Place.BODY:
            starts.append(start)
            within.append(at)
            at += len(line.text) + 1
        start += len(line.text) + 1
    for sorted_line in lines.lines:
        if sorted_line.role not in (Role.BODY, Role.HEADING):
            number = bisect_right(within, sorted_line.start) - 1
            origin = repaired.origin(starts[number] + sorted_line.start - within[number])
            yield Piece(origin, _kind(sorted_line), sorted_line.text)


def _kind(line: Line) -> str:
    return "caption" if line.role is Role.CAPTION else line.kind or "other"
