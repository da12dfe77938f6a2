"""Numbers that cleaning could not put together again: what is left of them is not what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

from schemas.cleaned import LOST_CHARACTER


class Placed(Protocol):
    """Whatever stands at `body[start:end]`."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


P = TypeVar("P", bound=Placed)
# What numbers, dates and their parts are written with.
PART = r"[\d.,:：/~～年月日时分第零〇一二三四五六七八九十百千万亿-]*"
BEFORE = re.compile(f"{LOST_CHARACTER}{PART}$")
AFTER = re.compile(f"{PART}{LOST_CHARACTER}")
NEAR = 16  # characters that a number may have on one side of the gap


def whole(body: str, found: Iterable[P]) -> list[P]:
    """Return what was found without the numbers that a lost character is, or may be, part of.

    Of 投资〓.5亿元 the amount is not 5亿元, and of 202〓年3月5日 the year is not the article's.
    """
    if LOST_CHARACTER not in body:
        return list(found)
    return [one for one in found if not _is_torn(body, one.start, one.end)]


def _is_torn(body: str, start: int, end: int) -> bool:
    inside = LOST_CHARACTER in body[start:end]
    behind = AFTER.match(body[end : end + NEAR])
    return inside or bool(behind or BEFORE.search(body[max(0, start - NEAR) : start]))
