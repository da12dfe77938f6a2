"""One reader of an alert topic for all clients: what is at hand, what it is, and where the topic stands.

It reads from the topic's beginning, so that it knows of each record whether it is new, an update or a repeat.
The last records are kept at hand; a client that is further behind reads the rest from Kafka by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.deliver.cursor import Positions
from services.deliver.recent import RecentAlerts
from services.deliver.records import Kind, Told, read_record
from services.deliver.settings import DeliverSettings
from services.runtime import kafka
from services.runtime.instruments import PipelineMetrics

POLL_MS: Final = 500
BATCH_RECORDS: Final = 200
CHUNK_RECORDS: Final = 50
READ_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Item:
    """A record at hand. `number` counts all records that this reader has passed on."""

    number: int
    kind: Kind
    told: Told


@dataclass(frozen=True)
class Step:
    """What a read from Kafka gave: a record (None for one that is no alert), and where to go on."""

    kind: Kind
    told: Told | None
    partition: int
    next_offset: int


class AlertFeed:
    """The shared reader. `name` is the topic's, without the deployment's prefix."""

    def __init__(
        self, settings: DeliverSettings, name: str, reads: asyncio.Semaphore, metrics: PipelineMetrics
    ) -> None:
        """Take what `read` needs; `reads` bounds the reads from Kafka for clients that are behind."""
        self.name = name
        self.recent = RecentAlerts(settings.recent_alerts, settings.recent_bytes)
        self.positions: Positions = {}  # next offset to be read, by partition
        self.at_hand_from: Positions = {}  # records from this offset on are at hand, by partition
        self.clients = 0
        self._settings = settings
        self._reads = reads
        self._metrics = metrics
        self._level = False  # has read all that was there at the start
        self._reading: set[asyncio.Task[list[Step]]] = set()
        self._items: deque[Item] = deque()
        self._bytes = 0
        self._next_number = 0
        self._digests: dict[str, bytes] = {}
        self._kinds: dict[int, dict[int, Kind]] = {}  # of the records that are not plainly new
        self._news = asyncio.Event()
        self.closed = False

    async def partitions(self) -> list[TopicPartition]:
        """Return the topic's partitions. Raises `LookupError` where there is no such topic."""
        return await kafka.partitions_of(self._settings, self._settings.topic(self.name))

    async def read(self, partitions: list[TopicPartition], caught_up: asyncio.Event) -> None:
        """Read for ever; sets `caught_up` once all that was there at the start has been read."""
        async with self._consumer(partitions) as consumer:
            await consumer.seek_to_beginning(*partitions)
            for partition in partitions:
                start = await consumer.position(partition)
                self.positions[partition.partition] = self.at_hand_from[partition.partition] = start
                self._kinds[partition.partition] = {}
            ends = await consumer.end_offsets(partitions)
            while True:
                await self._read_some(consumer, partitions)
                if not self._level and all(self.positions[p.partition] >= ends[p] for p in partitions):
                    self._level = True
                    self._metrics.healthy.set(1)
                    caught_up.set()

    def after(self, number: int) -> list[Item]:
        """Return the next records at hand from `number` on, oldest first."""
        first = self._items[0].number if self._items else self._next_number
        start = max(0, number - first)
        return [self._items[i] for i in range(start, min(start + BATCH_RECORDS, len(self._items)))]

    @property
    def first_number(self) -> int:
        """The number of the oldest record at hand."""
        return self._items[0].number if self._items else self._next_number

    async def news(self, seconds: float) -> bool:
        """Wait until something has been read, for so long at most; tell whether there is."""
        waiting = self._news
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await waiting.wait()
        return waiting.is_set()

    async def close(self) -> None:
        """Let all clients end, and what is being read for them."""
        self.closed = True
        self._news.set()
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def is_behind(self, positions: Mapping[int, int]) -> bool:
        """Tell whether records that come after `positions` are no longer at hand."""
        return any(positions[p] < start for p, start in self.at_hand_from.items())

    async def read_behind(self, positions: Mapping[int, int]) -> list[Step]:
        """Read from Kafka the next records between `positions` and those at hand, a bounded number."""
        # A client that goes away cancels each thing it waits for: a consumer could not even be closed.
        task = asyncio.create_task(self._read_behind(dict(positions)))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)
        return await asyncio.shield(task)

    async def _read_behind(self, positions: Positions) -> list[Step]:
        steps: list[Step] = []
        async with self._reads:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(READ_SECONDS):
                    await self._collect(positions, steps)
        return steps

    async def _collect(self, positions: Positions, steps: list[Step]) -> None:
        targets = {p: end for p, end in self.at_hand_from.items() if positions[p] < end}
        topic = self._settings.topic(self.name)
        partitions = [TopicPartition(topic, p) for p in targets]
        async with self._consumer(partitions) as consumer:
            for partition in partitions:
                consumer.seek(partition, positions[partition.partition])
            while targets and len(steps) < BATCH_RECORDS:
                batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=CHUNK_RECORDS)
                for records in batches.values():
                    steps += [self._step(r) for r in records if r.offset < targets.get(r.partition, 0)]
                for partition in partitions:
                    end = targets.get(partition.partition)
                    if end is not None and await consumer.position(partition) >= end:
                        # Compaction may have left nothing right before the end.
                        steps.append(Step(Kind.REPEAT, None, partition.partition, end))
                        del targets[partition.partition]

    def _step(self, record: Any) -> Step:
        kind = self._kinds[record.partition].get(record.offset, Kind.ALERT)
        told = read_record(record) if record.value is not None else None
        return Step(kind, told, record.partition, record.offset + 1)

    @contextlib.asynccontextmanager
    async def _consumer(self, partitions: list[TopicPartition]) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = kafka.reader(self._settings, auto_offset_reset="earliest")
        try:
            await consumer.start()
            consumer.assign(partitions)
            yield consumer
        finally:
            await consumer.stop()

    async def _read_some(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> None:
        batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH_RECORDS)
        # No await within: a client that has all records at hand stands where this reader does.
        for records in batches.values():
            for record in records:
                self._take(record)
        if batches:
            self._news.set()
            self._news = asyncio.Event()
        for partition in partitions:
            # Compacted records and the marks of transactions move the position as well.
            self.positions[partition.partition] = await consumer.position(partition)
        ends = {p: consumer.highwater(p) or 0 for p in partitions}
        self._metrics.lag.set(sum(max(0, ends[p] - self.positions[p.partition]) for p in partitions))

    def _take(self, record: Any) -> None:
        self.positions[record.partition] = record.offset + 1
        if record.value is None:
            self._forget((record.key or b"").decode("utf-8", "replace"))
            return
        told = read_record(record)
        if told is None:
            return
        kind = self._kind(told)
        self._count(told, kind)
        if kind is not Kind.ALERT:
            self._kinds[told.partition][told.offset] = kind
        if kind is not Kind.REPEAT:
            self.recent.put(told)
            self._keep(Item(self._next_number, kind, told))

    def _count(self, told: Told, kind: Kind) -> None:
        self._metrics.records_in.inc()
        self._metrics.bytes_in.inc(len(told.value))
        if kind is Kind.REPEAT:
            self._metrics.duplicates.inc()
        elif self._level:
            # `last_seen` is the fetch of the report that came last: history read at the start is not counted.
            seconds = (datetime.now(UTC) - told.head.moment).total_seconds()
            self._metrics.since_fetch.observe(max(0.0, seconds))

    def _kind(self, told: Told) -> Kind:
        known = self._digests.get(told.head.id)
        self._digests[told.head.id] = told.digest
        if known is None:
            return Kind.ALERT
        return Kind.REPEAT if known == told.digest else Kind.UPDATE

    def _keep(self, item: Item) -> None:
        self._items.append(item)
        self._bytes += len(item.told.value)
        self._next_number += 1
        settings = self._settings
        while len(self._items) > settings.stream_buffer_alerts or self._bytes > settings.stream_buffer_bytes:
            oldest = self._items.popleft()
            self._bytes -= len(oldest.told.value)
            self.at_hand_from[oldest.told.partition] = oldest.told.offset + 1

    def _forget(self, alert_id: str) -> None:
        self._digests.pop(alert_id, None)
        self.recent.drop(alert_id)
