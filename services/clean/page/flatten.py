"""An element to lines: one a paragraph, heading, row or `<br>`, captions and chrome told apart.

Works on the element's serialisation, which lexbor writes well-formed, in one pass over its tags.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import NamedTuple

from services.clean.page.elements import INLINE, Element, Part, above_body, by_tag, in_body

# Splits into text, `/` or nothing, tag, attributes, text, … Attribute values may hold a `>`.
TAG = re.compile(r'<(/?)([a-zA-Z][^\s/>]*)([^>"]*(?:"[^"]*"[^>"]*)*)>')
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# The number of a footnote behind a word, and the link to the editor behind a heading of an encyclopedia.
FOOTNOTE = re.compile(r"<sup\b[^>]*>(?:<[^>]*>|\s)*\[\d{1,3}(?:[-,]\d{1,3})*\](?:<[^>]*>|\s)*</sup>")
EDIT_LINK = re.compile(r"<a\b[^>]*>\s*\[?(?:编辑|編輯|edit)\]?\s*</a>")
RANKED = (Part.CHROME, Part.AFTER, Part.CAPTION, Part.TITLE)  # of regions within each other
SENTENCE_END = tuple('。！？；.!?;”"')
# Where a text that is shown as typed has a paragraph: an empty line, an indentation, the end of a sentence.
VERBATIM_BREAK = re.compile(r"\n\s*\n|\n(?=[ \t\u3000])|(?<=[。！？”])\n")
WITHIN_WORDS = re.compile(r"(?<=[\u3001-\uffef])(?<![。！？”])\n(?=[\u3001-\uffef])")
MAX_CELL = 60
MAX_LABEL = 80  # characters: subscribe to the newsletter, log in, read on
DATED = re.compile(r"\d{4}|\d:\d\d")
MAX_CAPTION = 80
UNDER_PICTURES = 0.35  # of all text
LINKED_SHARE = 0.8
UNTOLD = re.compile(r"[\d\s./:|·•年月日()\[\]（）【】-]+")  # date and marks beside a link
# What a name that often says nothing may not hide: most of the text, in paragraphs of such length.
MIN_PARAGRAPH, MIN_PARAGRAPHS, MOST = 40, 2, 0.5
RELATED = re.compile(r"(?:相[关關]|延伸|推[荐薦]|更多)(?:[阅閱閲][读讀]|新[闻聞]|文章|[报報][道導])\s?[:：]")


class MarkedLine(NamedTuple):
    """A line of text with what the markup tells of it."""

    text: str
    part: Part
    heading: bool = False
    linked: bool = False


class _Flattener:
    """Collects the text between two line breaks; regions within regions by depth."""

    def __init__(self) -> None:
        self.lines: list[MarkedLine] = []
        self.open: list[Element] = []
        self.regions: list[str] = []  # the regions that are open, outermost first
        self.pieces: list[str] = []
        self.linked = 0
        self.links = 0
        self.verbatim = 0  # how many <pre> are open
        self.centred = False
        self.after_picture = False
        self.under_pictures: list[int] = []  # the lines that only their place tells to be captions
        self.rows: list[tuple[int, int]] = []  # of the open rows of tables: the first line and the cells
        self.boxes: list[int] = []  # the first line of each open box
        self.weak: list[tuple[str, int, int]] = []  # attributes of weak regions, first line, line behind
        self.related = 0  # how many elements are open around a list of related articles, itself included

    def start(self, element: Element) -> None:
        if element.breaks:
            self.flush()
            self.after_picture = self.after_picture or element.picture
        elif element.cell and self.pieces:
            self.pieces.append("\t")
        if element.void:
            return
        if element.region:
            self._open_region(element)
        if element.box:
            self.boxes.append(len(self.lines))
        elif element.button:
            self._drop_box()
        if element.row:
            self.rows.append((len(self.lines), 0))
        elif element.cell and self.rows:
            start, cells = self.rows[-1]
            self.rows[-1] = start, cells + 1
        self.links += element.link
        self.verbatim += element.verbatim
        self.centred = self.centred or element.centred

    def end(self, element: Element) -> None:
        if element.breaks:
            self.flush()
            self.centred = False
        if element.region:
            if element.region not in self.regions[:-1]:
                self.flush()
            self.regions.pop()
            if element.weak:
                self._close_weak(element.weak)
        if element.box and self.boxes:
            self.boxes.pop()
        if element.row and self.rows:
            self._join_cells(*self.rows.pop())
        self.links -= element.link
        self.verbatim -= element.verbatim

    def text(self, text: str) -> None:
        if self.regions and self.regions[0] == "drop":
            return
        if self.verbatim and "\n" in text:
            *paragraphs, text = VERBATIM_BREAK.split(WITHIN_WORDS.sub("", text))
            for paragraph in paragraphs:
                self.pieces.append(paragraph)
                self.flush()
        self.pieces.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        if not self.pieces:
            return
        text = " ".join("".join(self.pieces).split())
        linked, self.linked = self.linked, 0
        self.pieces.clear()
        if "&" in text:
            text = " ".join(html.unescape(text).split())
        if not text:
            return
        if RELATED.match(text) and not self.related:
            self.related = self._block()
        is_link = linked > LINKED_SHARE * len(UNTOLD.sub("", text)) if linked else False
        part = self._part(text, is_link=is_link)
        self.lines.append(MarkedLine(text, part, heading="heading" in self.regions, linked=is_link))
        self.after_picture = False

    def _join_cells(self, start: int, cells: int) -> None:
        """Make one line of the row of a table whose cells are blocks of one short line each."""
        lines = self.lines[start:]
        if not 1 < len(lines) <= cells:
            return
        if all(line.part is Part.BODY and len(line.text) <= MAX_CELL for line in lines):
            self.lines[start:] = [lines[0]._replace(text=" ".join(line.text for line in lines))]

    def _drop_box(self) -> None:
        """Take the few words in front of a button in its box for its label, where they give no date."""
        start = self.boxes[-1] if self.boxes else 0
        label = [line.text for line in self.lines[start:]]
        if any(line.part is Part.TITLE for line in self.lines[start:]):
            return
        if sum(map(len, label)) <= MAX_LABEL and not any(map(DATED.search, label)):
            self.lines[start:] = [line._replace(part=Part.CHROME) for line in self.lines[start:]]

    def _open_region(self, element: Element) -> None:
        if element.region not in self.regions:
            self.flush()
        self.regions.append(element.region)
        if element.weak:
            self.weak.append((element.weak, len(self.lines), -1))

    def _close_weak(self, attributes: str) -> None:
        last = max(n for n, (name, _, end) in enumerate(self.weak) if name == attributes and end < 0)
        self.weak[last] = attributes, self.weak[last][1], len(self.lines)

    def misleading(self) -> set[str]:
        """Return the attributes of elements with weak names that hold most of the text."""
        if not self.weak:
            return set()
        sizes = [len(x.text) if len(x.text) >= MIN_PARAGRAPH and not x.linked else 0 for x in self.lines]
        enough = MOST * sum(sizes)
        spans = {name: list(filter(None, sizes[start:end])) for name, start, end in self.weak}
        return {name for name, held in spans.items() if len(held) >= MIN_PARAGRAPHS and sum(held) >= enough}

    def told(self) -> list[MarkedLine]:
        """Return the lines; where most of the text stands under pictures, it is the text and no captions."""
        under = sum(len(self.lines[n].text) for n in self.under_pictures)
        text = sum(len(line.text) for line in self.lines if line.part is Part.BODY)
        if under > UNDER_PICTURES * (text + under):
            for n in self.under_pictures:
                self.lines[n] = self.lines[n]._replace(part=Part.BODY)
        return self.lines

    def _block(self) -> int:
        """Return how many elements are open down to the innermost block, 0 where that is all there is."""
        depth = max((n for n, element in enumerate(self.open, 1) if element.breaks), default=0)
        return depth if depth > 1 else 0

    def _part(self, text: str, *, is_link: bool) -> Part:
        if self.related:
            return Part.CHROME
        for part in RANKED if self.regions else ():
            if part in self.regions:
                return part
        ends = text.endswith(SENTENCE_END)
        if is_link and not ends:
            return Part.CHROME
        if self.after_picture and self.centred and len(text) <= MAX_CAPTION and not ends:
            self.under_pictures.append(len(self.lines))
            return Part.CAPTION
        return Part.BODY


def _tidied(source: str) -> str:
    """Return the markup without comments, footnote numbers and links to an editor."""
    if "<!--" in source:
        source = COMMENT.sub("", source)
    if "<sup" in source:
        source = FOOTNOTE.sub("", source)
    if "编辑" in source or "編輯" in source:
        source = EDIT_LINK.sub("", source)
    return source


def flatten(source: str, *, titles: bool = False) -> list[MarkedLine]:
    """Return the lines of well-formed HTML, empty ones left out.

    `titles`: take every heading and whatever its class calls a title for one; else only `<h1>`. Names that
    leave no text are not believed, nor weak ones that hide most of it.
    """
    flattener = _flattened(source, above_body if titles else in_body)
    misleading = set() if titles else flattener.misleading()
    if misleading:
        flattener = _flattened(source, lambda tag, x: (by_tag if x in misleading else in_body)(tag, x))
    lines = flattener.told()
    if titles or any(line.part is Part.BODY for line in lines):
        return lines
    return _flattened(source, by_tag).told()


def _flattened(source: str, element_of: Callable[[str, str], Element]) -> _Flattener:
    flattener = _Flattener()
    opened = flattener.open
    pieces = TAG.split(_tidied(source))
    flattener.text(pieces[0])
    fields = iter(pieces[1:])
    for slash, tag, attributes, text in zip(fields, fields, fields, fields, strict=True):
        if slash:
            element = opened.pop() if opened else INLINE
            if element is not INLINE:
                flattener.end(element)
            if len(opened) < flattener.related:
                flattener.related = 0
        else:
            element = element_of(tag, attributes)
            if element is not INLINE:
                flattener.start(element)
            if not element.void:
                opened.append(element)
        if text and (flattener.pieces or not text.isspace()):
            flattener.text(text)
    flattener.flush()
    return flattener
