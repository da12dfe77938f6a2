"""What the head of an HTML page says: `<meta>`, `<title>`, linked data, the account of a WeChat article."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from selectolax.lexbor import LexborNode

SELECTOR = "meta[content],title,#js_name,script"
LINKED_DATA = "application/ld+json"


def read_head(nodes: Iterable[LexborNode]) -> dict[str, str]:
    """Return what the elements of `SELECTOR` say; other elements are passed over.

    `<meta>` by name or property, `title`, what JSON-LD tells of an article (`ld:…`), the WeChat `account`.
    """
    found: dict[str, str] = {}
    for node in nodes:
        tag = node.tag
        if tag == "meta":
            name, value = _named_value(node.attributes)
            if name and value:
                found.setdefault(name.lower(), value)
        elif tag == "title":
            found.setdefault("title", _words(node.text()))
        elif tag == "script":
            if node.attributes.get("type") == LINKED_DATA:
                found |= _linked_data(node.text())
        elif node.id == "js_name":
            found["account"] = _words(node.text())
    return found


def _named_value(attributes: dict[str, str | None]) -> tuple[str | None, str]:
    name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
    return name, _words(attributes.get("content") or "")


def _words(text: str) -> str:
    return " ".join(text.split())


def _linked_data(text: str) -> dict[str, str]:
    """Return headline, date, publisher and authors of a JSON-LD article; nothing where it is broken."""
    for item in linked_items(text):
        if "Article" in str(item.get("@type")):
            return _article(item)
    return {}


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
