"""Pages with what a reader would say of them: our own corpus, or a folder of pages annotated by hand.

A folder holds `NAME.html`, the bytes as they came, and `NAME.json` beside it: `title`, `published` (ISO 8601
as far as the page tells it) and `body`, each null where the page has none. Optional: `url`, `accept_titles`
and `accept_published` (others that are right too), `captions` and `optional` (passages that count neither
way). A page without a body is left out: what is no article is another question.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cleaning.tools import Page
from services.clean.page.charset import decode
from tests.cleaning.corpus import corpus

ORDINARY = "ordinary pages"
CLOAKED = "cloaked pages"


@dataclass(frozen=True)
class Sample:
    """A page. `titles` and `dates`: all that are right, None among them where the page has none.

    `neutral`: passages that a reader could count either way, such as captions.
    """

    name: str
    group: str
    page: Page
    body: str
    titles: tuple[str | None, ...]
    dates: tuple[str | None, ...]
    neutral: tuple[str, ...] = ()


def own() -> Iterator[Sample]:
    """Yield the articles of our own corpus, rendered and cloaked by its generator."""
    for page in corpus():
        golden = page.golden
        if golden.reasons:
            continue
        yield Sample(
            name=page.name,
            group=ORDINARY if page.noise == "none" else CLOAKED,
            page=as_page(page.bytes, page.url, page.content_type),
            body="\n".join(golden.body),
            titles=(golden.title,),
            dates=(golden.published,),
            neutral=golden.captions,
        )


def folder(place: Path) -> Iterator[Sample]:
    """Yield the annotated articles of a folder; raises `OSError` and `ValueError` where it is none."""
    for page in sorted(place.glob("*.html")):
        golden = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
        if not golden.get("body"):
            continue
        yield Sample(
            name=page.stem,
            group=place.name,
            page=as_page(page.read_bytes(), golden.get("url")),
            body=golden["body"],
            titles=(golden.get("title"), *golden.get("accept_titles", [])),
            dates=(golden.get("published"), *golden.get("accept_published", [])),
            neutral=(*golden.get("captions", []), *golden.get("optional", [])),
        )


def as_page(data: bytes, url: str | None = None, content_type: str | None = None) -> Page:
    """Return a page as every tool is given it."""
    decoded = decode(data, content_type)
    return Page(data, decoded.text if decoded else data.decode("utf-8", "replace"), url, content_type)
