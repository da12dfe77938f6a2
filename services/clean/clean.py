"""The way of a page through cleaning: bytes in, the article out, or the reason why there is none."""

from __future__ import annotations

from schemas.cleaned import CleanedArticle, CleaningReport
from schemas.raw import RawArticle
from services.clean.charset import Decoded, decode, looks_binary
from services.clean.fingerprint import fingerprint
from services.clean.html import is_html, read_page
from services.clean.lines import LinesSorted
from services.clean.page import Page, Place, mend, read_text
from services.clean.repair import RepairedText, repair
from services.clean.sorting import sort_lines
from services.runtime.outcome import Rejected

MAX_BYTES = 10 * 1024 * 1024
# A text below is a remnant (a headline, a login notice); short flashes of news have 40 and more.
MIN_BODY = 20


def clean(raw: RawArticle) -> CleanedArticle | Rejected:
    """Return the article of a page, or why there is none. Never raises on bad input."""
    refused = refuse(raw.body)
    if refused:
        return refused
    decoded = decode(raw.body, raw.content_type)
    if decoded is None:
        return Rejected("undecodable")
    page = read_page(decoded.text) if is_html(decoded.text) else read_text(decoded.text)
    repaired = repair(page.text)
    mended = mend(page, repaired)
    lines = sort_lines(mended.at(Place.BODY), flattened=page.flattened, cloaked=is_cloaked(repaired))
    body = "\n".join(lines.body)
    if len(body) < MIN_BODY:
        return Rejected("not_an_article")
    return article(raw, decoded, mended, lines, body)


def refuse(data: bytes) -> Rejected | None:
    """Return why these bytes are not even looked at, if so."""
    if len(data) > MAX_BYTES:
        return Rejected("too_large", f"{len(data)} bytes")
    if not data.strip():
        return Rejected("empty")
    return Rejected("binary") if looks_binary(data) else None


def is_cloaked(repaired: RepairedText) -> bool:
    """Tell whether the page bore the marks of a cloaking tool."""
    return any(kind.startswith("pinyin") for kind in repaired.counts)


def article(raw: RawArticle, decoded: Decoded, page: Page, lines: LinesSorted, body: str) -> CleanedArticle:
    """Put the record together."""
    return CleanedArticle(
        url_id=raw.url_id,
        article_id=raw.article_id,
        url=raw.url,
        carrier=None,
        source_id=raw.source_id,
        fetched_at=raw.fetched_at,
        body=body,
        captions=list(dict.fromkeys([*page.at(Place.CAPTION), *lines.captions])),
        charset=decoded.charset,
        fingerprint=fingerprint(body),
        report=CleaningReport(),
    )
