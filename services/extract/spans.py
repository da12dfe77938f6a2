"""Spans of a body that do not overlap, asked whether they cover or touch another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Spans:
    """A set of spans (start, end) that do not overlap one another."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(set(spans))
        self._starts = [start for start, _ in self._spans]

    def cover(self, start: int, end: int) -> bool:
        """Whether one of the spans holds [start, end)."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._spans[at][1]

    def touch(self, start: int, end: int) -> bool:
        """Whether one of the spans shares a position with [start, end)."""
        at = bisect_right(self._starts, start) - 1
        if at >= 0 and start < self._spans[at][1]:
            return True
        return at + 1 < len(self._spans) and self._spans[at + 1][0] < end

    def before(self, position: int) -> tuple[int, int] | None:
        """Return the last span that starts before `position`."""
        at = bisect_right(self._starts, position - 1) - 1
        return self._spans[at] if at >= 0 else None
