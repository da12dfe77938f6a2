"""Articles that stand on a page as data which scripts show: JSON-LD, application state, text areas."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import orjson

from services.clean.page.rows import RUNNING

SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script", re.DOTALL | re.IGNORECASE)
TEXT_AREA = re.compile(r"<textarea\b[^>]*>(.*?)</textarea", re.DOTALL | re.IGNORECASE)
# A string of JSON or of JavaScript between double quotation marks, with its key where it has one.
STRING = re.compile(r'(?:"(?P<key>\w{1,24})"\s*:\s*)?(?P<value>"(?:[^"\\\n]|\\.){2,}")')
TAG = re.compile(r"<[a-zA-Z/][^>]*>")
# The paragraphs of one text may be strings of one key that follow each other at once.
PARAGRAPH_KEYS = frozenset(["text", "content", "value", "html", "paragraph", "p"])
MAX_GAP = 120  # characters between two paragraphs; between two teasers stand addresses, pictures and dates
MAX_CHARS = 2_000_000
MIN_TEXT = 60  # characters of running text; a summary is as long, but the longest of all is taken
MAX_UNESCAPED = 2  # times that markup may be escaped
QUOTED = '\\"'  # JSON that is itself a string of a script


def embedded_article(source: str) -> str | None:
    """Return the longest running text among the data of a page as HTML, None where there is none."""
    if len(source) > MAX_CHARS:
        return None
    best = max(_texts(source), key=_weight, default="")
    if _weight(best) < MIN_TEXT:
        return None
    return best if TAG.search(best) else "".join(f"<p>{html.escape(line)}</p>" for line in best.split("\n"))


def _texts(source: str) -> Iterator[str]:
    for script in SCRIPT.findall(source):
        yield from _strings(script)
        if QUOTED in script:
            yield from _strings(script.replace("\\\\", "\\").replace(QUOTED, '"'))
    yield from map(_unescaped, TEXT_AREA.findall(source))


def _strings(script: str) -> Iterator[str]:
    """Yield the strings of a script, paragraphs that follow each other as one."""
    paragraphs: list[str] = []
    key, end = "", 0
    for match in STRING.finditer(script):
        text = _unquoted(match["value"])
        together = match["key"] in PARAGRAPH_KEYS and match["key"] == key and match.start() - end <= MAX_GAP
        if not together and match["key"] not in PARAGRAPH_KEYS and match.start() - end <= MAX_GAP:
            yield _unescaped(text)  # what stands between two paragraphs, such as their kind
            continue
        if not together:
            yield "\n".join(paragraphs)
            paragraphs.clear()
        paragraphs.append(_unescaped(text))
        key, end = match["key"] or "", match.end()
    yield "\n".join(paragraphs)


def _unquoted(literal: str) -> str:
    try:
        value = orjson.loads(literal)
    except orjson.JSONDecodeError:
        return ""
    return value if isinstance(value, str) else ""


def _unescaped(text: str) -> str:
    """Return text whose markup was escaped as markup."""
    for _ in range(MAX_UNESCAPED):
        if "<" in text or "&lt;" not in text:
            break
        text = html.unescape(text)
    return text


def _weight(text: str) -> int:
    """Return how much running text is in a string, markup not counted; 0 for code."""
    if len(text) < MIN_TEXT:
        return 0
    plain = TAG.sub("\n", text)
    if "function" in plain or "{" in plain:
        return 0
    return sum(
        len(line) for line in plain.split("\n") if RUNNING.search(line) and not line.startswith("http")
    )
