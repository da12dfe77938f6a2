"""`isowire publish PATH|URL…`: pages into raw-article by hand."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import orjson
import typer

from services.cli.console import err, out, told_errors
from services.cli.pages import page_files
from services.ingest.oneshot import Outcome, Refused, publish_lines, publish_paths, publish_urls
from services.runtime.settings import KafkaSettings

STDIN = "-"


def publish(
    pages: Annotated[list[str], typer.Argument(help="Files, folders, addresses; `-` reads JSON lines.")],
    *,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Also fetch from loopback and private networks.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a page.")] = False,
) -> None:
    """Put pages into raw-article; exit status 1 where any was refused."""
    with told_errors():
        refused = asyncio.run(_publish(pages, allow_private=allow_private, as_json=as_json))
    if refused:
        err.print(f"{refused} refused")
        raise typer.Exit(1)


async def _publish(pages: list[str], *, allow_private: bool, as_json: bool) -> int:
    refused = 0
    async for name, outcome in _outcomes(pages, allow_private=allow_private):
        refused += isinstance(outcome, Refused)
        _print(name, outcome, as_json=as_json)
    return refused


async def _outcomes(pages: list[str], *, allow_private: bool) -> AsyncIterator[Outcome]:
    settings = KafkaSettings()
    urls = [page for page in pages if page.startswith(("http://", "https://"))]
    paths = [Path(page) for page in pages if page not in urls and page != STDIN]
    if paths:
        async for outcome in publish_paths(settings, page_files(paths)):
            yield outcome
    if urls:
        async for outcome in publish_urls(settings, urls, allow_private=allow_private):
            yield outcome
    if STDIN in pages:
        async for outcome in publish_lines(settings, sys.stdin.buffer):
            yield outcome


def _print(name: str, outcome: object, *, as_json: bool) -> None:
    if isinstance(outcome, Refused):
        told = {"page": name, "refused": outcome.reason, "detail": outcome.detail}
    else:
        told = {"page": name, "url_id": outcome.url_id, "article_id": outcome.article_id}  # type: ignore[attr-defined]
    out.print(orjson.dumps(told).decode() if as_json else "  ".join(told.values()), markup=False)
