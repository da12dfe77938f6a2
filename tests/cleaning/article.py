"""The articles that the gate's pages are made of: YAML files in `articles/`, written for this purpose.

The text of an article is a paragraph a line, apart from

    ## a subheading          ![the caption of a picture]
    | cells | of | a row |   ~ a credit that belongs to the page and not to the body
    A sentence.⟦(记者 某某)⟧   what stands in the paragraph and is no part of the body
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "articles"
ASIDE = re.compile("⟦(.*?)⟧")


class BlockKind(StrEnum):
    """What a line of an article is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CAPTION = "caption"
    ROW = "row"
    CREDIT = "credit"


@dataclass(frozen=True)
class Block:
    """One line of an article. `text` as it is rendered; the cells of a row are parted by ` | `."""

    kind: BlockKind
    text: str

    @property
    def golden(self) -> str:
        """The line as it shall stand in the body; empty where it shall not."""
        if self.kind in (BlockKind.CAPTION, BlockKind.CREDIT):
            return ""
        return ASIDE.sub("", self.text).replace(" | ", " ")

    @property
    def shown(self) -> str:
        """The line as the page shows it."""
        return ASIDE.sub(r"\1", self.text)


@dataclass(frozen=True)
class Article:
    """What a page is about. `told`: the fields that its own text tells, on whatever page it stands.

    `text_date`: the date that the text itself tells, in a dateline or below the signature.
    """

    name: str
    kind: str
    title: str
    published: str
    site: str
    blocks: tuple[Block, ...]
    column: str = ""
    source: str = ""
    reporters: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    editor: str = ""
    told: frozenset[str] = frozenset()
    text_date: str = ""
    script: str = "Hans"
    digest: bool = False

    @property
    def text(self) -> str:
        """All that the article says, to tell it from the furniture of a page."""
        return "\n".join([self.title, self.site, self.source, *(block.shown for block in self.blocks)])


def articles() -> Iterator[Article]:
    """Yield all articles, in the order of their files."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield _article(entry)


def _article(entry: dict[str, Any]) -> Article:
    entry["blocks"] = tuple(_block(line.strip()) for line in entry.pop("text").splitlines() if line.strip())
    for key in ("reporters", "correspondents"):
        entry[key] = tuple(entry.get(key, ()))
    return Article(**{**entry, "told": frozenset(entry.get("told", ()))})


def _block(line: str) -> Block:
    if line.startswith("## "):
        return Block(BlockKind.HEADING, line[3:])
    if line.startswith("!["):
        return Block(BlockKind.CAPTION, line[2:-1])
    if line.startswith("| "):
        return Block(BlockKind.ROW, line.strip("| "))
    if line.startswith("~ "):
        return Block(BlockKind.CREDIT, line[2:])
    return Block(BlockKind.PARAGRAPH, line)
