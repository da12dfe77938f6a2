"""Pages put into raw-article by hand: files, addresses, JSON lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from prometheus_client import CollectorRegistry

from services.ingest.fetch import Fetched, Fetcher, FetchFailed, NotModified, Request
from services.ingest.folder import BadFile, read
from services.ingest.jsonlines import BadLine, read_lines
from services.ingest.publish import Published, article_of, open_publisher
from services.runtime.instruments import PipelineMetrics
from services.runtime.settings import KafkaSettings

FILE_SOURCE: Final = "file"
COMMAND_SOURCE: Final = "command-line"
ACK_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Refused:
    """A page that could not be read, and why."""

    reason: str
    detail: str


Outcome = tuple[str, Published | Refused]


async def publish_paths(settings: KafkaSettings, paths: Iterable[Path]) -> AsyncIterator[Outcome]:
    """Put files into raw-article as they are; yields what became of each, in order. Raises `PublishError`."""
    async with open_publisher(settings, _metrics(), ACK_SECONDS) as publisher:
        for path in paths:
            page = await asyncio.to_thread(read, path, FILE_SOURCE, datetime.now(UTC))
            if isinstance(page, BadFile):
                yield str(path), Refused(page.reason, page.detail)
            else:
                yield str(path), await publisher.publish(page)


async def publish_urls(
    settings: KafkaSettings, urls: Iterable[str], *, allow_private: bool = False
) -> AsyncIterator[Outcome]:
    """Fetch pages as ingest would and put them into raw-article; yields what became of each, in order."""
    async with open_publisher(settings, _metrics(), ACK_SECONDS) as publisher, Fetcher() as fetcher:
        for url in urls:
            answer = await fetcher.fetch(Request(url, allow_private=allow_private))
            match answer:
                case Fetched():
                    yield url, await publisher.publish(article_of(answer, COMMAND_SOURCE))
                case FetchFailed(reason, detail):
                    yield url, Refused(reason, detail)
                case NotModified():
                    yield url, Refused("http_status", "304 to an unconditional request")


async def publish_lines(settings: KafkaSettings, stream: BinaryIO) -> AsyncIterator[Outcome]:
    """Put the pages of a stream of JSON lines into raw-article; yields what became of each line."""
    lines = read_lines(stream, COMMAND_SOURCE, datetime.now(UTC), complete=True)
    async with open_publisher(settings, _metrics(), ACK_SECONDS) as publisher:
        number = 0
        while line := await asyncio.to_thread(next, lines, None):
            number += 1
            if isinstance(line.page, BadLine):
                yield f"line {line.page.number}", Refused(line.page.reason, line.page.detail)
            elif line.page:
                yield f"line {number}", await publisher.publish(line.page)


def _metrics() -> PipelineMetrics:
    return PipelineMetrics(CollectorRegistry(), "ingest")
