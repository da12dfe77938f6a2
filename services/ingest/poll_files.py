"""One poll of a folder or of a JSON-lines file: what is new goes to raw-article."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO, Final

from schemas.operations import SourceStatus
from schemas.raw import RawArticle
from services.ingest import folder, jsonlines
from services.ingest.intake import Intake, chunks
from services.ingest.sources import FolderSource, JsonLinesSource
from services.ingest.status import checkpoint
from services.runtime.metrics import SourceError

FILES_AT_ONCE: Final = 8
BATCH_LINES: Final = 64
BATCH_BYTES: Final = 16 * 1024 * 1024


class FolderPoller:
    """Polls one folder; a file is taken once two scans have found it the same."""

    def __init__(self, source: FolderSource, intake: Intake) -> None:
        self._source = source
        self._intake = intake
        self._last_scan: list[folder.Drop] = []

    async def poll(self, status: SourceStatus) -> SourceStatus:
        """Take the files that have settled. Raises `PublishError` where the broker does not take one."""
        try:
            drops = await asyncio.to_thread(folder.scan, self._source.path)
        except OSError as error:
            return self._intake.poll_failed(status, SourceError.UNREADABLE, str(error))
        ready = [drop for drop in folder.settled(self._last_scan, drops) if drop.key not in status.seen]
        self._last_scan = drops
        new, stuck = 0, dict[str, str | None]()
        for chunk in chunks(ready, FILES_AT_ONCE):
            new += await self._take(chunk, stuck)
        if stuck:
            # What cannot be moved away is remembered instead, so that it does not go out again and again.
            status = checkpoint(status, stuck, list(stuck))
        note = f"{len(stuck)} files cannot be moved away" if stuck else None
        return self._intake.poll_done(status, new=new, note=note)

    async def _take(self, drops: Sequence[folder.Drop], stuck: dict[str, str | None]) -> int:
        now = datetime.now(UTC)
        read = [await asyncio.to_thread(folder.read, drop.path, self._source.id, now) for drop in drops]
        new = await self._intake.publish([page for page in read if isinstance(page, RawArticle)])
        for drop, page in zip(drops, read, strict=True):
            into = folder.DONE
            if isinstance(page, folder.BadFile):
                self._intake.page_failed(page.reason, page.detail)
                into = folder.FAILED
            try:
                await asyncio.to_thread(folder.put_away, drop, into)
            except OSError as error:
                self._intake.page_failed(SourceError.UNREADABLE, str(error))
                stuck[drop.key] = None
        return new


class JsonLinesPoller:
    """Polls one JSON-lines file, which may grow."""

    def __init__(self, source: JsonLinesSource, intake: Intake) -> None:
        self._source = source
        self._intake = intake

    async def poll(self, status: SourceStatus) -> SourceStatus:
        """Take the lines after the checkpoint. Raises `PublishError` where the broker does not take one."""
        try:
            stream, start = await asyncio.to_thread(jsonlines.open_at, self._source.path, status.position)
        except OSError as error:
            return self._intake.poll_failed(status, SourceError.UNREADABLE, str(error))
        with stream:
            return await take_lines(stream, status, self._intake, start=start)


async def take_lines(
    stream: BinaryIO, status: SourceStatus, intake: Intake, *, start: int = 0, complete: bool = False
) -> SourceStatus:
    """Publish the pages of a stream of lines in batches, with a checkpoint after each."""
    lines = jsonlines.read_lines(stream, intake.source.id, datetime.now(UTC), start=start, complete=complete)
    new, bad = 0, list[jsonlines.BadLine]()
    while batch := await asyncio.to_thread(_next_batch, lines):
        for line in batch:
            if isinstance(line.page, jsonlines.BadLine):
                intake.page_failed(line.page.reason, _told(line.page))
                bad.append(line.page)
        new += await intake.publish([line.page for line in batch if isinstance(line.page, RawArticle)])
        status = status.model_copy(update={"position": batch[-1].end})
        await intake.save(status)
    note = f"{len(bad)} bad lines, the first: {_told(bad[0])}" if bad else None
    return intake.poll_done(status, new=new, note=note)


def _told(line: jsonlines.BadLine) -> str:
    return f"line {line.number}: {line.detail}"


def _next_batch(lines: Iterator[jsonlines.Line]) -> list[jsonlines.Line]:
    batch: list[jsonlines.Line] = []
    held = 0
    while len(batch) < BATCH_LINES and held < BATCH_BYTES and (line := next(lines, None)):
        batch.append(line)
        held += len(line.page.body) if isinstance(line.page, RawArticle) else 0
    return batch
