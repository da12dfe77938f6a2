"""Articles that stand on a page as data which scripts show: JSON-LD, application state, text areas."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import orjson

from services.clean.rows import RUNNING

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.DOTALL | re.IGNORECASE)
TEXT_AREA = re.compile(r"<textarea\b[^>]*>(.*?)</textarea", re.DOTALL | re.IGNORECASE)
# A string of JSON or of JavaScript between double quotation marks.
STRING = re.compile(r'"((?:[^"\\\n]|\\.){60,})"')
TAG = re.compile(r"<[a-zA-Z/][^>]*>")
MAX_CHARS = 2_000_000
MIN_TEXT = 60  # characters of running text; a summary is as long, but the longest of all is taken
MAX_UNESCAPED = 2  # times that markup may be escaped


def embedded_article(source: str) -> str | None:
    """Return the longest running text among the data of a page as HTML, None where there is none."""
    if len(source) > MAX_CHARS:
        return None
    best = max(_strings(source), key=_weight, default="")
    if _weight(best) < MIN_TEXT:
        return None
    return best if TAG.search(best) else "".join(f"<p>{html.escape(line)}</p>" for line in best.split("\n"))


def _strings(source: str) -> Iterator[str]:
    for _, script in SCRIPT.findall(source):
        for match in STRING.finditer(script):
            text = _unquoted(match[0])
            if text and RUNNING.search(text):
                yield _unescaped(text)
    yield from map(_unescaped, TEXT_AREA.findall(source))


def _unquoted(literal: str) -> str:
    try:
        value = orjson.loads(literal)
    except orjson.JSONDecodeError:
        return ""
    return value if isinstance(value, str) else ""


def _unescaped(text: str) -> str:
    """Return text whose markup was escaped as markup; a string within a string is unpacked too."""
    for _ in range(MAX_UNESCAPED):
        if "<" in text or "&lt;" not in text:
            break
        text = html.unescape(text)
    return text


def _weight(text: str) -> int:
    """Return how much running text is in a string, markup not counted; 0 for code."""
    plain = TAG.sub("\n", text)
    if "function" in plain or "{" in plain:
        return 0
    return sum(
        len(line) for line in plain.split("\n") if RUNNING.search(line) and not line.startswith("http")
    )
