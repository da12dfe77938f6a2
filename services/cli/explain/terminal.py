"""An explained page on a terminal."""

from __future__ import annotations

from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.cli.explain.explained import Explained
from services.cli.explain.marks import DISMISSED, Piece, pieces

COLOURS: Final = {
    "person": "bright_magenta",
    "org": "bright_blue",
    "facility": "cyan",
    "place": "green",
    "drug": "bright_red",
    "nuclide": "red",
    "device": "yellow",
    "disease": "bright_yellow",
    "money": "bright_green",
    "date": "bright_cyan",
    "quantity": "white",
    "claim": "magenta",
}


def terminal_view(explained: Explained) -> RenderableType:
    """Return the text with its facts in colour and its events underlined, then both in words."""
    text = Text.assemble(*(_styled(piece) for piece in pieces(explained.article.body, explained.marks)))
    legend = Text("  ").join(Text(kind, style=colour) for kind, colour in COLOURS.items())
    return Group(
        Text(f"── {explained.name}", style="dim"),
        Text(explained.article.title or "no title", style="bold"),
        Text(f"{explained.relevance} · alerts: {explained.alerts}", style="cyan"),
        Text(),
        text,
        Text(),
        Text.assemble(legend, "  ", ("event", "underline"), "  ", ("dismissed", "strike")),
        _events(explained),
        _facts(explained),
    )


def _styled(piece: Piece) -> tuple[str, str]:
    styles = [COLOURS[piece.fact.kind]] if piece.fact else []
    kinds = {event.kind for event in piece.events}
    if kinds:
        styles.append("strike" if kinds == {DISMISSED} else "underline")
    return piece.text, " ".join(styles)


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _events(explained: Explained) -> Table:
    table = _table("event", "evidence", "who", "because of")
    for mark in explained.events:
        style = "dim" if mark.kind == DISMISSED else ""
        told = f"dismissed: {mark.says}" if mark.kind == DISMISSED else mark.says
        table.add_row(told, explained.evidence(mark), "、".join(mark.who), mark.made_by, style=style)
    return table


def _facts(explained: Explained) -> Table:
    table = _table("kind", "says", "times", "because of")
    for fact in explained.facts:
        table.add_row(Text(fact.kind, COLOURS[fact.kind]), fact.says, str(fact.times), fact.made_by)
    return table
