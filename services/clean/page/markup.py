"""What class names, ids and tags tell: a thin reader of `data/markup.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise
from string import digits
from typing import Any

from services.clean.data import content

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
KINDS = ("caption", "chrome", "telling", "title")
# The editor of a page as a part of its name (`TRS_Editor`) is a content management system's, not a person's.
SYSTEM_NAMES = re.compile(
    r"(?i)trs_?u?editor|(?:u|ql-?|wang|draft|kind|ck|md|mp-|xh|eweb|(?:text|rich|html|news|article|content)[-_]?)editor"
    r"|editor[-_]?(?:content|text|box|body|view|area|main|root|md|styles?)"
)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = content("markup.yaml")
    return data


def container(attributes: Mapping[str, str | None]) -> str:
    """Return the name by which an element says that it holds the body and nothing else, else nothing."""
    names = f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''} {attributes.get('id') or ''}"
    return next(
        (name.rstrip(digits) for name in names.split() if name.rstrip(digits) in _words("containers")), ""
    )


@cache
def bylines() -> str:
    """Return the selector of what holds date, source and authors."""
    return ",".join(_data()["byline"])


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(_data()[kind])


@lru_cache(maxsize=4096)
def hint(name: str) -> str:
    """Return `chrome`, `telling`, `caption`, `title` or nothing for class names and id, joined by a blank."""
    if any(one.rstrip(digits) in _words("containers") for one in name.split()):
        return ""
    parts = [word.lower() for word in WORD.findall(SYSTEM_NAMES.sub("", name))]
    words = {*parts, *map("".join, pairwise(parts))}
    return next((kind for kind in KINDS if words & _words(kind)), "")


@lru_cache(maxsize=4096)
def _blocks(name: str) -> bool:
    parts = [word.lower() for word in WORD.findall(SYSTEM_NAMES.sub("", name))]
    words = {*parts, *map("".join, pairwise(parts))} - _words("weak")
    return any(words & _words(kind) for kind in ("chrome", "telling"))


def is_no_body(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether an element's names say for certain that it does not hold the body."""
    return _blocks(f"{attributes.get('class') or ''} {attributes.get('id') or ''}")


def is_weak(name: str) -> bool:
    """Tell whether names hint at chrome by words alone that the article's own element may bear as well."""
    return hint(name) in {"chrome", "telling"} and not _blocks(name)


def hint_of(attributes: Mapping[str, str | None]) -> str:
    """Return the hint of an element's class and id."""
    return hint(f"{attributes.get('class') or ''} {attributes.get('id') or ''}")
