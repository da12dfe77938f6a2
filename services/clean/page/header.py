"""The lines that an HTML page keeps in one element with its body: title and byline above, credits below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.clean.metadata.byline import read_byline
from services.clean.page.page import Page, PageLine, Place

HEAD_LINES = 5
FOOT_LINES = 3
MAX_HEAD_LINE = 120
MAX_SUBTITLE = 60
MIN_TITLE = 6
MIN_WITHIN = 10
SENTENCE_END = tuple("。；！？;!?”")


def split_header(page: Page) -> Page:
    """Return the page with title, byline and credits at the ends of its body put in their places."""
    title = "".join(page.meta.get("title", "").split())
    lines = list(page.lines)
    body = [n for n, line in enumerate(lines) if line.place is Place.BODY]
    for number in _head([lines[n].text for n in body[:HEAD_LINES]], body, title):
        place = _place(lines[number], title)
        lines[number] = PageLine(lines[number].text, Place.BEFORE if place is Place.BODY else place)
    for number in reversed(body[-FOOT_LINES:]):
        if not _is_foot(lines[number]):
            break
        lines[number] = PageLine(lines[number].text, Place.AFTER)
    return replace(page, lines=lines)


def _head(texts: Sequence[str], numbers: Sequence[int], title: str) -> Sequence[int]:
    """Return the numbers of the lines down to the last byline, with a subtitle above it or none."""
    end = 0
    for n, text in enumerate(texts):
        if _place(PageLine(text, Place.BODY), title) is not Place.BODY and (n == end or _dated(text)):
            end = n + 1
        elif len(text) > MAX_SUBTITLE or text.endswith(SENTENCE_END):
            break
    return numbers[:end]


def _place(line: PageLine, title: str) -> Place:
    text = "".join(line.text.split())
    if len(line.text) > MAX_HEAD_LINE:
        return Place.BODY
    if (len(text) >= MIN_TITLE and title.startswith(text)) or (len(text) >= MIN_WITHIN and text in title):
        return Place.TITLE
    return Place.BEFORE if read_byline(line.text).is_whole else Place.BODY


def _dated(text: str) -> bool:
    """Tell a byline from a line that only may be one: it gives the date, and a label beside it."""
    byline = read_byline(text)
    return bool(byline.date and byline.labels)


def _is_foot(line: PageLine) -> bool:
    """Tell the date and the editor below an article from the date of a signature."""
    return len(line.text) <= MAX_HEAD_LINE and read_byline(line.text).is_whole and _dated(line.text)
