"""A text under repair that remembers what was changed and where each character came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from schemas.cleaned import Repair

SIGN = re.compile("[^\u3400-\u9fff0-9A-Za-z，。、：“” \n]")
SINGLE = {"script"}  # kinds that replace one character by one
MAX_LISTED = 40  # repairs of one kind that a report lists; the counts have them all


class Edit(NamedTuple):
    """Replace `text[start:end]` by `after`."""

    start: int
    end: int
    after: str


class Change(NamedTuple):
    """An edit of the text given, whatever number of passes it took."""

    kind: str
    start: int
    before: str
    after: str


class _Pass(NamedTuple):
    """One pass over the text: what it was called, the text before it, and its edits."""

    kind: str
    text: str
    edits: Sequence[Edit]


class Draft:
    """A text that passes through the repairs one after the other."""

    def __init__(self, text: str) -> None:
        self.given = text
        self.text = text
        self.counts: Counter[str] = Counter()
        self.damage_left = 0
        self._passes: list[_Pass] = []
        self._maps: list[tuple[list[int], list[int]]] = []
        self._signs: tuple[str, frozenset[str]] = ("", frozenset())

    @property
    def signs(self) -> frozenset[str]:
        """What is in the text beside Chinese characters, Latin letters, digits and common punctuation."""
        if self._signs[0] is not self.text:
            self._signs = (self.text, frozenset(SIGN.findall(self.text)))
        return self._signs[1]

    def apply(self, kind: str, edits: Sequence[Edit]) -> None:
        """Make the edits, which are in order and do not overlap."""
        if not edits:
            return
        self.counts[kind] += len(edits)
        pieces: list[str] = []
        at = 0
        for start, end, after in edits:
            pieces += (self.text[at:start], after)
            at = end
        pieces.append(self.text[at:])
        self._passes.append(_Pass(kind, self.text, edits))
        self.text = "".join(pieces)

    def origin(self, offset: int) -> int:
        """Return where the character at `offset` stood in the text given."""
        self._maps += [_offsets(one.edits) for one in self._passes[len(self._maps) :]]
        for starts, sources in reversed(self._maps):
            piece = bisect_right(starts, offset) - 1
            following = sources[piece + 1] if piece + 1 < len(sources) else None
            offset = sources[piece] + offset - starts[piece]
            if following is not None:
                offset = min(offset, following)
        return offset

    def changes(self, most: int | None = None) -> list[Change]:
        """Return all changes in order and apart from each other: `undo` gets the text given back with them.

        Where passes met at one place, the change bears the kind of the first of them. With `most`, only so
        many of a pass that replaces single characters, which may be the whole text.
        """
        merged: list[Change] = []
        for one in self._passes:
            merged = _merged(self.given, merged, one, most if one.kind in SINGLE else None)
        return merged

    def repairs(self) -> list[Repair]:
        """Return the first `MAX_LISTED` changes of each kind, for the record."""
        listed: Counter[str] = Counter()
        repairs = []
        for change in self.changes(MAX_LISTED):
            listed[change.kind] += 1
            if listed[change.kind] <= MAX_LISTED:
                repairs.append(Repair(**change._asdict()))
        return repairs


def undo(text: str, changes: Iterable[Change | Repair]) -> str:
    """Return the text that was given, from the repaired one and all its changes in order."""
    pieces: list[str] = []
    at = grown = 0
    for change in changes:
        start = change.start + grown
        pieces += (text[at:start], change.before)
        at = start + len(change.after)
        grown += len(change.after) - len(change.before)
    return "".join([*pieces, text[at:]])


def _offsets(edits: Sequence[Edit]) -> tuple[list[int], list[int]]:
    """Return where the pieces between the edits begin after a pass, and where they began before it."""
    starts, sources, grown = [0], [0], 0
    for start, end, after in edits:
        grown += len(after) - (end - start)
        starts.append(end + grown)
        sources.append(end)
    return starts, sources


def _merged(given: str, done: list[Change], one: _Pass, most: int | None) -> list[Change]:
    """Return the changes of all passes so far, `done`, and of the first `most` edits of one more."""
    edits = one.edits[:most]
    if not done:
        return [Change(one.kind, edit.start, given[edit.start : edit.end], edit.after) for edit in edits]
    grown = list(accumulate((len(x.after) - len(x.before) for x in done), initial=0))
    ends = [change.start + len(change.after) + more for change, more in zip(done, grown, strict=False)]
    merged: list[Change] = []
    kept = at = 0
    while at < len(edits):
        start, end, _ = edits[at]
        first = last = bisect_right(ends, start, kept)
        after = at + 1
        while last < len(done) and done[last].start + grown[last] < end:  # they met before
            start = min(start, done[last].start + grown[last])
            end = max(end, ends[last])
            last += 1
            while after < len(edits) and edits[after].start < end:
                end = max(end, edits[after].end)
                after += 1
        before = given[start - grown[first] : end - grown[last]]
        change = Change(
            done[first].kind if last > first else one.kind,
            start - grown[first],
            before,
            _rewritten(one.text, start, end, edits[at:after]),
        )
        merged += done[kept:first]
        merged += [change] if change.after != before else []
        kept, at = last, after
    return merged + done[kept:]


def _rewritten(text: str, start: int, end: int, edits: Iterable[Edit]) -> str:
    pieces: list[str] = []
    at = start
    for edit in edits:
        pieces += (text[at : edit.start], edit.after)
        at = edit.end
    return "".join([*pieces, text[at:end]])
