"""The watched folder: files dropped in are pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from schemas import ids
from schemas.raw import RawArticle
from services.ingest.fetch import MAX_BODY_BYTES
from services.runtime.metrics import SourceError

CONTENT_TYPES: Final = {
    ".htm": "text/html",
    ".html": "text/html",
    ".shtml": "text/html",
    ".txt": "text/plain",
    ".xhtml": "application/xhtml+xml",
}
DONE: Final = "done"
FAILED: Final = "failed"


@dataclass(frozen=True)
class Drop:
    """A file as a scan has seen it."""

    path: Path
    size: int
    mtime_ns: int

    @property
    def key(self) -> str:
        """What the checkpoint remembers: the same name with other content has another key."""
        return ids.derive("file", self.path.name, str(self.size), str(self.mtime_ns))


@dataclass(frozen=True)
class BadFile:
    """A file that gives no page."""

    reason: SourceError
    detail: str


def scan(folder: Path) -> list[Drop]:
    """Return the page files directly in `folder`, oldest first; hidden ones and links are not looked at.

    Raises `OSError` where the folder cannot be read.
    """
    with os.scandir(folder) as entries:
        drops = list(_drops(entries))
    return sorted(drops, key=lambda drop: (drop.mtime_ns, drop.path.name))


def settled(before: list[Drop], now: list[Drop]) -> list[Drop]:
    """Return the files that nobody has written to between two scans."""
    known = set(before)
    return [drop for drop in now if drop in known]


def read(path: Path, source_id: str, now: datetime) -> RawArticle | BadFile:
    """Read a file as a page; one over the limit is not read."""
    content_type = CONTENT_TYPES.get(path.suffix.lower())
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_BODY_BYTES + 1)
    except OSError as error:
        return BadFile(SourceError.UNREADABLE, str(error))
    if len(body) > MAX_BODY_BYTES:
        return BadFile(SourceError.TOO_LARGE, f"{path.name}: more than {MAX_BODY_BYTES} bytes")
    return RawArticle(body=body, content_type=content_type, source_id=source_id, fetched_at=now)


def put_away(drop: Drop, into: str) -> None:
    """Move a file to the folder `into` beside it; a file of that name there is kept."""
    folder = drop.path.parent / into
    folder.mkdir(exist_ok=True)
    target = folder / drop.path.name
    if target.exists():
        target = folder / f"{drop.path.stem}.{drop.key[:8]}{drop.path.suffix}"
    drop.path.replace(target)


def _drops(entries: Iterator[os.DirEntry[str]]) -> Iterator[Drop]:
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith(".") or path.suffix.lower() not in CONTENT_TYPES:
            continue
        try:
            if entry.is_file(follow_symlinks=False):
                stat = entry.stat(follow_symlinks=False)
                yield Drop(path, stat.st_size, stat.st_mtime_ns)
        except FileNotFoundError:
            continue
