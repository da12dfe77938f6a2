"""Pages into raw-article: acknowledged by all in-sync replicas before anybody hears that they are in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas import topics
from schemas.base import Record
from schemas.headers import raw_headers
from schemas.raw import RawArticle
from schemas.topics import Topic
from services.ingest.fetch import Fetched
from services.runtime import kafka
from services.runtime.instruments import PipelineMetrics
from services.runtime.settings import KafkaSettings

CLOSE_SECONDS: Final = 2.0  # to hand in what is under way when the service stops


class PublishError(ConnectionError):
    """The broker has not acknowledged a record in time. It may still arrive."""


@dataclass(frozen=True)
class Published:
    """A page that is in raw-article."""

    url_id: str
    article_id: str


class Publisher:
    """Writes pages and statuses through one idempotent producer."""

    def __init__(
        self,
        producer: AIOKafkaProducer,
        settings: KafkaSettings,
        metrics: PipelineMetrics,
        ack_seconds: float,
    ) -> None:
        """Take a started producer; `ack_seconds` is how long an acknowledgement may take."""
        self._producer = producer
        self._settings = settings
        self._metrics = metrics
        self._ack_seconds = ack_seconds

    async def publish(self, article: RawArticle) -> Published:
        """Write a page and wait until the broker has it. Raises `PublishError`."""
        self._metrics.in_flight.inc()
        self._metrics.in_flight_bytes.inc(len(article.body))
        try:
            with self._metrics.produce.time():
                await self._send(topics.RAW_ARTICLE, article.url_id, article.body, raw_headers(article))
        finally:
            self._metrics.in_flight.dec()
            self._metrics.in_flight_bytes.dec(len(article.body))
        self._count(article)
        return Published(article.url_id, article.article_id)

    async def publish_all(self, articles: Sequence[RawArticle]) -> list[Published]:
        """Write pages together, in their order."""
        return list(await asyncio.gather(*map(self.publish, articles)))

    async def write(self, topic: Topic, key: str, record: Record) -> None:
        """Write a record of another topic and wait until the broker has it. Raises `PublishError`."""
        await self._send(topic, key, record.to_json(), [("content-type", b"application/json")])

    async def _send(self, topic: Topic, key: str, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        name = self._settings.topic(topic.name)
        try:
            async with asyncio.timeout(self._ack_seconds):
                await self._producer.send_and_wait(name, value, key=key.encode(), headers=headers)
        except (KafkaError, TimeoutError) as error:
            raise PublishError(f"{name}: {error or 'no acknowledgement in time'}") from error

    def _count(self, article: RawArticle) -> None:
        now = datetime.now(UTC)
        self._metrics.records_out.inc()
        self._metrics.bytes_out.inc(len(article.body))
        self._metrics.since_fetch.observe(max(0.0, (now - article.fetched_at).total_seconds()))
        if article.feed_published:
            self._metrics.since_publication.observe(max(0.0, (now - article.feed_published).total_seconds()))


@contextlib.asynccontextmanager
async def open_publisher(
    settings: KafkaSettings, metrics: PipelineMetrics, ack_seconds: float
) -> AsyncIterator[Publisher]:
    """Connect to the broker. Raises `PublishError` where there is none."""
    producer = kafka.producer(settings)
    try:
        await producer.start()
    except KafkaError as error:
        await producer.stop()
        raise PublishError(f"no broker at {settings.bootstrap_servers}: {error}") from error
    try:
        yield Publisher(producer, settings, metrics, ack_seconds)
    finally:
        # A broker that is gone would keep `stop` waiting for records that nobody acknowledges.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await producer.stop()


def article_of(
    page: Fetched, source_id: str, *, title: str | None = None, published: datetime | None = None
) -> RawArticle:
    """Return a fetched page as a record."""
    return RawArticle(
        url=page.url,
        body=page.body,
        content_type=page.content_type,
        source_id=source_id,
        fetched_at=page.fetched_at,
        feed_title=title,
        feed_published=published,
    )
