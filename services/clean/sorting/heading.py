"""Find the heading of a flattened page that repeats its title: `A headline_The site`, menus, `A headline`."""

from __future__ import annotations

from collections.abc import Sequence

from services.clean.sorting.lines import Line

TITLE_LINES = 3  # among the first lines stands the title
HEAD_LINES = 200
MIN_HEADING, MAX_HEADING = 6, 90
MAX_PREFIX = 6  # `[视频]` before it
SEPARATORS = frozenset(" \t\u3000-_—–|｜丨┊·•<>＜＞«»(（[【:：/")
ABOVE_SHARE = 0.3  # of the text that may stand above: addresses and slogans, not the article


def repeated_heading(lines: Sequence[Line]) -> int | None:
    """Return the number of the line that repeats the title of the page, None where none does."""
    sizes = [len(line.text) if "。" in line.text or "." in line.text else 0 for line in lines]
    limit, above, found = ABOVE_SHARE * sum(sizes), 0, None
    for i, line in enumerate(lines[:HEAD_LINES]):
        if above > limit:
            break
        if i and MIN_HEADING <= len(line.text) <= MAX_HEADING:
            titles = (other.text for other in lines[: min(i, TITLE_LINES)])
            found = i if any(_repeats(line.text, title) for title in titles) else found
        above += sizes[i]
    return found


def _repeats(heading: str, title: str) -> bool:
    at = title.find(heading, 0, len(heading) + MAX_PREFIX)
    if at < 0 or (at and title[at - 1].isalnum()):
        return False
    rest = title[at + len(heading) :]
    return not rest or rest[0] in SEPARATORS
