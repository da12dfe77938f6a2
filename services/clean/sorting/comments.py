"""Find where the comments of readers begin, by the rows above or below each: who, when, `reply`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.clean.sorting.lines import Line

ROWS = frozenset({"comments", "post_header"})
MIN_ROWS = 2
MAX_GROUP = 6  # lines from one row to the next: name, time, some lines of text
MAX_NAME = 20
TIME = re.compile(r"[\d\s:/.-]+")
PUNCTUATION = frozenset("。，！？；：“”…、,!?;:")


def comments_start(lines: Sequence[Line], first: int) -> int:
    """Return the number of the line at which comments begin, `len(lines)` where there are none.

    `first`: the line of the article's first paragraph; nothing before it is a comment.
    """
    rows = [n for n, line in enumerate(lines) if line.kind in ROWS and n > first]
    for n, row in enumerate(rows[: 1 - MIN_ROWS]):
        above = _above(lines, rows[n:])
        # Times alone are those of a chronicle, unless there are names.
        if rows[n + 1] - row <= MAX_GROUP and (above or not TIME.fullmatch(lines[row].text)):
            return max(first + 1, row - above)
    return len(lines)


def _above(lines: Sequence[Line], rows: Sequence[int]) -> int:
    """Return how many lines of a comment stand above its row."""
    if all(_is_name(lines[row - 1]) for row in rows):
        return 1
    group = rows[1] - rows[0]
    if all(_is_name(lines[row + 1]) for row in rows[:-1]) and _is_name(lines[rows[0] - group + 1]):
        return group - 1
    return 0


def _is_name(line: Line) -> bool:
    return len(line.text) <= MAX_NAME and PUNCTUATION.isdisjoint(line.text) and line.kind not in ROWS
