"""The words of events and of status that stand in a text (data/events.yaml, data/status_cues.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import daachorse
import yaml

from schemas.extracted import EventStatus, EventType

LEFTMOST_LONGEST = 1
DEFAULT_REACH = 40  # characters between an anchor and the word that must stand with it
TITLE = re.compile(r"《[^《》\n]{1,80}》|【[^【】\n]{1,12}】")  # of a document, of a digest's item
MENTION = "@"
GROUP = "$"


@dataclass(frozen=True)
class Frame:
    """One way to tell an event: an anchor word and what must stand with it (see data/events.yaml)."""

    type: EventType
    near: frozenset[str]
    together: frozenset[str]
    without: tuple[str, ...]
    never: tuple[str, ...]
    reach: int
    side: str
    cued: bool
    dated: bool
    firm: bool
    weak: bool
    status: EventStatus | None


class Hit(NamedTuple):
    """A word of the vocabulary at `text[start:end]`: the frames it anchors, the groups it belongs to."""

    start: int
    end: int
    frames: tuple[Frame, ...]
    labels: frozenset[str]

    @property
    def tells(self) -> bool:
        """Whether the word says anything: a neutral one does not."""
        return bool(self.frames or self.labels)


@dataclass(frozen=True)
class Vocabulary:
    """All words, compiled."""

    automaton: daachorse.CharwiseDoubleArrayAhoCorasick
    frames: tuple[tuple[Frame, ...], ...]
    labels: tuple[frozenset[str], ...]
    latin: tuple[bool, ...]  # whether the word must not touch another Latin letter

    def scan(self, text: str) -> list[Hit]:
        """Return every word in `text` in order, leftmost and longest; neutral words are left out."""
        folded = text.lower()
        if len(folded) != len(text):  # a letter whose small form is longer would shift every offset
            folded = text
        titles = [match.span() for match in TITLE.finditer(text)]
        return [
            _named(hit) if _inside(titles, hit) else hit
            for start, end, word in self.automaton.find(folded)
            if (hit := Hit(start, end, self.frames[word], self.labels[word])).tells
            and (not self.latin[word] or _stands_alone(folded, start, end))
        ]


def _inside(titles: Sequence[tuple[int, int]], hit: Hit) -> bool:
    """Return whether the word stands between title marks; one that takes in the closing mark does not."""
    return any(start < hit.start and hit.end < end for start, end in titles)


def _named(hit: Hit) -> Hit:
    """Return a word of a title: it names something, but tells no event and says nothing of its status."""
    return Hit(hit.start, hit.end, (), frozenset(x for x in hit.labels if not x.startswith("cue.")))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether a Latin word is no part of a longer one. Chinese words always stand alone."""
    first, last = text[start], text[end - 1]
    if first.isascii() and first.isalnum() and start and _is_latin(text[start - 1]):
        return False
    return not (last.isascii() and last.isalnum() and end < len(text) and _is_latin(text[end]))


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


class _Words:
    """Collects the words while the files are read."""

    def __init__(self) -> None:
        self.frames: dict[str, list[Frame]] = {}
        self.labels: dict[str, set[str]] = {}

    def label(self, words: Iterable[str], label: str) -> None:
        for word in words:
            self.labels.setdefault(str(word).lower(), set()).add(label)

    def anchor(self, words: Iterable[str], frame: Frame) -> None:
        for word in words:
            self.frames.setdefault(str(word).lower(), []).append(frame)

    def _inherit(self, words: list[str]) -> None:
        """Let a longer word, which hides the shorter one at its end, stand for it: 受试者入组 for 入组."""
        for word in words:
            own = self.labels.setdefault(word, set())
            if "neutral" not in own:
                for start in range(1, len(word)):
                    self._stand_for(word, word[start:])

    def _stand_for(self, word: str, ending: str) -> None:
        hidden = {x for x in self.labels.get(ending, ()) if not x.startswith(("cue.", "neutral"))}
        self.labels[word] |= hidden
        if word in self.frames:
            types = {frame.type for frame in self.frames[word]}
            self.frames[word] += [f for f in self.frames.get(ending, ()) if f.type not in types]

    def compile(self) -> Vocabulary:
        words = sorted({*self.frames, *self.labels})
        self._inherit(words)
        return Vocabulary(
            daachorse.CharwiseDoubleArrayAhoCorasick(words, LEFTMOST_LONGEST),
            tuple(tuple(self.frames.get(word, ())) for word in words),
            tuple(frozenset(self.labels.get(word, set()) - {"neutral"}) for word in words),
            tuple(_is_latin(word[0]) or _is_latin(word[-1]) for word in words),
        )


def _listed(entry: str | list[str] | None) -> list[str]:
    return [entry] if isinstance(entry, str) else [str(word) for word in entry or ()]


def _companions(
    entries: list[str], groups: dict[str, list[str]], label: str, words: _Words
) -> frozenset[str]:
    """Return the labels that satisfy a list of words, groups and mentions; registers the loose words."""
    found: set[str] = set()
    for entry in entries:
        if entry.startswith(MENTION):
            found.add(entry)
        elif entry.startswith(GROUP):
            found |= {entry, *(word for word in groups[entry[1:]] if str(word).startswith(MENTION))}
        else:
            words.label([entry], label)
            found.add(label)
    return frozenset(found)


def _frame(kind: str, number: int, raw: dict[str, Any], groups: dict[str, list[str]], words: _Words) -> Frame:
    label = f"{kind}.{number}"
    return Frame(
        type=EventType(kind),
        near=_companions(_listed(raw.get("near")), groups, f"{label}.near", words),
        together=_companions(_listed(raw.get("with")), groups, f"{label}.with", words),
        without=tuple(_listed(raw.get("without"))),
        never=tuple(_listed(raw.get("never"))),
        reach=raw.get("reach", DEFAULT_REACH),
        side=raw.get("side", "both"),
        cued=raw.get("cued", False),
        dated=raw.get("dated", False),
        firm=raw.get("firm", False),
        weak=raw.get("weak", False),
        status=EventStatus(raw["status"]) if "status" in raw else None,
    )


def _read(name: str) -> dict[str, Any]:
    text = (files("services.extract") / "data" / name).read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both loaders are safe
    return data


@cache
def load() -> Vocabulary:
    """Return the compiled words of both files; read once a process."""
    words, events = _Words(), _read("events.yaml")
    groups: dict[str, list[str]] = events["groups"]
    for group, members in groups.items():
        words.label((word for word in members if not str(word).startswith(MENTION)), GROUP + group)
    for kind, frames in events["events"].items():
        for number, raw in enumerate(frames):
            words.anchor(raw["any"], _frame(kind, number, raw, groups, words))
    for label, members in _read("status_cues.yaml").items():
        words.label(members, label if label == "neutral" else f"cue.{label}")
    words.label(events["neutral"], "neutral")
    return words.compile()
