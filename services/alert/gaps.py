"""What Faust has not delivered, read once more.

Around a rebalance Faust drops records that it has fetched and goes on behind them (seen: 182 of 720 after a
worker was killed). An offset that is missing may also be a marker of a transaction, which no client delivers.
Only reading the range tells, and so the range is read.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiokafka.structs import TopicPartition

from services.alert.records import AlertRecord, fetched_record
from services.runtime.kafka import read_up_to, reader
from services.runtime.settings import KafkaSettings

PATIENCE_SECONDS: Final = 10.0


class Gaps:
    """Reads ranges of a topic, one at a time, as Faust does: without waiting for transactions to end."""

    def __init__(self, settings: KafkaSettings, topic: str) -> None:
        self._topic = topic
        self._client = reader(settings, topic, isolation_level="read_uncommitted")
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Connect."""
        await self._client.start()
        self._client.pause(*self._client.assignment())

    async def stop(self) -> None:
        """Disconnect."""
        await self._client.stop()

    async def ends(self, numbers: list[int]) -> dict[int, int]:
        """Return the offsets of the records to come."""
        partitions = [TopicPartition(self._topic, number) for number in numbers]
        found = await self._client.end_offsets(partitions) if partitions else {}
        return {tp.partition: offset for tp, offset in found.items()}

    async def firsts(self, numbers: list[int]) -> dict[int, int]:
        """Return the offsets of the oldest records."""
        partitions = [TopicPartition(self._topic, number) for number in numbers]
        found = await self._client.beginning_offsets(partitions) if partitions else {}
        return {tp.partition: offset for tp, offset in found.items()}

    async def read(self, number: int, start: int, end: int) -> list[AlertRecord]:
        """Return all records from `start` up to, and without, `end`; raises `TimeoutError`."""
        partition = TopicPartition(self._topic, number)
        async with self._lock, asyncio.timeout(PATIENCE_SECONDS):
            self._client.seek(partition, start)
            self._client.resume(partition)
            try:
                fetched = read_up_to(self._client, {partition: end})
                return [fetched_record(record) async for record in fetched if record.offset < end]
            finally:
                self._client.pause(partition)
