"""An element to lines: one a paragraph, heading, row or `<br>`, captions and chrome told apart.

Works on the element's serialisation, which lexbor writes well-formed, in one pass over its tags.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from services.clean import markup

# Splits into text, `/` or nothing, tag, attributes, text, … Attribute values may hold a `>`.
TAG = re.compile(r'<(/?)([a-zA-Z][^\s/>]*)([^>"]*(?:"[^"]*"[^>"]*)*)>')
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NAME = re.compile(r'\b(?:class|id)="([^"]*)"')
CENTRED = re.compile(r"text-align:\s*center|\balign=\"center\"|\bcenter\b", re.IGNORECASE)
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
BREAKING = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "center",
        "form",
        "fieldset",
        "address",
        "hr",
        "br",
        "option",
        "caption",
        "details",
        "summary",
        "footer",
        "aside",
        "nav",
    ]
)
CELLS = frozenset({"td", "th"})
DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "iframe",
        "svg",
        "button",
        "select",
        "textarea",
        "template",
        "object",
        "video",
        "audio",
        "nav",
    ]
)
ENDING = frozenset({"footer"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
SENTENCE_END = tuple('。！？；.!?;”"')
# Where a text that is shown as typed has a paragraph: an empty line, an indentation, the end of a sentence.
VERBATIM_BREAK = re.compile(r"\n\s*\n|\n(?=[ \t\u3000])|(?<=[。！？”])\n")
WITHIN_WORDS = re.compile(r"(?<=[\u3001-\uffef])(?<![。！？”])\n(?=[\u3001-\uffef])")
MAX_CAPTION = 80
UNDER_PICTURES = 0.35  # of all text
LINKED_SHARE = 0.8
UNTOLD = re.compile(r"[\d\s./:|·•年月日()\[\]（）【】-]+")  # date and marks beside a link
RELATED = re.compile(r"(?:相[关關]|延伸|推[荐薦]|更多)(?:[阅閱閲][读讀]|新[闻聞]|文章|[报報][道導])\s?[:：]")


class Part(StrEnum):
    """Where on the page a line stands."""

    TITLE = "title"
    BODY = "body"
    CAPTION = "caption"
    CHROME = "chrome"
    AFTER = "after"  # no part of the article, but it tells of it: who edited it, who runs the site


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of text with what the markup tells of it."""

    text: str
    part: Part
    heading: bool = False
    linked: bool = False


REGIONS = {"": "", "chrome": Part.CHROME, "telling": Part.AFTER, "caption": Part.CAPTION, "title": ""}
REGION_TAGS = (
    dict.fromkeys(DROPPED, "drop")
    | dict.fromkeys(ENDING, Part.AFTER)
    | dict.fromkeys(HEADINGS, "heading")
    | {"h1": Part.TITLE, "figcaption": Part.CAPTION, "caption": Part.CAPTION}
)
RANKED = (Part.CHROME, Part.AFTER, Part.CAPTION, Part.TITLE)
TITLES = HEADINGS | {"center"}
REMEMBERED = 4096


@lru_cache(REMEMBERED)
def _region(tag: str, attributes: str, *, titles: bool) -> str:
    """Return the region that an element opens, nothing where it opens none."""
    if titles and tag in TITLES:
        return Part.TITLE
    if tag in REGION_TAGS:
        return REGION_TAGS[tag]
    names = NAME.findall(attributes) if attributes else []
    hint = markup.hint(" ".join(names)) if names else ""
    return Part.TITLE if hint == "title" and titles else REGIONS[hint]


class _Flattener:
    """Collects the text between two line breaks; regions within regions by depth."""

    def __init__(self, *, titles: bool) -> None:
        self.titles = titles
        self.lines: list[MarkedLine] = []
        self.open: list[tuple[str, str]] = []  # tag and the region that it opened, if any
        self.regions: list[str] = []  # the regions that are open, outermost first
        self.pieces: list[str] = []
        self.linked = 0
        self.links = 0
        self.verbatim = 0  # how many <pre> are open
        self.centred = False
        self.after_picture = False
        self.under_pictures: list[int] = []  # the lines that only their place tells to be captions
        self.related = 0  # how many elements are open around a list of related articles, itself included

    def start(self, tag: str, attributes: str) -> None:
        if tag in BREAKING:
            self.flush()
        elif tag in CELLS and self.pieces:
            self.pieces.append("\t")
        if tag in VOID:
            if tag == "img":
                self.flush()
                self.after_picture = True
            return
        region = _region(tag, attributes, titles=self.titles)
        self.open.append((tag, region))
        if region:
            if region not in self.regions:
                self.flush()
            self.regions.append(region)
        if tag == "a" and "href=" in attributes:
            self.links += 1
        elif tag == "pre":
            self.verbatim += 1
        if attributes and not self.centred and CENTRED.search(attributes):
            self.centred = True

    def end(self, tag: str) -> None:
        if tag in BREAKING:
            self.flush()
            self.centred = False
        if not self.open or self.open[-1][0] != tag:
            return
        _, region = self.open.pop()
        if len(self.open) < self.related:
            self.related = 0
        if region:
            if region not in self.regions[:-1]:
                self.flush()
            self.regions.pop()
        if tag == "a":
            self.links = max(0, self.links - 1)
        elif tag == "pre":
            self.verbatim -= 1

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
        if not text:
            return
        if "&" in text:
            text = " ".join(html.unescape(text).split())
        if RELATED.match(text) and not self.related:
            self.related = self._block()
        is_link = linked > LINKED_SHARE * len(UNTOLD.sub("", text)) if linked else False
        part = self._part(text, is_link=is_link)
        self.lines.append(MarkedLine(text, part, heading="heading" in self.regions, linked=is_link))
        self.after_picture = False

    def told(self) -> list[MarkedLine]:
        """Return the lines; where most of the text stands under pictures, it is the text and no captions."""
        under = sum(len(self.lines[n].text) for n in self.under_pictures)
        text = sum(len(line.text) for line in self.lines if line.part is Part.BODY)
        if under > UNDER_PICTURES * (text + under):
            for n in self.under_pictures:
                self.lines[n] = replace(self.lines[n], part=Part.BODY)
        return self.lines

    def _block(self) -> int:
        """Return how many elements are open down to the innermost block, 0 where that is all there is."""
        depth = max((n for n, (tag, _) in enumerate(self.open, 1) if tag in BREAKING), default=0)
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


def flatten(source: str, *, titles: bool = False) -> list[MarkedLine]:
    """Return the lines of well-formed HTML, empty ones left out.

    `titles`: take every heading and whatever its class calls a title for one; else only `<h1>`.
    """
    flattener = _Flattener(titles=titles)
    pieces = TAG.split(COMMENT.sub("", source) if "<!--" in source else source)
    flattener.text(pieces[0])
    fields = iter(pieces[1:])
    for slash, tag, attributes, text in zip(fields, fields, fields, fields, strict=True):
        if slash:
            flattener.end(tag)
        else:
            flattener.start(tag, attributes)
        if text:
            flattener.text(text)
    flattener.flush()
    return flattener.told()
