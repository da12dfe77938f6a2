"""Text that another program wrote as Markdown: its markup goes, and what it told of the lines is kept.

Understood is what extractors and readers write (CommonMark's headings, links, pictures, lists, quotations,
emphasis and escapes, the tables of GitHub's dialect, the lines that Jina's reader puts above), not the whole
language: what is no markup for certain stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice
from typing import NamedTuple

from services.clean.page.page import Page, PageLine, Place

HABIT = re.compile(
    r"^#{1,6} \S"
    r"|\]\([^()\s]{1,500}(?:\([^()\s]{0,80}\))?(?: \"[^\"\n]{0,200}\")?\)"
    r"|^\|(?: ?:?-{2,}:? ?\|)+\s*$"
    r"|\*\*[^*\n]{1,80}\*\*"
    r"|^(?:URL Source|Markdown Content):",
    re.MULTILINE,
)
MIN_HABIT = 2  # pieces of markup; one may be an accident
CUES = ("](", "**", "# ", "|-", "| -", "Markdown Content:")
TARGET = r"\(([^()\s]{0,800}(?:\([^()\s]{0,80}\)[^()\s]{0,200})?)(?: \"[^\"]{0,200}\")?\)"
PICTURE = re.compile(rf"!\[([^\[\]]{{0,300}})\]{TARGET}")
LINK = re.compile(rf"\[([^\[\]]{{0,300}})\]{TARGET}")
HEADING = re.compile(r"(#{1,6}) +(.*?)(?: +#+)?")
UNDERLINE = re.compile(r"={3,}")
RULE = re.compile(r"(?:[-*_] ?){3,}|`{3,}\w*|~{3,}\w*|\|?(?: ?:?-{2,}:? ?\|)+(?: ?:?-{2,}:? ?)?")
MARK = re.compile(r"(?:> ?)*(?:[-*+•] +(?:\[[ xX]\] +)?)?")
STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
WHOLE_EMPHASIS = re.compile(r"([*_])(?=[^\s*_])(.+)(?<=[^\s*_])\1")
CODE = re.compile(r"`([^`]+)`")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>|~-])")
ROW = re.compile(r"\|(.*)\|")
READER = re.compile(r"(Title|URL Source|Published Time|Markdown Content): ?(.*)")
FILE = re.compile(r"[^/?#]*(?=[?#]|$)")  # the last part of an address
NUMBERED = re.compile(r"(?:Image|图片|图) ?\d+(?:[:：] ?|$)")
UNTOLD = re.compile(r"[\d\s./:|·•年月日()\[\]（）【】>»-]+")
MIN_LINKED = 3  # lines of nothing but links that make a list of other articles or a menu
# From so many characters, or words where there are none, what stands for a picture may be its caption.
HAN = re.compile("[\u4e00-\u9fff]")
MIN_HAN, MIN_WORDS = 6, 4
HEAD_LINES = 40  # the title stands above
TITLE_RANK = 1


class Read(NamedTuple):
    """A line without its markup. `rank`: of the heading that it is, else 0; `linked`: it is all links."""

    text: str
    place: Place = Place.BODY
    rank: int = 0
    linked: bool = False


def read_markdown(page: Page) -> Page:
    """Return flattened text without the markup of Markdown; the page as it is where it shows no such habit.

    The one heading of the first rank is the title, and what stands above it stands before the article; lists
    of links are chrome, texts of pictures captions.
    """
    if not has_habit("\n".join(line.text for line in page.lines)):
        return page
    lines = _without_lists(_titled(list(_read([line.text.strip() for line in page.lines]))))
    return replace(page, lines=[PageLine(line.text, line.place) for line in lines])


def has_habit(text: str) -> bool:
    """Tell whether a text is written in Markdown."""
    if not any(cue in text for cue in CUES):
        return False
    return len(list(islice(HABIT.finditer(text), MIN_HABIT))) == MIN_HABIT


def plain(text: str) -> str:
    """Return a line without its markup."""
    text = MARK.sub("", text, count=1)
    if "](" in text:
        text = LINK.sub(r"\1", PICTURE.sub("", text))
    if row := ROW.fullmatch(text):
        text = " ".join(cell.strip() for cell in row[1].split("|"))
    text = STRONG.sub(r"\2", text)
    if emphasis := WHOLE_EMPHASIS.fullmatch(text):
        text = emphasis[2]
    return ESCAPE.sub(r"\1", CODE.sub(r"\1", text)).strip()


def _read(texts: Sequence[str]) -> Iterator[Read]:
    for text, below in zip(texts, [*texts[1:], ""], strict=True):
        if RULE.fullmatch(text) or UNDERLINE.fullmatch(text):
            yield Read("")
        elif reader := READER.fullmatch(text):
            yield Read(text, Place.BEFORE) if reader[1] != "Title" else Read(reader[2], Place.TITLE)
        elif heading := HEADING.fullmatch(text):
            yield Read(plain(heading[2]), rank=len(heading[1]))
        elif text and UNDERLINE.fullmatch(below):
            yield Read(plain(text), rank=TITLE_RANK)
        elif picture := PICTURE.fullmatch(text):
            yield _picture(*picture.groups())
        else:
            yield Read(plain(text), linked=_is_linked(text))


def _picture(told: str, source: str) -> Read:
    """Return the caption that stands for a picture, or else the name of its file."""
    told = plain(NUMBERED.sub("", told.strip(), count=1))
    size = len(HAN.findall(told))
    telling = size >= MIN_HAN if size else len(told.split()) >= MIN_WORDS
    return Read(told, Place.CAPTION) if telling else Read(FILE.findall(source)[0])


def _is_linked(text: str) -> bool:
    """Tell whether a line holds nothing but links, and dates and signs beside them."""
    if "](" not in text:
        return False
    rest = LINK.sub("", PICTURE.sub("", MARK.sub("", text, count=1)))
    return not UNTOLD.sub("", rest)


def _titled(lines: list[Read]) -> list[Read]:
    """Give the title its place, and what stands above it."""
    headings = [n for n, line in enumerate(lines[:HEAD_LINES]) if line.rank == TITLE_RANK]
    if len({line.text for line in lines if line.rank == TITLE_RANK}) != 1 or not headings:
        return lines
    above = [line._replace(place=Place.BEFORE) for line in lines[: headings[0]]]
    return above + [
        line._replace(place=Place.TITLE) if line.rank == TITLE_RANK else line for line in lines[headings[0] :]
    ]


def _without_lists(lines: Sequence[Read]) -> Iterator[Read]:
    """Yield the lines, runs of links among them as chrome."""
    for linked, run in groupby(lines, lambda line: line.linked or not line.text):
        links = list(run)
        if linked and sum(line.linked for line in links) >= MIN_LINKED:
            links = [line._replace(place=Place.CHROME) if line.linked else line for line in links]
        yield from links
