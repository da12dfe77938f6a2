"""What class names, ids and tags tell: a thin reader of `data/markup.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# The editor of a page as a part of its name (`TRS_Editor`) is a content management system's, not a person's.
SYSTEM_NAMES = re.compile(r"(?i)trs_?(u?editor)|ueditor|mp-editor|editor-?content")


@cache
def _data() -> dict[str, Any]:
    text = (files("services.clean") / "data" / "markup.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def containers() -> tuple[str, ...]:
    """Return the selectors of containers whose whole purpose is the body, most specific first."""
    return tuple(_data()["containers"])


@cache
def bylines() -> str:
    """Return the selector of what holds date, source and authors."""
    return ",".join(_data()["byline"])


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(_data()[kind])


@lru_cache(maxsize=4096)
def hint(name: str) -> str:
    """Return `chrome`, `caption` or nothing for class names and id, joined by a blank."""
    words = {word.lower() for word in WORD.findall(SYSTEM_NAMES.sub("", name))}
    if words & _words("caption"):
        return "caption"
    return "chrome" if words & _words("chrome") else ""


def is_chrome(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether class and id name an element that is no part of an article."""
    return hint(f"{attributes.get('class') or ''} {attributes.get('id') or ''}") == "chrome"
