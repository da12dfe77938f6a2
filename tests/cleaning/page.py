"""A page of the corpus and what a reader would say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.raw import RawArticle

FETCHED = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Golden:
    """What is right for a page, in the simplified script as cleaning gives it.

    `reporters`: all who wrote it, correspondents among them. `reasons`: any of which is right to reject the
    page for; empty for an article. `vanish`: phrases of the page's furniture that may not stand in the body.
    `language`, `script`: None where nobody could say.
    `repairs`: kinds of repair that the page gives reason for; None on cloaked pages, which give many.
    """

    reasons: tuple[str, ...] = ()
    title: str | None = None
    published: str | None = None
    precision: str | None = None
    publisher: str | None = None
    source: str | None = None
    reporters: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    editor: str | None = None
    column: str | None = None
    captions: tuple[str, ...] = ()
    language: str | None = None
    script: str | None = None
    digest: bool = False
    body: tuple[str, ...] = ()
    vanish: tuple[str, ...] = ()
    repairs: tuple[str, ...] | None = ()


@dataclass(frozen=True)
class Page:
    """A rendered page as a fetcher would bring it."""

    name: str
    bytes: bytes
    url: str | None
    content_type: str | None
    golden: Golden
    template: str
    noise: str

    @property
    def raw(self) -> RawArticle:
        """The page as the cleaner takes it."""
        return RawArticle(
            body=self.bytes,
            url=self.url,
            content_type=self.content_type,
            source_id="gate",
            fetched_at=FETCHED,
        )
