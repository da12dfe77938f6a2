"""A page as lines, whatever it came as: HTML, or text that somebody flattened before us."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from services.clean.repair.repair import RepairedText


class Place(StrEnum):
    """Where on the page a line stands."""

    BEFORE = "before"
    TITLE = "title"
    BODY = "body"
    CAPTION = "caption"
    CHROME = "chrome"
    AFTER = "after"


class PageLine(NamedTuple):
    """A line and its place on the page."""

    text: str
    place: Place


@dataclass(frozen=True)
class Page:
    """The lines of a page in their order, and what its head says.

    `meta`: `<meta>` by name, `title`, and of JSON-LD what tells of an article (`ld:…`).
    `flattened`: nothing told the places of the lines; all are `BODY`. `doubt`: where the body is was a guess.
    """

    lines: Sequence[PageLine] = ()
    meta: dict[str, str] = field(default_factory=dict)
    language: str | None = None
    flattened: bool = False
    doubt: bool = False

    @property
    def text(self) -> str:
        """All lines, then all that the head says, joined by line feeds: what is repaired as one text."""
        return "\n".join([*(line.text for line in self.lines), *self.meta.values()])

    @property
    def starts(self) -> list[int]:
        """The offset of each line in the text."""
        return list(accumulate((len(line.text) + 1 for line in self.lines), initial=0))[:-1]

    def at(self, *places: Place) -> list[str]:
        """Return the lines that stand at these places."""
        return [line.text for line in self.lines if line.place in places]


def read_text(text: str) -> Page:
    """Return the lines of text that somebody flattened before us."""
    return Page([PageLine(line, Place.BODY) for line in text.split("\n")], flattened=True)


def mend(page: Page, repaired: RepairedText) -> Page:
    """Return the page with its repaired lines, each at the place that it had before."""
    texts = repaired.text.split("\n")
    if len(texts) == len(page.lines) + len(page.meta):
        origins = list(range(len(texts)))
    else:
        origins = _origins(page, texts, repaired)
    lines, meta = [], dict.fromkeys(page.meta, "")
    keys = list(page.meta)
    for text, origin in zip(texts, origins, strict=True):
        if origin < len(page.lines):
            lines.append(PageLine(text, page.lines[origin].place))
        elif keys:
            meta[keys[origin - len(page.lines)]] += text
    return replace(page, lines=lines, meta=meta)


def _origins(page: Page, texts: list[str], repaired: RepairedText) -> list[int]:
    """Return for each repaired line the number of the line that it came from; repair made two of some."""
    sizes = [len(line.text) for line in page.lines] + [len(value) for value in page.meta.values()]
    ends = list(accumulate(size + 1 for size in sizes))
    starts = accumulate((len(text) + 1 for text in texts[:-1]), initial=0)
    return [min(bisect_right(ends, repaired.origin(start)), len(ends) - 1) for start in starts]
