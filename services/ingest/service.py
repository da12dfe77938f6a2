"""The ingest service: one task a source, each on its own, and the push API."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

import structlog
from prometheus_client import CollectorRegistry

from schemas.operations import SourceState, SourceStatus
from services.ingest.book import StatusBook, read_statuses
from services.ingest.fetch import Fetcher
from services.ingest.intake import AnySource, Intake, RecentArticles
from services.ingest.poll_feed import FeedPoller
from services.ingest.poll_files import FolderPoller, JsonLinesPoller
from services.ingest.publish import Publisher, PublishError, open_publisher
from services.ingest.push import push_app
from services.ingest.settings import IngestSettings
from services.ingest.sources import FeedSource, FolderSource, load_sources
from services.runtime.health import ServiceHealth
from services.runtime.instruments import PipelineMetrics, PushMetrics, SourceMetrics
from services.runtime.kafka import ensure_topics
from services.runtime.log import configure_logging
from services.runtime.metrics import SourceError
from services.runtime.ops_http import app_server, ops_server
from services.runtime.service import until_signal

POLL_END_S: Final = 4.0  # what a poll has to reach a checkpoint when the service stops
BROKER_PAUSE_S: Final = 2.0  # after the broker has not taken a record
Poll = Callable[[SourceStatus], Awaitable[SourceStatus]]
log = structlog.get_logger()


def run(settings: IngestSettings) -> None:
    """Run ingest until SIGTERM or SIGINT. Raises `SourcesFileError` before anything starts."""
    configure_logging(settings.log_level, service="ingest")
    asyncio.run(until_signal(partial(serve, settings)))


async def serve(
    settings: IngestSettings, stop: asyncio.Event, registry: CollectorRegistry | None = None
) -> None:
    """Take pages in until `stop` is set; what is being published by then is finished within the deadline."""
    sources = load_sources(settings.sources_file) if settings.sources_file else []
    registry = registry or CollectorRegistry()
    health = ServiceHealth()
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(
            ops_server(registry, health, host=settings.ops_host, port=settings.ops_port)
        )
        await ensure_topics(settings)
        service = Service(settings, registry, health)
        await stack.enter_async_context(service.opened())
        if settings.serves_push:
            await stack.enter_async_context(service.push_server())
        async with asyncio.TaskGroup() as tasks:
            watchers = [tasks.create_task(service.watch(source, stop)) for source in sources]
            health.set_ready(ok=True, detail=f"{len(sources)} sources")
            await stop.wait()
            health.set_ready(ok=False, detail="stopping")
            await _end(watchers, POLL_END_S)


async def _end(watchers: list[asyncio.Task[None]], seconds: float) -> None:
    """Wait for the watchers to reach a checkpoint, then break off the rest."""
    if watchers:
        _, late = await asyncio.wait(watchers, timeout=seconds)
        for watcher in late:
            watcher.cancel()


class Stopped(Exception):  # noqa: N818 - no error: a poll ends early, at a checkpoint
    """The service is to stop, and a checkpoint has just been written."""


class Service:
    """What the tasks of all sources share."""

    def __init__(self, settings: IngestSettings, registry: CollectorRegistry, health: ServiceHealth) -> None:
        self._settings = settings
        self._registry = registry
        self._health = health
        self._pipeline = PipelineMetrics(registry, "ingest")
        self._recent = RecentArticles()
        self._known: dict[str, SourceStatus] = {}
        self._publisher: Publisher
        self._fetcher: Fetcher

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Read the checkpoints, and hold the connections to the broker and the web open."""
        settings = self._settings
        self._known = await read_statuses(settings)
        for status in self._known.values():
            for article_id in status.revisions.values():
                self._recent.add(article_id)
        publishing = open_publisher(settings, self._pipeline, settings.publish_timeout_seconds)
        fetcher = Fetcher(timeout=settings.fetch_timeout_seconds, deadline=settings.fetch_deadline_seconds)
        async with publishing as self._publisher, fetcher as self._fetcher:
            self._pipeline.healthy.set(1)
            yield

    def push_server(self) -> contextlib.AbstractAsyncContextManager[int]:
        """Serve the push API."""
        token = self._settings.push_token
        if token is None:
            raise ValueError("the push API needs a token")
        app = push_app(self._publisher, token, PushMetrics(self._registry))
        return app_server(app, host=self._settings.push_host, port=self._settings.push_port)

    async def watch(self, source: AnySource, stop: asyncio.Event) -> None:
        """Poll one source until `stop`. What goes wrong with it does not end this, nor reach another."""
        metrics = SourceMetrics(self._registry, source.id)
        book = StatusBook(source.id, source.kind, self._known.get(source.id), self._publisher, metrics)

        async def save(status: SourceStatus) -> None:
            await book.save(status)
            if stop.is_set():
                raise Stopped

        intake = Intake(source, self._publisher, metrics, self._pipeline, save, self._recent)
        poll = self._poller(source, intake)
        pause = first_pause(book.status)
        with contextlib.suppress(Stopped):
            while not await _stopped_within(pause, stop):
                pause = await self._poll_once(poll, book, intake)

    def _poller(self, source: AnySource, intake: Intake) -> Poll:
        if isinstance(source, FeedSource):
            return FeedPoller(source, self._fetcher, intake).poll
        if isinstance(source, FolderSource):
            return FolderPoller(source, intake).poll
        return JsonLinesPoller(source, intake).poll

    async def _poll_once(self, poll: Poll, book: StatusBook, intake: Intake) -> float:
        """Poll, write the status, and return the seconds until the next poll."""
        try:
            status = await self._polled(poll, book, intake)
            await book.save(status)
        except PublishError as error:
            log.warning("broker does not take records", source=intake.source.id, error=str(error))
            self._broker_answers(ok=False, detail=str(error))
            return BROKER_PAUSE_S
        self._broker_answers(ok=True)
        return seconds_until(status.next_poll_at)

    async def _polled(self, poll: Poll, book: StatusBook, intake: Intake) -> SourceStatus:
        try:
            return await poll(book.status)
        except (PublishError, Stopped):
            raise
        except Exception as error:
            log.exception("poll failed", source=intake.source.id)
            return intake.poll_failed(book.status, SourceError.OTHER, repr(error))

    def _broker_answers(self, *, ok: bool, detail: str = "") -> None:
        self._health.set_ready(ok=ok, detail=detail)
        self._pipeline.healthy.set(ok)


async def _stopped_within(seconds: float, stop: asyncio.Event) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()


def first_pause(status: SourceStatus) -> float:
    """Return the seconds before the first poll: none, but for a source that failed when ingest stopped."""
    return seconds_until(status.next_poll_at) if status.state is SourceState.FAILING else 0.0


def seconds_until(moment: datetime | None) -> float:
    """Return the seconds from now to `moment`; 0 where it is past or none."""
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment else 0.0
