"""How a cleaned article looks on a terminal: what is left, and what was done to get at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas.cleaned import CleanedArticle, CleaningReport
from services.runtime.outcome import Rejected

GOOD, FAIR = 0.8, 0.5  # of the quality, for its colour
EXAMPLES = 3
SHOWN_CHARS = 60


def article_view(name: str, outcome: CleanedArticle | Rejected) -> RenderableType:
    """Return what came of a page."""
    if isinstance(outcome, Rejected):
        return Text.assemble((f"{name}: rejected, {outcome.reason}", "red"), f" {outcome.detail or ''}")
    return Group(
        Text(f"── {name}", style="dim"),
        Text(outcome.title or "no title", style="bold"),
        Text(" · ".join(_told(outcome)), style="cyan"),
        _quality(outcome.report),
        Text(),
        *(Text(paragraph) for paragraph in outcome.body.split("\n")),
        *(Text(f"[caption] {caption}", style="dim") for caption in outcome.captions),
        Text(),
        _done(outcome.report),
    )


def _told(article: CleanedArticle) -> Iterator[str]:
    """Yield what the page says of itself; what it does not say is left out."""
    if article.published:
        yield f"{article.published} ({article.published_precision} from {article.published_basis})"
    for name, value in (
        ("publisher", article.publisher),
        ("source", article.source),
        ("column", article.column),
        ("reporters", "、".join(article.reporters)),
        ("correspondents", "、".join(article.correspondents)),
        ("editor", article.editor),
        ("language", article.language),
        ("charset", article.charset),
        ("digest", "yes" if article.digest else None),
    ):
        if value:
            yield f"{name} {value}"


def _quality(report: CleaningReport) -> Text:
    quality = report.quality if report.quality is not None else 0.0
    colour = "green" if quality >= GOOD else "yellow" if quality >= FAIR else "red"
    doubts = ", ".join(report.doubts) or "no doubts"
    return Text.assemble((f"quality {quality:.2f}", colour), f" · {doubts} · {report.kept_share:.1%} kept")


def _done(report: CleaningReport) -> Table:
    table = Table("what", "kind", "times", "for example", box=None, header_style="dim", padding=(0, 2, 0, 0))
    for kind, count in sorted(report.removed_counts.items()):
        texts = (piece.text for piece in report.removed if piece.kind == kind)
        table.add_row("removed", kind, str(count), _examples(texts))
    for kind, count in sorted(report.repair_counts.items()):
        changes = (f"{_shown(r.before)} → {_shown(r.after)}" for r in report.repaired if r.kind == kind)
        table.add_row("repaired", kind, str(count), _examples(changes))
    return table


def _examples(texts: Iterable[str]) -> str:
    different = list(dict.fromkeys(" ".join(text.split())[:SHOWN_CHARS] for text in texts))
    return "  ".join(different[:EXAMPLES])


def _shown(text: str) -> str:
    """Return a text so that invisible characters show."""
    return text if text.isprintable() and text.strip() else ascii(text)[1:-1] or "nothing"
