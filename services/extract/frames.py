"""Which anchor words of a sentence tell an event: the frame that fits best and the word that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.extracted import EntityType
from services.extract.clauses import SEGMENT_MARKS, Sentence
from services.extract.mentions import Mentions
from services.extract.vocabulary import MENTION, Frame, Hit

KINDS = {f"@{kind.value}": kind for kind in EntityType}


@dataclass(frozen=True)
class Candidate:
    """An anchor, the frame that it fits, and the word that stands with it, `distance` characters away."""

    anchor: Hit
    frame: Frame
    companion: tuple[int, int] | None
    distance: int

    @property
    def span(self) -> tuple[int, int]:
        """Anchor and companion together."""
        start, end = self.companion or (self.anchor.start, self.anchor.end)
        return min(self.anchor.start, start), max(self.anchor.end, end)


def candidates(mentions: Mentions, sentence: Sentence, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the best-fitting frame of each anchor of the sentence, in order."""
    found = []
    for hit in hits:
        fitting = [c for frame in hit.frames if (c := _fit(mentions, sentence, hits, hit, frame))]
        if fitting:
            found.append(min(fitting, key=lambda c: c.distance))
    return found


def outbid(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Return whether another anchor of the same type stands nearer to the same companion."""
    return candidate.companion is not None and any(
        other.companion == candidate.companion
        and other.frame.type is candidate.frame.type
        and other.distance < candidate.distance
        for other in others
    )


def _fit(
    mentions: Mentions, sentence: Sentence, hits: Sequence[Hit], anchor: Hit, frame: Frame
) -> Candidate | None:
    start, end = sentence.clauses[sentence.clause_at(anchor.start)]
    body = mentions.body
    if any(body.find(word, start, end) >= 0 for word in frame.without):
        return None
    if any(body.find(word, sentence.start, sentence.end) >= 0 for word in frame.never):
        return None
    if frame.together and not any(hit.labels & frame.together for hit in hits):
        return None
    if not frame.near:
        return Candidate(anchor, frame, None, 0)
    companions = [(h.start, h.end) for h in hits if h is not anchor and h.labels & frame.near]
    companions += _mentioned(mentions, sentence, frame)
    reachable = [
        (gap, span)
        for span in companions
        if (gap := _gap(body, anchor, span, frame)) is not None
        and not _taken(mentions.body, hits, anchor, span, frame)
    ]
    if not reachable:
        return None
    gap, span = min(reachable)
    return Candidate(anchor, frame, span, gap)


def _mentioned(mentions: Mentions, sentence: Sentence, frame: Frame) -> list[tuple[int, int]]:
    """Return the spans of the kinds of mention that the frame accepts."""
    kinds = [KINDS[label] for label in frame.near if label in KINDS]
    spans = (
        [(m.start, m.end) for m in mentions.entities_in(sentence.start, sentence.end, *kinds)]
        if kinds
        else []
    )
    for label, rows in ((f"{MENTION}money", mentions.money), (f"{MENTION}person", mentions.persons)):
        if label in frame.near:
            spans += [(r.start, r.end) for r in rows if sentence.start <= r.start < sentence.end]
    return spans


def _taken(body: str, hits: Sequence[Hit], anchor: Hit, span: tuple[int, int], frame: Frame) -> bool:
    """Return whether an anchor of the same type stands between: the companion is that one's."""
    low, high = min(anchor.end, span[1]), max(anchor.start, span[0])
    between = (h for h in hits if low <= h.start and h.end <= high and not body.startswith("的", h.end))
    return any(f.type is frame.type for h in between for f in h.frames)


def _gap(body: str, anchor: Hit, span: tuple[int, int], frame: Frame) -> int | None:
    """Return the characters between anchor and companion; None where too far or on the wrong side."""
    start, end = span
    if start < anchor.end and end > anchor.start:
        return None
    if any(mark in body[min(anchor.end, end) : max(anchor.start, start)] for mark in SEGMENT_MARKS):
        return None
    behind = start >= anchor.end
    if (frame.side == "after" and not behind) or (frame.side == "before" and behind):
        return None
    gap = start - anchor.end if behind else anchor.start - end
    return gap if gap <= frame.reach else None
