"""The title: the main heading that the head of the page confirms, without the site's suffix."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from services.clean import press

SUFFIX = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]{1,2}\s+|\s*(?:--|——|<<|\s·\s|-)\s*")
STRONG = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]{1,2}\s+|\s*--\s*")
MIN_TITLE = 4
MAX_TITLE = 120
MAX_SUFFIX = 16
KEYS = ("ld:headline", "og:title", "articletitle", "twitter:title", "dc.title")


def read_title(headings: Sequence[str], meta: Mapping[str, str], sites: Sequence[str]) -> str | None:
    """Return the title of a page from its main headings and its head; None where it has none.

    `sites`: names of the site, which are never the title.
    """
    told = [without_suffix(meta[key], sites) for key in (*KEYS, "title") if meta.get(key)]
    whole = _plain(" ".join(meta[key] for key in (*KEYS, "title") if meta.get(key)))
    usable = [heading for heading in headings if _is_title(heading, sites)]
    for heading in usable:
        if not whole or _plain(heading) in whole:
            return heading
    return next((title for title in told if _is_title(title, sites)), usable[-1] if usable else None)


def without_suffix(title: str, sites: Sequence[str] = ()) -> str:
    """Return a page title without the names of channel and site behind it."""
    title = " ".join(title.split())
    while True:
        cut = _last_part(title, sites)
        if cut is None:
            return title
        title = cut


def suffixes(title: str) -> list[str]:
    """Return what stands behind the title, last first: the site, then its channels."""
    parts = STRONG.split(title)
    return [part for part in reversed(parts[1:]) if part]


def _last_part(title: str, sites: Sequence[str]) -> str | None:
    breaks = list(SUFFIX.finditer(title))
    if not breaks or breaks[-1].start() < MIN_TITLE:
        return None
    last, tail = breaks[-1], title[breaks[-1].end() :].strip()
    known = tail in sites or tail in press.words("channels") or press.is_medium(tail)
    strong = STRONG.fullmatch(last[0]) and len(tail) <= MAX_SUFFIX
    weak = "-" in last[0] or "·" in last[0]
    return (
        title[: last.start()].strip() if (known and (weak or strong)) or (strong and "_" in last[0]) else None
    )


def _is_title(text: str, sites: Sequence[str]) -> bool:
    return MIN_TITLE <= len(text) <= MAX_TITLE and text not in sites and text not in press.words("channels")


def _plain(text: str) -> str:
    return "".join(text.split())
