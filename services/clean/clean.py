"""The way of a page through cleaning: bytes in, the article out, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from urllib.parse import urlsplit

from schemas import ids
from schemas.cleaned import CleanedArticle, CleaningReport
from schemas.raw import RawArticle
from services.clean.fingerprint import fingerprint
from services.clean.metadata.evidence import Evidence
from services.clean.metadata.metadata import Metadata, read_metadata
from services.clean.metadata.tongue import Tongue, tongue_of
from services.clean.page.charset import Decoded, decode, looks_binary
from services.clean.page.header import split_header
from services.clean.page.html import is_html, read_page
from services.clean.page.markdown import read_markdown
from services.clean.page.nesting import too_deep
from services.clean.page.page import Page, Place, mend, read_text
from services.clean.quality import judge
from services.clean.repair.mojibake import reread_page
from services.clean.repair.repair import repair
from services.clean.report import report
from services.clean.sorting.captions import shown
from services.clean.sorting.digest import is_digest
from services.clean.sorting.lines import LinesSorted, Role
from services.clean.sorting.sorting import sort_lines
from services.runtime.outcome import Rejected

MAX_BYTES = 10 * 1024 * 1024
# What is left without markup; a whole prospectus has 700,000 characters. Bounds the time of all later steps.
MAX_CHARS = 1_000_000
MAX_LINES = 20_000
OTHER_LINE_ENDS = "\r\x85\u2028\u2029"  # repair makes line feeds of them
# A text with fewer letters is a remnant (a headline, a login notice); short flashes of news have 40 and more.
MIN_LETTERS = 20
SPAM = {"keyword_list", "county_list", "brand"}
BODY_ROLES = (Role.BODY, Role.HEADING)


def clean(raw: RawArticle) -> CleanedArticle | Rejected:
    """Return the article of a page, or why there is none. Never raises on bad input."""
    decoded = opened(raw)
    if isinstance(decoded, Rejected):
        return decoded
    text = reread_page(decoded.text)
    page = read_page(text) if is_html(text) else read_markdown(read_text(text))
    if not page.lines:
        return Rejected("not_an_article")
    reread = text is not decoded.text
    repaired = repair(page.text, reread=reread) if not too_large(page.text, len(page.lines)) else None
    # Repair makes line ends of signs that were none before.
    if repaired is None or too_large(repaired.text, repaired.text.count("\n") - len(page.meta)):
        return Rejected("too_large", f"{len(page.text)} characters, {len(page.lines)} lines before repair")
    mended = split_header(mend(page, repaired)) if not page.flattened else mend(page, repaired)
    lines = sort_lines(
        mended.at(Place.BODY),
        flattened=page.flattened,
        titled=bool(page.at(Place.TITLE)),
        cloaked=repaired.cloaked,
    )
    if not has_text(lines.body):
        return Rejected("spam" if SPAM & {line.kind for line in lines.noise} else "not_an_article")
    metadata = read_metadata(evidence(mended, lines, raw, None if repaired.cloaked else raw.url))
    judged = judge(mended, repaired, lines, metadata)
    return article(
        raw,
        mended,
        lines,
        metadata=metadata,
        charset=decoded.charset,
        tongue=tongue_of("\n".join(page.at(Place.BODY))),
        done=report(page, mended, repaired, lines, decoded=decoded.text, judged=judged),
    )


def opened(raw: RawArticle) -> Decoded | Rejected:
    """Return the text of a page, or why it is not read."""
    refused = refuse(raw.body)
    if refused:
        return refused
    decoded = decode(raw.body, raw.content_type)
    if decoded is None:
        return Rejected("undecodable")
    return Rejected("too_large", "elements nested too deep") if too_deep(decoded.text) else decoded


def refuse(data: bytes) -> Rejected | None:
    """Return why these bytes are not even looked at, if so."""
    if len(data) > MAX_BYTES:
        return Rejected("too_large", f"{len(data)} bytes")
    if not data.strip():
        return Rejected("empty")
    return Rejected("binary") if looks_binary(data) else None


def too_large(text: str, lines: int) -> bool:
    """Tell whether a text would take too long in the steps to come."""
    lines = max(lines, sum(map(text.count, OTHER_LINE_ENDS)))
    return len(text) > MAX_CHARS or lines > MAX_LINES


def has_text(body: Sequence[str]) -> bool:
    """Tell whether there is anything to read: letters or Han characters, not only digits and signs."""
    letters = islice(filter(str.isalpha, chain.from_iterable(body)), MIN_LETTERS)
    return sum(1 for _ in letters) == MIN_LETTERS


def evidence(page: Page, lines: LinesSorted, raw: RawArticle, url: str | None) -> Evidence:
    """Return the lines that tell of the page: those above its body and those below.

    `url`: where it was published, None where a hijacked host only carries it.
    """
    start = next(line.start for line in lines.lines if line.role in BODY_ROLES)
    told = [line for line in lines.lines if line.role is not Role.CAPTION and line.kind not in SPAM]
    above = [line for line in told if line.start < start]
    below = [line for line in told if line.start > start and line.role not in BODY_ROLES]
    return Evidence(
        headings=[*page.at(Place.TITLE), *lines.metadata("title")],
        header=[*page.at(Place.BEFORE), *(line.text for line in above)],
        footer=[*(line.text for line in below), *page.at(Place.AFTER)],
        body=lines.body,
        meta=page.meta,
        fetched_at=raw.fetched_at,
        url=url,
    )


def carrier(url: str | None) -> str | None:
    """Return the host of an address, None where it is no address."""
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None


def article(  # noqa: PLR0913 - one argument a step of `clean`
    raw: RawArticle,
    page: Page,
    lines: LinesSorted,
    *,
    metadata: Metadata,
    charset: str,
    tongue: Tongue,
    done: CleaningReport,
) -> CleanedArticle:
    """Put the record together."""
    body = "\n".join(lines.body)
    url_id = raw.url_id
    return CleanedArticle(
        url_id=url_id,
        article_id=ids.article_id(url_id, raw.body),
        url=raw.url,
        carrier=carrier(raw.url),
        source_id=raw.source_id,
        fetched_at=raw.fetched_at,
        title=metadata.title,
        published=metadata.published.value if metadata.published else None,
        published_precision=metadata.published.precision if metadata.published else None,
        published_basis=metadata.basis,
        publisher=metadata.publisher,
        source=metadata.source,
        reporters=metadata.reporters,
        correspondents=metadata.correspondents,
        editor=metadata.editor,
        column=metadata.column,
        digest=is_digest(lines.body, metadata.title),
        body=body,
        captions=shown([*page.at(Place.CAPTION), *lines.captions]),
        language=tongue.language,
        script=tongue.script,
        charset=charset,
        fingerprint=fingerprint(body),
        report=done,
    )
