"""`isowire clean` and `isowire extract`: the work of the stages on files, without any broker."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import BaseModel

from schemas.extracted import ExtractedArticle
from schemas.raw import RawArticle
from services.alert.match import matching_rules
from services.alert.rules import DEFAULT_RULES_FILE, load_rules
from services.cli.article_view import article_view
from services.cli.console import out
from services.cli.pages import read_pages
from services.runtime.outcome import Rejected

Paths = Annotated[list[Path], typer.Argument(help="Files, or folders of pages.", show_default=False)]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line instead of indented ones.")]
View = Annotated[bool, typer.Option("--view", help="For people: the article, and what was done, in colour.")]
Rules = Annotated[Path, typer.Option(help="The rules file.")]


def clean_files(paths: Paths, *, jsonl: JsonLines = False, view: View = False) -> None:
    """Clean pages and print what is left, with the report of what was removed and repaired."""
    from services.clean.clean import clean

    for path, raw in read_pages(paths):
        if view:
            out.print(article_view(path.name, clean(raw)))
        else:
            _print(path.stem, clean(raw), jsonl=jsonl)


def extract_files(paths: Paths, *, jsonl: JsonLines = False, rules: Rules = DEFAULT_RULES_FILE) -> None:
    """Clean pages, extract from them, and print each with the rules that match it."""
    index = load_rules(rules)
    for path, raw in read_pages(paths):
        extracted = _extracted(raw)
        alerts = [] if isinstance(extracted, Rejected) else matching_rules(extracted, index)
        _print(path.stem, extracted, jsonl=jsonl, alerts=alerts)


def _extracted(raw: RawArticle) -> ExtractedArticle | Rejected:
    from services.clean.clean import clean
    from services.extract.extract import extract

    cleaned = clean(raw)
    return cleaned if isinstance(cleaned, Rejected) else extract(cleaned)


def _print(stem: str, outcome: BaseModel | Rejected, *, jsonl: bool, **more: Any) -> None:
    if isinstance(outcome, Rejected):
        payload: dict[str, Any] = {"id": stem, "rejected": outcome.reason, "detail": outcome.detail}
    else:
        payload = {"id": stem, **outcome.model_dump(mode="json"), **more}
    option = orjson.OPT_APPEND_NEWLINE | (0 if jsonl else orjson.OPT_INDENT_2)
    sys.stdout.buffer.write(orjson.dumps(payload, option=option))
    sys.stdout.buffer.flush()
