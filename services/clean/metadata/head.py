"""What the head of a page says: `<meta>`, `<title>`, linked data, `<time>`, the account of WeChat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson
from selectolax.lexbor import LexborNode

from services.clean.data import content

SELECTOR = (
    "meta[content],title,time[datetime],#js_name,[id^=authorposton],script,"
    "a[rel~=category],a[rel~=author],.author,.byline,.author-name"
)
LINKED_DATA = "application/ld+json"
KINDS = ("published", "created", "finer", "title", "site", "source", "author", "column")
MAX_MARKED = 60  # characters of an element that names a column or an author
MAX_VALUE = 500  # longer ones are no title, name or date, and everything here is repaired with the text
ARTICLE = re.compile(r"Article|Posting|Report")
# Linked data that its site broke, mostly by a line feed or a quotation mark in the description.
BROKEN = re.compile(r'"(?P<key>headline|datePublished|pubDate)"\s*:\s*"(?P<value>[^"\n]{1,200})"')
# WeChat writes the time of publication, in seconds since 1970, into a script and shows it by that script.
WECHAT_TIME = re.compile(r"""\b(?:ct|publish_time|createTime) ?= ?["'](?P<time>\d[\d :-]{8,18})["']""")


# Data that a script shows as the page: the article stands before the lists of others.
STATE = {
    "state:published": re.compile(
        r'"(?:publish(?:ed)?_?(?:Time|Date|At|time|date|at)|pub_?(?:Time|Date|time|date)|ptime|release_?(?:Time|Date|time|date))"'
        r'\s*:\s*"?(?P<value>\d[^",}]{5,30})'
    ),
    "state:site": re.compile(
        r'"(?:media|site)(?:_?[nN]ame|Info)?"\s*:\s*(?:\{[^{}]{0,200}?"name"\s*:\s*)?"(?P<value>[^"\\]{2,40})"'
    ),
}


@cache
def names(kind: str) -> tuple[str, ...]:
    """Return one list of `data/head.yaml`, surest first."""
    return tuple(content("head.yaml")[kind])


@cache
def _known() -> frozenset[str]:
    return frozenset(name for kind in KINDS for name in names(kind))


def read_head(nodes: Iterable[LexborNode]) -> dict[str, str]:
    """Return what the elements of `SELECTOR` say, by the names of `data/head.yaml`; others are passed over.

    `<meta>` by name or property, `title`, what JSON-LD tells of an article (`ld:…`), the WeChat `account` and
    its time (`wechat:ct`), the column and the author that an element is marked to name (`rel:…`), `<time>`
    that is told to be the article's (`time:datetime`), and the first of the others (`time:other`).
    """
    found: dict[str, str] = {}
    scripts: list[LexborNode] = []
    for node in nodes:
        tag = node.tag
        if tag == "script":
            scripts.append(node)
            continue
        name, value = _told(node, tag)
        if value and len(value) <= MAX_VALUE:
            found.setdefault(name, value)
    for script in scripts:
        if script.attributes.get("type") == LINKED_DATA:
            found |= _linked_data(script.text())
    if "account" in found:
        found |= _wechat_time(scripts)
    return found


def _told(node: LexborNode, tag: str | None) -> tuple[str, str]:
    """Return the name and the value that an element gives, two empty strings where it gives none."""
    if tag == "title":
        return "title", _words(node.text())
    if tag == "meta":
        return _meta(node.attributes)
    return _time(node.attributes) if tag == "time" else _marked(node)


def _meta(attributes: Mapping[str, str | None]) -> tuple[str, str]:
    told = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
    name = told.lower() if told else ""
    return (name, _words(attributes.get("content") or "")) if name in _known() else ("", "")


def _time(attributes: Mapping[str, str | None]) -> tuple[str, str]:
    own = attributes.get("itemprop") == "datePublished" or "pubdate" in attributes
    own = own or "published" in (attributes.get("class") or "")
    return "time:datetime" if own else "time:other", _words(attributes.get("datetime") or "")


def _marked(node: LexborNode) -> tuple[str, str]:
    """Return what an element tells whose id or relation says what it is."""
    name = node.id or ""
    if name == "js_name":
        return "account", _words(node.text())
    if name.startswith("authorposton"):
        return "time:posted", _posted(node)
    key = "rel:category" if "category" in (node.attributes.get("rel") or "") else "rel:author"
    text = _words(node.text())
    return (key, text) if len(text) <= MAX_MARKED else ("", "")


def _posted(node: LexborNode) -> str:
    """Return when the post of a thread was made; Discuz shows `3 天前` and keeps the date behind it."""
    exact = node.css_first("[title]")
    return _words((exact.attributes.get("title") if exact else None) or node.text())


def _words(text: str) -> str:
    return " ".join(text.split())


def _linked_data(text: str) -> dict[str, str]:
    """Return headline, date, publisher, authors and section of a JSON-LD article, as far as it goes."""
    items = linked_items(text)
    for item in items:
        # Baidu's form has no type, but the date of publication under a name of its own.
        if ARTICLE.search(str(item.get("@type"))) or "pubDate" in item:
            return _article(item)
    return {} if items else _article({match["key"]: match["value"] for match in BROKEN.finditer(text)})


def linked_items(text: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON-LD script, none where it is broken."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        return []
    items = data.get("@graph", [data]) if isinstance(data, dict) else data
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _article(item: dict[str, Any]) -> dict[str, str]:
    found = {
        "ld:headline": item.get("headline") or item.get("title"),
        "ld:datepublished": item.get("datePublished") or item.get("pubDate"),
        "ld:publisher": _names(item.get("publisher")),
        "ld:author": _names(item.get("author")),
        "ld:section": _names(item.get("articleSection")),
    }
    return {k: v for k, v in found.items() if isinstance(v, str) and 0 < len(v) <= MAX_VALUE}


def _names(value: object) -> str:
    items = value if isinstance(value, list) else [value]
    told = [item.get("name") if isinstance(item, dict) else item for item in items]
    return " ".join(name for name in told if isinstance(name, str))


def read_state(source: str) -> dict[str, str]:
    """Return what the data tell from which scripts make the page: `state:published`, `state:site`."""
    found = ((key, pattern.search(source)) for key, pattern in STATE.items())
    return {key: _words(match["value"]) for key, match in found if match}


def _wechat_time(scripts: Iterable[LexborNode]) -> dict[str, str]:
    moments = (WECHAT_TIME.search(script.text()) for script in scripts)
    moment = next((moment for moment in moments if moment), None)
    return {"wechat:ct": moment["time"]} if moment else {}
