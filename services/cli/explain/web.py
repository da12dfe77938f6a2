"""Explained pages as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from services.cli.explain.explained import Explained
from services.cli.explain.marks import DISMISSED, EVENT, Mark, Piece, pieces


def web_page(pages: Sequence[Explained]) -> str:
    """Return the document."""
    style = (files("services.cli.explain") / "data" / "explain.css").read_text(encoding="utf-8")
    title = pages[0].article.title or pages[0].name if len(pages) == 1 else f"{len(pages)} pages explained"
    return "".join(
        [
            '<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{style}</style></head><body>",
            *(part for page in pages for part in _article(page)),
            "</body></html>\n",
        ]
    )


def _article(page: Explained) -> Iterator[str]:
    article = page.article
    yield f'<article><header><p class="name">{escape(page.name)}</p>'
    yield f"<h1>{escape(article.title or 'no title')}</h1>"
    told = [article.published, article.publisher, *article.reporters]
    yield f"<p>{escape(' · '.join(part for part in told if part))}</p>"
    yield f"<p>{escape(page.relevance)}</p><p>alerts: <strong>{escape(page.alerts)}</strong></p></header>"
    yield f'<div class="columns"><div class="text">{_text(page)}</div><aside>'
    yield f"<h2>Events</h2><ol>{''.join(_event(page, mark) for mark in page.events)}</ol>"
    heads = "".join(f"<th>{head}</th>" for head in ("kind", "says", "times", "because of"))
    yield f"<h2>Facts</h2><table><thead><tr>{heads}</tr></thead>"
    for fact in page.facts:
        cells = (
            f'<span class="{fact.kind}">{fact.kind}</span>',
            escape(fact.says),
            fact.times,
            escape(fact.made_by),
        )
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table></aside></div></article>"


def _text(page: Explained) -> str:
    marked = "".join(map(_piece, pieces(page.article.body, page.marks)))
    return "".join(f"<p>{paragraph}</p>" for paragraph in marked.split("\n"))


def _piece(piece: Piece) -> str:
    """Return a piece with its marks; a line end stays outside of them, for it ends a paragraph."""
    return "\n".join(_marked(line, piece) for line in piece.text.split("\n"))


def _marked(text: str, piece: Piece) -> str:
    shown = escape(text)
    if text and piece.fact:
        shown = f'<mark class="{piece.fact.kind}" title="{_told([piece.fact])}">{shown}</mark>'
    if text and piece.events:
        kind = EVENT if any(mark.kind == EVENT for mark in piece.events) else DISMISSED
        shown = f'<span class="{kind}" title="{_told(piece.events)}">{shown}</span>'
    return shown


def _told(marks: Iterable[Mark]) -> str:
    return escape("\n".join(f"{mark.kind}: {mark.says} — because of {mark.made_by}" for mark in marks))


def _event(page: Explained, mark: Mark) -> str:
    who = f"<br>{escape('、'.join(mark.who))}" if mark.who else ""
    return (
        f'<li class="{mark.kind}-told"><strong>{escape(mark.says)}</strong>{who}'
        f"<blockquote>{escape(page.evidence(mark))}</blockquote>"
        f"<small>because of {escape(mark.made_by)}</small></li>"
    )
