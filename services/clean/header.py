"""The lines above the body that an HTML page keeps in the same element: its title and its byline."""

from __future__ import annotations

from dataclasses import replace

from services.clean.byline import read_byline
from services.clean.page import Page, PageLine, Place

HEAD_LINES = 5
MAX_HEAD_LINE = 120
MIN_TITLE = 6


def split_header(page: Page) -> Page:
    """Return the page with title and byline at the head of its body put in their places."""
    title = "".join(page.meta.get("title", "").split())
    lines = list(page.lines)
    first = [n for n, line in enumerate(lines) if line.place is Place.BODY][:HEAD_LINES]
    for number in first:
        place = _place(lines[number], title)
        if place is Place.BODY:
            break
        lines[number] = PageLine(lines[number].text, place)
    return replace(page, lines=lines)


def _place(line: PageLine, title: str) -> Place:
    text = "".join(line.text.split())
    if len(line.text) > MAX_HEAD_LINE:
        return Place.BODY
    if len(text) >= MIN_TITLE and title.startswith(text):
        return Place.TITLE
    return Place.BEFORE if read_byline(line.text).is_whole else Place.BODY
