"""The book of all sources: read back from source-status at start, written as the sources go on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

import orjson
import structlog
from pydantic import ValidationError

from schemas import topics
from schemas.operations import SourceState, SourceStatus
from services.ingest.publish import Publisher
from services.ingest.status import first_status, transition
from services.runtime import kafka
from services.runtime.instruments import SourceMetrics
from services.runtime.settings import KafkaSettings

READ_SECONDS: Final = 60.0
# A folder is looked at every other second: what only says "looked again" is written no more often than this.
REFRESH_SECONDS: Final = 60.0
CLOCKS: Final = frozenset({"checked_at", "last_success_at", "next_poll_at"})
log = structlog.get_logger()


async def read_statuses(settings: KafkaSettings) -> dict[str, SourceStatus]:
    """Return the last status of every source in the topic. A record that cannot be read is left out."""
    name = settings.topic(topics.SOURCE_STATUS.name)
    found: dict[str, SourceStatus] = {}
    consumer = kafka.reader(settings)
    await consumer.start()
    try:
        async with asyncio.timeout(READ_SECONDS):
            partitions = await kafka.partitions_of(settings, name)
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            async for record in kafka.read_up_to(consumer, await consumer.end_offsets(partitions)):
                _enter(found, record.key, record.value)
    finally:
        await consumer.stop()
    return found


def _enter(found: dict[str, SourceStatus], key: bytes | None, value: bytes | None) -> None:
    source_id = (key or b"").decode("utf-8", "replace")
    if value is None:
        found.pop(source_id, None)
        return
    try:
        found[source_id] = SourceStatus.from_json(value)
    except (ValidationError, orjson.JSONDecodeError) as error:
        log.warning("source status not readable", source=source_id, error=str(error)[:200])


class StatusBook:
    """Writes the status of one source, tells operators of changes, and keeps its gauges."""

    def __init__(
        self,
        source_id: str,
        kind: str,
        known: SourceStatus | None,
        publisher: Publisher,
        metrics: SourceMetrics,
    ) -> None:
        """Go on from the status that is `known`, or start anew."""
        self.status = known or first_status(source_id, kind, datetime.now(UTC))
        self._written: SourceStatus | None = known
        self._publisher = publisher
        self._metrics = metrics
        self._show()

    async def save(self, status: SourceStatus) -> None:
        """Write a status where it says anything new. Raises `PublishError`."""
        if self._worth_writing(status):
            await self._publisher.write(topics.SOURCE_STATUS, status.source_id, status)
            told = transition(self._written, status)
            self._written = status
            if told:
                log.warning("source changed its state", source=status.source_id, summary=told.summary)
                await self._publisher.write(topics.OPS_ALERT, told.subject, told)
        self.status = status
        self._show()

    def _worth_writing(self, status: SourceStatus) -> bool:
        last = self._written
        if last is None or (status.checked_at - last.checked_at).total_seconds() >= REFRESH_SECONDS:
            return True
        if last.last_success_at is None and status.last_success_at:
            return True
        return last.model_dump(exclude=set(CLOCKS)) != status.model_dump(exclude=set(CLOCKS))

    def _show(self) -> None:
        status = self.status
        self._metrics.up.set(status.state is SourceState.OK)
        if status.last_success_at:
            self._metrics.last_success.set(status.last_success_at.timestamp())
        if status.last_new_at:
            self._metrics.last_new.set(status.last_new_at.timestamp())
