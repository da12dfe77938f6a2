"""An HTML page to lines: what stands before the article, the article, what stands after it; and its head."""

from __future__ import annotations

import re
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.clean import markup
from services.clean.dates import find_date
from services.clean.density import Body, find_body
from services.clean.fallback import second_opinion
from services.clean.flatten import MarkedLine, Part, flatten
from services.clean.page import Page, PageLine, Place

PAGE = re.compile(r"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s", re.IGNORECASE)
BLOCK_END = re.compile(r"</(?:p|div|td|li|span|table|section|article)>", re.IGNORECASE)
MIN_BLOCK_ENDS = 6  # a flattened text keeps a few stray tags of a table; a page has dozens
PROBE = 2048
NOISE_TAGS = ["script", "style", "noscript", "iframe", "svg", "select", "textarea"]
# Invisible text: cloaking tools and forums strew it between the sentences. Only small pieces are taken out,
# since some sites hide the whole article until a script shows it.
HIDDEN = '[style*="display:none"],[style*="display: none"],[hidden],.jammer,.pstatus'
MAX_HIDDEN = 120
MAX_LEVELS = 12
MAX_SIBLINGS = 8
MAX_NEAR_TEXT = 400
MAX_NEAR_LINKS = 8
# What a neighbour of the body must say to be read: a date, a name behind a label, or who runs the site.
TELLING = re.compile(
    r"\d{4}\s?[年./-]\s?\d|[来來]\s?.{0,6}源|[编編]|[责責]|[记記]|作者|©|版[权權]|公[众眾]|正文|位置|首[页頁]|[发發]|文[/／|｜]|\bBy\b"
)


def is_html(text: str) -> bool:
    """Tell a page from flattened text, which may hold a few leftover tags."""
    if PAGE.search(text[:PROBE]):
        return True
    ends = sum(1 for _ in zip(BLOCK_END.finditer(text), range(MIN_BLOCK_ENDS), strict=False))
    return ends >= MIN_BLOCK_ENDS


def read_page(source: str) -> Page:
    """Return the lines of an HTML page. Broken markup is read as browsers read it."""
    tree = LexborHTMLParser(source)
    meta = read_head(tree)
    tree.strip_tags(NOISE_TAGS)
    _drop_hidden(tree)
    body = find_body(tree)
    if body is None or body.doubt:
        second = second_opinion(source, body.running if body else 0)
        if second or body is None:
            lines = [PageLine(line, Place.BODY) for line in second]
            return Page([*_headings(tree), *_far(tree), *lines], meta, _language(tree), doubt=True)
    before = _before(body.node)
    if not any(find_date(line.text) for line in before):
        before[:0] = _far(tree)
    return Page([*before, *_inside(body), *_after(body.node)], meta, _language(tree), doubt=body.doubt)


def _headings(tree: LexborHTMLParser) -> list[PageLine]:
    texts = [" ".join(node.text().split()) for node in tree.css("h1")]
    return [PageLine(text, Place.TITLE) for text in texts if 0 < len(text) <= MAX_NEAR_TEXT]


def _far(tree: LexborHTMLParser) -> list[PageLine]:
    """Return what class names tell to be date, source and authors, wherever it stands."""
    texts = [" ".join(node.text(separator=" ").split()) for node in tree.css(markup.bylines())]
    return [PageLine(text, Place.BEFORE) for text in texts if 0 < len(text) <= MAX_NEAR_TEXT]


def read_head(tree: LexborHTMLParser) -> dict[str, str]:
    """Return what the head says.

    `<meta>` by name or property, `title`, what JSON-LD tells of an article (`ld:…`), the WeChat `account`.
    """
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        value = " ".join((attributes.get("content") or "").split())
        if name and value:
            found.setdefault(name.lower(), value)
    title = tree.css_first("title")
    if title:
        found["title"] = " ".join(title.text().split())
    account = tree.css_first("#js_name")
    if account:
        found["account"] = " ".join(account.text().split())
    for script in tree.css('script[type="application/ld+json"]'):
        found |= _linked_data(script.text())
    return found


def _linked_data(text: str) -> dict[str, str]:
    """Return headline, date, publisher and authors of a JSON-LD article; nothing where it is broken."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    items = data.get("@graph", [data]) if isinstance(data, dict) else data
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and "Article" in str(item.get("@type")):
            return _article(item)
    return {}


def _article(item: dict[str, Any]) -> dict[str, str]:
    found = {
        "ld:headline": item.get("headline"),
        "ld:datepublished": item.get("datePublished"),
        "ld:publisher": _names(item.get("publisher")),
        "ld:author": _names(item.get("author")),
    }
    return {key: value for key, value in found.items() if isinstance(value, str) and value}


def _names(value: object) -> str:
    items = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    return " ".join(name for name in names if isinstance(name, str))


def _language(tree: LexborHTMLParser) -> str | None:
    root = tree.root
    return root.attributes.get("lang") if root else None


def _drop_hidden(tree: LexborHTMLParser) -> None:
    for node in tree.css(HIDDEN):
        if len(node.text()) <= MAX_HIDDEN:
            node.decompose()


def _inside(body: Body) -> list[PageLine]:
    """Return the body's own lines; its main heading and what is above belong to what stands before."""
    lines = flatten(body.node.html or "")
    title = next((n for n, line in enumerate(lines) if line.part is Part.TITLE), -1)
    return [PageLine(x.text, Place.BEFORE if n < title else _place(x)) for n, x in enumerate(lines)]


def _place(line: MarkedLine) -> Place:
    return Place(line.part.value)


def _before(node: LexborNode) -> list[PageLine]:
    """Return the short lines in front of the body, nearest levels last: bread crumbs, title, byline."""
    found: list[PageLine] = []
    for level in _levels(node):
        near: list[PageLine] = []
        sibling = level.prev
        for _ in range(MAX_SIBLINGS):
            if sibling is None:
                break
            near[:0] = _near(sibling, Place.BEFORE)
            sibling = sibling.prev
        found[:0] = near
    return found


def _after(node: LexborNode) -> list[PageLine]:
    """Return the short lines behind the body: editor, source, copyright."""
    found: list[PageLine] = []
    for level in _levels(node):
        sibling = level.next
        for _ in range(MAX_SIBLINGS):
            if sibling is None:
                break
            found += _near(sibling, Place.AFTER)
            sibling = sibling.next
    return found


def _levels(node: LexborNode) -> list[LexborNode]:
    levels: list[LexborNode] = []
    level: LexborNode | None = node
    while level is not None and level.tag not in {"body", "html"} and len(levels) < MAX_LEVELS:
        levels.append(level)
        level = level.parent
    return levels


def _near(node: LexborNode, place: Place) -> list[PageLine]:
    """Return the lines of a neighbour that tells something and is neither a long text nor a list of links."""
    if not (node.is_element_node or node.is_text_node):
        return []
    text = node.text()
    if not 0 < len(text) <= MAX_NEAR_TEXT or markup.hint_of(node.attributes) == "chrome":
        return []
    if node.is_text_node:
        return [PageLine(" ".join(text.split()), place)] if TELLING.search(text) else []
    before = place is Place.BEFORE
    if len(node.css("a")) > MAX_NEAR_LINKS or not (before or TELLING.search(text)):
        return []
    lines = flatten(node.html or "", titles=before)
    return [PageLine(x.text, Place.TITLE if _is_title(x) else place) for x in lines]


def _is_title(line: MarkedLine) -> bool:
    """Tell a title from the byline that stands in one element with it."""
    return line.part is Part.TITLE and not find_date(line.text)
