"""The end of a batch: its records and its input offset, written together or not at all.

`Transactions` is exactly once: one transactional producer an input partition, which fences the former owner.
`Confirmations` is at least once: the offset is committed after the broker has every record.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition

from services.runtime.kafka import producer
from services.runtime.records import Message
from services.runtime.settings import ServiceSettings

CLOSE_SECONDS: Final = 1.0

OnWritten = Callable[[float, float], None]  # seconds to send, seconds to commit


class Ledger(Protocol):
    """Who writes a partition's results and keeps its offset."""

    async def fence_former_owner(self) -> None:
        """From here on, only this process can write results of the partition."""

    async def write(self, messages: Sequence[Message], next_offset: int) -> None:
        """Write a batch's messages and its input offset. After an error, whether it did is unknown."""

    async def close(self) -> None:
        """Break off what is open and release the connections."""


class _Producing:
    """What both have in common: one producer, started when the partition is taken over."""

    def __init__(self, settings: ServiceSettings, partition: TopicPartition, on_written: OnWritten) -> None:
        self._settings = settings
        self._partition = partition
        self._on_written = on_written
        self._producer: AIOKafkaProducer | None = None

    def _new_producer(self) -> AIOKafkaProducer:
        raise NotImplementedError

    async def fence_former_owner(self) -> None:
        """Start the producer, anew if there was one."""
        await self.close()
        self._producer = self._new_producer()
        async with asyncio.timeout(self._settings.transaction_timeout_seconds):
            await self._producer.start()

    def _started_producer(self) -> AIOKafkaProducer:
        assert self._producer is not None, "fence_former_owner comes first"  # noqa: S101 - a fault of the caller
        return self._producer

    async def close(self) -> None:
        """Stop the producer; a transaction that is still open is ended by the next one of the same id."""
        sender, self._producer = self._producer, None
        if sender is not None:
            await stop_producer(sender)


class Transactions(_Producing):
    """Exactly once: one transactional producer for one input partition of a group.

    Starting it ends every transaction left open under its id, and fences the former owner.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        group: str,
        partition: TopicPartition,
        on_written: OnWritten,
    ) -> None:
        super().__init__(settings, partition, on_written)
        self._group = group

    def _new_producer(self) -> AIOKafkaProducer:
        return producer(
            self._settings,
            transactional_id=f"{self._group}-{self._partition.topic}-{self._partition.partition}",
            transaction_timeout_seconds=self._settings.transaction_timeout_seconds,
        )

    async def write(self, messages: Sequence[Message], next_offset: int) -> None:
        """Run one transaction. aiokafka would commit over a failed send: each is awaited before the end."""
        sender = self._started_producer()
        started = time.perf_counter()
        async with asyncio.timeout(self._settings.transaction_timeout_seconds):
            await sender.begin_transaction()
            await send_all(sender, messages)
            produced = time.perf_counter()
            await sender.send_offsets_to_transaction({self._partition: next_offset}, self._group)
            await sender.commit_transaction()
        self._on_written(produced - started, time.perf_counter() - produced)


class Confirmations(_Producing):
    """At least once: an idempotent producer, and the offset by the consumer, once all is acknowledged.

    Nobody is fenced: the former owner may write its last batch once more.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        consumer: AIOKafkaConsumer,
        partition: TopicPartition,
        on_written: OnWritten,
    ) -> None:
        super().__init__(settings, partition, on_written)
        self._consumer = consumer

    def _new_producer(self) -> AIOKafkaProducer:
        return producer(self._settings)

    async def write(self, messages: Sequence[Message], next_offset: int) -> None:
        """Send, wait for every acknowledgement, then commit the offset."""
        sender = self._started_producer()
        started = time.perf_counter()
        async with asyncio.timeout(self._settings.transaction_timeout_seconds):
            await send_all(sender, messages)
            produced = time.perf_counter()
            await self._consumer.commit({self._partition: next_offset})
        self._on_written(produced - started, time.perf_counter() - produced)


async def send_all(sender: AIOKafkaProducer, messages: Sequence[Message]) -> None:
    """Send messages and wait until the broker has every one; raises the first error."""
    sent = [await sender.send(m.topic, m.value, m.key, headers=m.headers) for m in messages]
    if sent:
        await asyncio.gather(*sent)


async def stop_producer(sender: AIOKafkaProducer) -> None:
    """Stop a producer that may be fenced, or without a broker: no longer than `CLOSE_SECONDS`."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CLOSE_SECONDS):
            await sender.stop()
    with contextlib.suppress(Exception):
        await sender.client.close()
