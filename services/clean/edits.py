"""A text under repair that remembers what was changed and where each character came from."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.cleaned import Repair

MAX_LISTED = 40  # repairs of one kind that a report lists; the counts have them all


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `text[start:end]` by `after`."""

    start: int
    end: int
    after: str


class Draft:
    """A text that passes through the repairs one after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.repairs: list[Repair] = []
        self.counts: Counter[str] = Counter()
        self.damage_left = 0
        self._passes: list[tuple[list[int], list[int]]] = []

    def apply(self, kind: str, edits: Sequence[Edit]) -> None:
        """Make the edits, which are in order and do not overlap."""
        if not edits:
            return
        room = max(0, MAX_LISTED - self.counts[kind])
        self.repairs += [self._repair(kind, edit) for edit in edits[:room]]
        self.counts[kind] += len(edits)
        pieces: list[str] = []
        starts, sources, at, length = [0], [0], 0, 0
        for edit in edits:
            pieces += (self.text[at : edit.start], edit.after)
            length += edit.start - at + len(edit.after)
            at = edit.end
            starts.append(length)
            sources.append(at)
        pieces.append(self.text[at:])
        self._passes.append((starts, sources))
        self.text = "".join(pieces)

    def replace(self, kind: str, text: str, changed: int, examples: Sequence[Edit]) -> None:
        """Take over a text of the same length in which `changed` characters differ."""
        self.repairs += [self._repair(kind, edit) for edit in examples[:MAX_LISTED]]
        self.counts[kind] += changed
        self.text = text

    def origin(self, offset: int) -> int:
        """Return where the character at `offset` stood in the text given."""
        for starts, sources in reversed(self._passes):
            piece = bisect_right(starts, offset) - 1
            following = sources[piece + 1] if piece + 1 < len(sources) else None
            offset = sources[piece] + offset - starts[piece]
            if following is not None:
                offset = min(offset, following)
        return offset

    def _repair(self, kind: str, edit: Edit) -> Repair:
        before = self.text[edit.start : edit.end]
        return Repair(kind=kind, start=self.origin(edit.start), before=before, after=edit.after)
