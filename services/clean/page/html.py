"""An HTML page to lines: what stands before the article, the article, what stands after it; and its head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.clean.metadata import head
from services.clean.metadata.byline import is_today
from services.clean.metadata.dates import find_date
from services.clean.page import surroundings
from services.clean.page.density import Body, find_body
from services.clean.page.elements import Part
from services.clean.page.embedded import embedded_article
from services.clean.page.fallback import BETTER, second_opinion
from services.clean.page.flatten import MarkedLine, flatten
from services.clean.page.listing import without_teasers
from services.clean.page.page import Page, PageLine, Place
from services.clean.page.rows import RUNNING

PAGE = re.compile(r"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s", re.IGNORECASE)
BLOCK_END = re.compile(r"</(?:p|div|td|li|span|table|section|article)>", re.IGNORECASE)
MIN_BLOCK_ENDS = 6  # a flattened text keeps a few stray tags of a table; a page has dozens
PROBE = 2048
NOISE_TAGS = frozenset(["script", "style", "noscript", "iframe", "svg", "select", "textarea"])
# Invisible text: cloaking tools and forums strew it between the sentences. Only small pieces are taken out,
# since some sites hide the whole article until a script shows it.
HIDDEN = '[style*="display:none"],[style*="display: none"],[hidden],.jammer,.pstatus'
MAX_HIDDEN = 120
MAX_LINKED = 0.5  # of the text of a page: with more it is a list, and no other extractor will find an article
MAX_HEAD_LINES = 6  # above the text: title, publisher, date and authors
MAX_HEAD_LINE = 60
MAX_LISTS = 3  # of teasers, that are passed over
MIN_PARAGRAPH = 60  # characters of a line with which the text has begun, title and byline behind it
HEAD_TAGS = frozenset(["html", "head", "body", "meta", "title", "time"])  # never hidden pieces
SPECIAL = ",".join([head.SELECTOR, *sorted(NOISE_TAGS - {"script"}), HIDDEN])


def is_html(text: str) -> bool:
    """Tell a page from flattened text, which may hold a few leftover tags."""
    if PAGE.search(text[:PROBE]):
        return True
    ends = sum(1 for _ in zip(BLOCK_END.finditer(text), range(MIN_BLOCK_ENDS), strict=False))
    return ends >= MIN_BLOCK_ENDS


def read_page(source: str) -> Page:
    """Return the lines of an HTML page. Broken markup is read as browsers read it."""
    tree = LexborHTMLParser(source)
    special = list({node.mem_id: node for node in tree.css(SPECIAL)}.values())  # one match a selector
    meta = head.read_head(special)
    _drop(special)
    body, inside = _body(tree)
    if body is None and inside:
        return Page()
    if body is None or body.doubt:
        guess = _second_guess(source, tree, body)
        if guess or body is None:
            above = [*surroundings.headings(tree), *surroundings.named_bylines(tree)] if guess else []
            return Page([*above, *guess], meta | head.read_state(source), _language(tree), doubt=True)
    before = surroundings.before(body.first)
    if not any(find_date(line.text) and not is_today(line.text) for line in before):
        before[:0] = surroundings.named_bylines(tree)
    lines = [*before, *inside, *surroundings.after(body.last)]
    untold = not before and "title" not in meta and all(line.place is Place.BODY for line in lines)
    return Page(lines, meta, _language(tree), flattened=untold, doubt=body.doubt)


def _body(tree: LexborHTMLParser) -> tuple[Body | None, list[PageLine]]:
    """Return the body and its lines. Lists of teasers are passed over; their lines alone are no body."""
    lists: list[PageLine] = []
    for _ in range(MAX_LISTS):
        body = find_body(tree)
        if body is None:
            break
        inside = _inside(body)
        if any(line.place is Place.BODY for line in inside):
            return (body, inside) if not lists or _is_headed(body) else (None, lists)
        lists += inside
        body.drop()
    return None, lists


def _is_headed(body: Body) -> bool:
    """Tell whether a title and a date stand above a body: what is left of a list page has none."""
    above = surroundings.before(body.first)
    return any(line.place is Place.TITLE for line in above) and any(find_date(line.text) for line in above)


def _second_guess(source: str, tree: LexborHTMLParser, body: Body | None) -> list[PageLine]:
    """Return the lines of an article that stands in data, or that another extractor finds; else none.

    A short text right below a title is a flash, and the longer ones around it are not the article.
    """
    running = body.running if body else 0
    data = embedded_article(source)
    if data:
        lines = flatten(data)
        if sum(len(line.text) for line in lines) > BETTER * running:
            return [PageLine(line.text, Place(line.part)) for line in lines]
    if body and any(line.place is Place.TITLE for line in surroundings.before(body.first)):
        return []
    links = [" ".join(link.text().split()) for link in tree.css("a")]
    if sum(map(len, links)) > MAX_LINKED * len(tree.body.text() if tree.body else ""):
        return []
    return [PageLine(line, Place.BODY) for line in second_opinion(source, running, set(links))]


def _language(tree: LexborHTMLParser) -> str | None:
    root = tree.root
    return root.attributes.get("lang") if root else None


def _drop(special: Sequence[LexborNode]) -> None:
    """Take noise and hidden pieces out of the tree, inner ones first: what was in a dropped one is freed."""
    for node in reversed(special):
        tag = node.tag
        if tag in NOISE_TAGS or (tag not in HEAD_TAGS and _is_hidden(node)):
            node.decompose()


def _is_hidden(node: LexborNode) -> bool:
    return node.css_matches(HIDDEN) and len(node.text()) <= MAX_HIDDEN


def _inside(body: Body) -> list[PageLine]:
    """Return the body's own lines; what stands above its main heading and its date is no part of the text."""
    lines = without_teasers(flatten(body.html))
    text = next((n for n, line in enumerate(lines) if _is_text(line)), len(lines))
    head = next((n for n, line in enumerate(lines[:text]) if line.part is Part.TITLE), 0)
    if text < len(lines):
        head = max(head, _date_line([line.text for line in lines[: min(text, MAX_HEAD_LINES)]]) + 1)
    return [
        PageLine(x.text, Place.BEFORE if n < head and x.part is not Part.TITLE else _place(x, below=n > text))
        for n, x in enumerate(lines)
    ]


def _date_line(lines: Sequence[str]) -> int:
    """Return the last of the lines above a text that holds a date, -1 where none does."""
    short = list(takewhile(lambda line: len(line) <= MAX_HEAD_LINE and not line.endswith("。"), lines))
    return max((n for n, line in enumerate(short) if find_date(line)), default=-1)


def _is_text(line: MarkedLine) -> bool:
    return line.part is Part.BODY and len(line.text) >= MIN_PARAGRAPH and bool(RUNNING.search(line.text))


def _place(line: MarkedLine, *, below: bool) -> Place:
    """Return the place of a line; a main heading below the beginning of the text is a subheading."""
    return Place.BODY if below and line.part is Part.TITLE else Place(line.part)
