"""A second opinion on a page whose body could not be found with confidence: trafilatura's."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection
from functools import cache

from services.clean.page.rows import RUNNING

MAX_CHARS = 500_000  # it takes 27 ms a 60 KB page
MAX_TAGS = 15_000  # real pages of that size have 10,000; 28,000 `<br>` in a row take it 4.5 s
MIN_LINE = 16
# It must bring this many times our running text: else a guess is exchanged for a guess.
BETTER = 2
BESIDE_LINK = re.compile(
    r"^[-•·\s]+|[\s\d:/.\[\]()年月日-]+$"
)  # the sign of a list's item, the date behind it


def second_opinion(source: str, running: int, links: Collection[str]) -> list[str]:
    """Return the paragraphs that trafilatura finds, none where they are not clearly more than `running`.

    `links`: the texts of the links of the page; a paragraph that is one of them is a headline in a list.
    """
    if len(source) > MAX_CHARS or source.count("<") > MAX_TAGS:
        return []
    text = _extractor()(source, include_comments=False, include_tables=True, favor_recall=True)
    lines = [line for line in (text or "").split("\n") if not _is_listed(line, links)]
    found = sum(len(line) for line in lines if len(line) >= MIN_LINE and RUNNING.search(line))
    return lines if found >= BETTER * max(running, MIN_LINE) else []


@cache
def _extractor() -> Callable[..., str | None]:
    """Return trafilatura's function, told to be quiet about pages that it cannot read."""
    from trafilatura import extract  # noqa: PLC0415 - half a second that hardly any page needs

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    function: Callable[..., str | None] = extract
    return function


def _is_listed(line: str, links: Collection[str]) -> bool:
    return line.strip("- ") in links or BESIDE_LINK.sub("", line) in links
