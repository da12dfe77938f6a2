"""The user's own pages: which files are meant, and as what they enter the chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from schemas.raw import RawArticle

PAGE_SUFFIXES = frozenset({".htm", ".html", ".shtml", ".txt", ".xhtml"})
FILE_SOURCE = "file"


def page_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files that are meant: a file as it is, of a folder all pages below it, in order.

    Raises `typer.BadParameter` for a path that is not there and for a folder without any page.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            pages = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in PAGE_SUFFIXES)
            if not pages:
                raise typer.BadParameter(f"{path} holds no page ({', '.join(sorted(PAGE_SUFFIXES))})")
            found += pages
        elif path.is_file():
            found.append(path)
        else:
            raise typer.BadParameter(f"{path} does not exist")
    return found


def read_pages(paths: Sequence[Path]) -> Iterator[tuple[Path, RawArticle]]:
    """Read each file as a raw article without a URL."""
    for path in page_files(paths):
        yield path, RawArticle(body=path.read_bytes(), source_id=FILE_SOURCE, fetched_at=datetime.now(UTC))
