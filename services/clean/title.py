"""The title: the main heading that the head of the page confirms, without the site's suffix."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from services.clean import head, press

SUFFIX = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]{1,2}\s+|\s*(?:--|——|<<|\s·\s|-)\s*")
STRONG = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]{1,2}\s+|\s*--\s*")
TAGGED = re.compile(r"^\s*[\[【][^\]】]{1,8}[\]】]\s*")  # the class of a thread in front of its subject
MIN_TITLE = 4
MAX_TITLE = 120
MAX_SUFFIX = 16


def read_title(headings: Sequence[str], meta: Mapping[str, str], sites: Sequence[str]) -> str | None:
    """Return the title of a page from its main headings and its head; None where it has none.

    `headings`: from the top of the page down. `sites`: names of the site, which are never the title.
    """
    told = [meta[key] for key in head.names("title") if meta.get(key)]
    starts = [_plain(title) for title in told]
    usable = [heading for heading in headings if _is_title(heading, sites)]
    for heading in usable:
        for form in (heading, TAGGED.sub("", heading)):
            if _is_title(form, sites) and any(start.startswith(_plain(form)) for start in starts):
                return form
    short = (without_suffix(title, sites) for title in told)
    return next((x for x in short if _is_title(x, sites)), usable[-1] if usable else None)


def without_suffix(title: str, sites: Sequence[str] = ()) -> str:
    """Return a page title without the names of channel and site behind it."""
    title = " ".join(title.split())
    cut = False
    while breaks := list(SUFFIX.finditer(title)):
        last, tail = breaks[-1], title[breaks[-1].end() :].strip()
        known = tail in sites or tail in press.words("channels") or press.is_medium(tail)
        known = known or tail.startswith("Powered by")
        strong = bool(STRONG.fullmatch(last[0])) and len(tail) <= MAX_SUFFIX
        if last.start() < MIN_TITLE or not (known or (strong and (cut or "_" in last[0]))):
            break
        title, cut = title[: last.start()].strip(), True
    return title


def suffixes(title: str) -> list[str]:
    """Return what stands behind the title, last first: the site, then its channels."""
    parts = STRONG.split(title)
    return [part for part in reversed(parts[1:]) if part and not part.startswith("Powered by")]


def _is_title(text: str, sites: Sequence[str]) -> bool:
    named = (
        text in sites or text in press.words("channels") or (len(text) <= MAX_SUFFIX and press.is_paper(text))
    )
    return MIN_TITLE <= len(text) <= MAX_TITLE and not named


def _plain(text: str) -> str:
    return "".join(text.split())
