"""The short lines around the body of an HTML page: bread crumbs, title and byline above, credits below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.clean.metadata.dates import find_date
from services.clean.page import markup
from services.clean.page.elements import Part
from services.clean.page.flatten import MarkedLine, flatten
from services.clean.page.page import PageLine, Place

MAX_LEVELS = 12
MAX_SIBLINGS = 12  # elements and pieces of text; white space between them does not count
MAX_NODES = 40
MAX_NEAR_TEXT = 400
MAX_NEAR_LINKS = 8
MAX_PAGE = 200_000
# The head of a newspaper's electronic page: its day, its number and its column.
ISSUE = re.compile(
    r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日[^\n。]{0,16}第\s?[A-Z]?\d{1,3}\s?版"
    r"(?:[:：]\s?[\u4e00-\u9fff·]{2,8}?(?=上一版|下一版|[^\u4e00-\u9fff·]|$))?"
)
MAX_LAID_OUT = 4000  # with the white space of its markup
# What a neighbour of the body must say to be read: a date, a name behind a label, or who runs the site.
TELLING = re.compile(
    r"\d{4}\s?[年./-]\s?\d|[来來]\s?.{0,6}源|[编編]|[责責]|[记記]|作者|©|版[权權]|公[众眾]"
    r"|正文|位置|首[页頁]|[发發]|文[/／|｜]|\b(?:By|Posted by)\b"
)


def headings(tree: LexborHTMLParser) -> list[PageLine]:
    """Return the main headings of the page."""
    texts = [" ".join(node.text().split()) for node in tree.css("h1")]
    return [PageLine(text, Place.TITLE) for text in texts if 0 < len(text) <= MAX_NEAR_TEXT]


def named_bylines(tree: LexborHTMLParser) -> list[PageLine]:
    """Return what class names tell to be a byline, and the head of a newspaper's page, wherever it stands."""
    texts = [" ".join(node.text(separator=" ").split()) for node in tree.css(markup.bylines())]
    texts += ISSUE.findall(tree.body.text()[:MAX_PAGE]) if tree.body else []
    return [PageLine(text, Place.BEFORE) for text in texts if 0 < len(text) <= MAX_NEAR_TEXT]


def before(node: LexborNode) -> list[PageLine]:
    """Return the short lines in front of the body, those of the outermost level first."""
    found: list[PageLine] = []
    for level in reversed(_levels(node)):
        siblings = list(_siblings(level, backwards=True))
        for sibling, text in reversed(siblings):
            found += _near(sibling, text, Place.BEFORE)
    return found


def after(node: LexborNode) -> list[PageLine]:
    """Return the short lines behind the body: editor, source, copyright."""
    found: list[PageLine] = []
    for level in _levels(node):
        for sibling, text in _siblings(level, backwards=False):
            found += _near(sibling, text, Place.AFTER)
    return found


def _levels(node: LexborNode) -> list[LexborNode]:
    levels: list[LexborNode] = []
    level: LexborNode | None = node
    while level is not None and level.tag not in {"body", "html"} and len(levels) < MAX_LEVELS:
        levels.append(level)
        level = level.parent
    return levels


def _siblings(node: LexborNode, *, backwards: bool) -> Iterator[tuple[LexborNode, str]]:
    """Yield the neighbours of a node that hold text, nearest first, with their text."""
    sibling = node.prev if backwards else node.next
    found = 0
    for _ in range(MAX_NODES):
        if sibling is None or found == MAX_SIBLINGS:
            break
        if not sibling.is_comment_node:
            text = sibling.text().strip()
            if MAX_NEAR_TEXT < len(text) < MAX_LAID_OUT:
                text = " ".join(text.split())
            if text:
                yield sibling, text
                found += 1
        sibling = sibling.prev if backwards else sibling.next


def _near(node: LexborNode, text: str, place: Place) -> list[PageLine]:
    """Return the lines of a neighbour that tells something and is neither a long text nor a list of links."""
    above = place is Place.BEFORE
    if len(text) > MAX_NEAR_TEXT or not (above or TELLING.search(text)):
        return []
    if node.is_text_node:
        return [PageLine(" ".join(text.split()), place)] if TELLING.search(text) else []
    if markup.hint_of(node.attributes) == "chrome":
        return []
    source = node.html or ""
    if source.count("<a ") > MAX_NEAR_LINKS:
        return []
    lines = flatten(source, titles=above)
    return [PageLine(x.text, Place.TITLE if _is_title(x) else place) for x in lines]


def _is_title(line: MarkedLine) -> bool:
    """Tell a title from the byline that stands in one element with it."""
    return line.part is Part.TITLE and not find_date(line.text)
