"""The lines of a page and what each of them is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a line is to its reader."""

    BODY = "body"
    HEADING = "heading"  # a subheading: part of the body
    CAPTION = "caption"
    METADATA = "metadata"  # `Line.kind` says which: title, byline, source, editor
    NOISE = "noise"  # `Line.kind` is one of the removals of data/kinds.yaml


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the piece of a line that has one role.

    `start` is the offset in code points of `text` in the lines given, joined by one line feed each. Several
    pieces of one line follow each other; `joined` marks a body piece that continues the paragraph before it.
    """

    text: str
    start: int
    role: Role
    kind: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class LinesSorted:
    """Every line of a page in its order, each with its role."""

    lines: tuple[Line, ...]

    @property
    def body(self) -> list[str]:
        """The paragraphs and subheadings, white space at their ends stripped."""
        paragraphs: list[str] = []
        for line in self.lines:
            if line.role not in (Role.BODY, Role.HEADING):
                continue
            if line.joined and paragraphs:
                paragraphs[-1] += line.text
            else:
                paragraphs.append(line.text)
        return paragraphs

    @property
    def captions(self) -> list[str]:
        """The captions, each once."""
        return list(dict.fromkeys(line.text for line in self.lines if line.role is Role.CAPTION))

    def metadata(self, kind: str) -> list[str]:
        """Return the lines of metadata of one kind: `title`, `byline`, `source` or `editor`."""
        return [line.text for line in self.lines if line.role is Role.METADATA and line.kind == kind]

    @property
    def noise(self) -> Iterator[Line]:
        """The lines that are no part of the article."""
        return (line for line in self.lines if line.role is Role.NOISE)
