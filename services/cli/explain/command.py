"""`isowire explain`: what was read out of pages, marked where it stands, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from services.alert.rules import DEFAULT_RULES_FILE, load_rules
from services.cli.console import err, out
from services.cli.pages import read_pages
from services.runtime.outcome import Rejected

Paths = Annotated[list[Path], typer.Argument(help="Files, or folders of pages.", show_default=False)]
Html = Annotated[Path | None, typer.Option("--html", help="Write one HTML file instead.", dir_okay=False)]
Rules = Annotated[Path, typer.Option(help="The rules file.")]


def explain_files(paths: Paths, *, html: Html = None, rules: Rules = DEFAULT_RULES_FILE) -> None:
    """Show pages with every fact and event marked, and the rule or model that made it."""
    from services.cli.explain.explained import explain
    from services.cli.explain.terminal import terminal_view
    from services.cli.explain.web import web_page

    index = load_rules(rules)
    pages = []
    for path, raw in read_pages(paths):
        explained = explain(path.name, raw, index)
        if isinstance(explained, Rejected):
            err.print(Text.assemble((f"{path.name}: rejected, {explained.reason}", "red")))
        elif html is None:
            out.print(terminal_view(explained))
        else:
            pages.append(explained)
    if html is not None and pages:
        html.write_text(web_page(pages), encoding="utf-8")
        err.print(f"pages explained in {html}: {len(pages)}")
