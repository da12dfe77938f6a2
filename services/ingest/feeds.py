"""Reading RSS and Atom: bytes in, entries out."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser

from schemas import ids
from services.ingest.addresses import check_url

MAX_FEED_BYTES = 5 * 1024 * 1024
MAX_ENTRIES = 500
MAX_TITLE_CHARS = 500
NUMERIC_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,16})|([0-9]{1,16}));")
FIRST_SURROGATE, LAST_SURROGATE, LAST_CHARACTER, REPLACEMENT = 0xD800, 0xDFFF, 0x10FFFF, b"&#xFFFD;"
# A time without a zone is no moment: Chinese feeds that write 2024-06-25 14:15:00 mean Beijing, others UTC.
HAS_ZONE = re.compile(r"(?:Z|[A-Z]{2,4}|[+-]\d\d:?\d\d)\s*$")


@dataclass(frozen=True)
class Entry:
    """One entry of a feed; `url` is absolute, times have a zone."""

    url: str
    title: str | None
    published: datetime | None
    updated: datetime | None

    @property
    def url_id(self) -> str:
        """The key of the page that it leads to."""
        return ids.url_id(self.url)


@dataclass(frozen=True)
class Feed:
    """The entries in the feed's order, and what is wrong with its XML (None where nothing is)."""

    entries: list[Entry]
    flaw: str | None = None


@dataclass(frozen=True)
class NoFeed:
    """The bytes are no feed."""

    reason: str


def parse_feed(body: bytes, content_type: str | None, url: str) -> Feed | NoFeed:
    """Read a feed in whatever encoding it names; links are resolved against `url`.

    Broken XML from which entries can be saved gives these entries, with the flaw; else `NoFeed`.
    """
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        parsed = feedparser.parse(
            NUMERIC_REFERENCE.sub(_a_character, body), response_headers=headers, sanitize_html=False
        )
    except Exception as error:  # noqa: BLE001 - it raises of many kinds on bytes that nobody foresaw
        return NoFeed(f"unreadable: {error!r:.200}")
    flaw = _flaw(parsed)
    if not parsed.get("version") and not parsed.get("entries"):
        return NoFeed(flaw or "neither RSS nor Atom")
    entries = _entries(parsed.get("entries", []), url)
    if flaw and not entries:
        return NoFeed(flaw)
    return Feed(entries, flaw)


def _a_character(reference: re.Match[bytes]) -> bytes:
    """Half of a UTF-16 pair, as broken writers make of an emoji, is no character; feedparser fails on it."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    no_character = FIRST_SURROGATE <= number <= LAST_SURROGATE or number > LAST_CHARACTER
    return REPLACEMENT if no_character else reference[0]


def _flaw(parsed: Any) -> str | None:
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    if error is None or isinstance(
        error, (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    ):
        return None
    return f"malformed: {error!s:.200}"


def _entries(found: list[Any], base: str) -> list[Entry]:
    entries: dict[str, Entry] = {}
    for item in found[:MAX_ENTRIES]:
        entry = _entry(item, base)
        if entry:
            entries.setdefault(entry.url_id, entry)
    return list(entries.values())


def _entry(item: Any, base: str) -> Entry | None:
    link = item.get("link") or item.get("id") or ""
    try:
        url = check_url(urljoin(base, link.strip()))
        ids.canonical_url(url)
    except ValueError:
        return None
    if not link:
        return None
    title = (item.get("title") or "")[:MAX_TITLE_CHARS]
    return Entry(url, title or None, _time(item, "published"), _time(item, "updated"))


def _time(item: Any, name: str) -> datetime | None:
    # `get` would offer `published` for a missing `updated`, with a warning.
    text, parsed = dict.get(item, name), dict.get(item, f"{name}_parsed")
    if not text or not parsed or not HAS_ZONE.search(text):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError):
        return None
