"""One input partition on its way through the stage: take over, transform, commit.

The four steps of the guarantee, for the life of a lane:

1. `Ledger.fence_former_owner` starts the partition's own producer;
2. `_take_over` reads the committed offset only after that: it is the floor, what lies below is dropped;
3. a lane never outlives a rebalance (`services.runtime.runner`), and what it has not committed goes with it;
4. after an error `run` begins again at step 1, which settles a transaction whose end is unknown, reads the
   floor and seeks there.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NoReturn

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from services.runtime.accounting import Accounts
from services.runtime.batching import take_batch
from services.runtime.decisions import Decision, backoff_seconds, decide, root_error
from services.runtime.memory import settled
from services.runtime.records import Message, Record, Transformed, as_input, size
from services.runtime.settings import ServiceSettings
from services.runtime.stage import Memory, Stage
from services.runtime.transactions import Ledger
from services.runtime.worker import Worker

log = structlog.get_logger(__name__)

CANCEL_SECONDS: Final = 0.5
BATCHES_AHEAD: Final = 1  # transformed while the one before is being committed


class Lane:
    """A partition, from its assignment to its revocation."""

    def __init__(  # noqa: PLR0913 - what it works with, by name
        self,
        partition: TopicPartition,
        stage: Stage[Any, Any],
        *,
        consumer: AIOKafkaConsumer,
        worker: Worker,
        ledger: Ledger,
        messages: Callable[[Transformed], list[Message]],
        recall: Callable[[], Awaitable[Memory]] | None,
        accounts: Accounts,
        settings: ServiceSettings,
    ) -> None:
        self.partition = partition
        self.position = 0  # of the next record to be committed
        self._stage = stage
        self._consumer, self._worker, self._ledger = consumer, worker, ledger
        self._messages = messages
        self._recall = recall
        self._memory: Memory | None = None
        self._accounts = accounts
        self._buffer_bytes = settings.buffer_bytes
        self._patience_seconds = settings.session_timeout_seconds
        self._pace_seconds = settings.batch_pace_seconds
        self._next_batch_at = 0.0
        self._failures = 0
        self._closing = False
        self._settled = asyncio.Event()  # no transaction is open
        self._settled.set()
        self._open = False  # between taking over and the first error
        self._next_offset = 0  # of the next record to be taken
        self._buffer: deque[Record] = deque()
        self._buffered_bytes = 0
        self._held = 0
        self._arrived = asyncio.Event()
        self._transformed: asyncio.Queue[Transformed] = asyncio.Queue(BATCHES_AHEAD)

    # What comes in

    def offer(self, records: Sequence[Record]) -> None:
        """Take what was fetched. aiokafka may hand out a range twice: an offset never goes back here."""
        if not self._open:
            return
        fresh = [record for record in records if record.offset >= self._next_offset]
        if len(fresh) < len(records):
            self._accounts.metrics.duplicates.inc(len(records) - len(fresh))
        if fresh:
            self._next_offset = fresh[-1].offset + 1
            self._buffer.extend(fresh)
            self._buffered_bytes += sum(size(record) for record in fresh)
            self._held += len(fresh)
            self._arrived.set()
        if self._buffered_bytes >= self._buffer_bytes:
            self._consumer.pause(self.partition)

    def refuse(self) -> None:
        """Have what was fetched last fetched again; before the lane is open, taking over does so."""
        if self._open:
            self._consumer.seek(self.partition, self._next_offset)

    @property
    def held(self) -> int:
        """Records taken and not committed yet."""
        return self._held

    @property
    def buffered_bytes(self) -> int:
        """Bytes of the records that wait for the worker."""
        return self._buffered_bytes

    # Its life

    async def run(self) -> NoReturn:
        """Work until cancelled. Raises what another try would not mend."""
        while True:
            try:
                await self._take_over()
                await self._work()
            except Exception as raised:  # noqa: BLE001 - `decide` tells, and stops by default
                error = root_error(raised)
                decision = decide(error)
                if decision is Decision.STOP:
                    raise error from None
                self._failures += 1
                self._accounts.metrics.aborts.inc()
                log.warning(
                    "partition begins again",
                    partition=self.partition.partition,
                    decision=decision,
                    error=repr(error),
                    failures=self._failures,
                )
                self._open = False
                await asyncio.sleep(self._pause_after(decision))

    def _pause_after(self, decision: Decision) -> float:
        """Fencing back at once would only take turns with the new owner."""
        return self._patience_seconds if decision is Decision.YIELD else backoff_seconds(self._failures)

    async def _take_over(self) -> None:
        await self._ledger.fence_former_owner()
        floor = await self._committed_offset()
        self._forget(floor)
        if self._recall is not None:  # anew: what an aborted transaction held was never said
            self._memory = await self._recall()
        self._consumer.seek(self.partition, floor)
        self._consumer.resume(self.partition)
        self._open = True

    async def _committed_offset(self) -> int:
        committed: int | None = await self._consumer.committed(self.partition)
        if committed is not None:
            return committed
        first: dict[TopicPartition, int] = await self._consumer.beginning_offsets([self.partition])
        return first[self.partition]

    def _forget(self, floor: int) -> None:
        """Drop all that is not committed and go on at `floor`."""
        self.position = self._next_offset = floor
        self._buffer.clear()
        self._buffered_bytes = self._held = 0
        self._arrived.clear()
        self._transformed = asyncio.Queue(BATCHES_AHEAD)

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._transform_batches())
            tasks.create_task(self._commit_batches())

    async def _transform_batches(self) -> NoReturn:
        while True:
            batch = await self._next_batch()
            started = time.perf_counter()
            outcomes = await self._worker.transform([as_input(record) for record in batch])
            self._accounts.transformed(time.perf_counter() - started, len(outcomes))
            self._put_back(batch[len(outcomes) :])
            await self._transformed.put(Transformed(batch[: len(outcomes)], outcomes))

    async def _next_batch(self) -> list[Record]:
        await self._arrived.wait()
        await self._keep_pace()
        batch = take_batch(self._buffer, self._stage.max_batch_records, self._stage.max_batch_bytes, size)
        self._buffered_bytes -= sum(size(record) for record in batch)
        if not self._buffer:
            self._arrived.clear()
        if self._buffered_bytes < self._buffer_bytes:
            self._consumer.resume(self.partition)
        return batch

    async def _keep_pace(self) -> None:
        """Under load, let a few records gather: a transaction costs as much time as twenty of them.

        A partition that was idle begins at once.
        """
        full = len(self._buffer) >= self._stage.max_batch_records
        full = full or self._buffered_bytes >= self._stage.max_batch_bytes
        if not full:
            await asyncio.sleep(self._next_batch_at - time.monotonic())
        self._next_batch_at = time.monotonic() + self._pace_seconds

    def _put_back(self, records: Sequence[Record]) -> None:
        if records:
            self._buffer.extendleft(reversed(records))
            self._buffered_bytes += sum(size(record) for record in records)
            self._arrived.set()

    async def _commit_batches(self) -> None:
        while not self._closing:
            batch = await self._transformed.get()
            if self._memory is not None:
                batch = settled(batch, self._memory)
            messages = self._messages(batch)
            next_offset = batch.records[-1].offset + 1
            self._settled.clear()
            try:
                await self._ledger.write(messages, next_offset)
            finally:
                self._settled.set()
            self._failures = 0
            self.position = next_offset
            self._held -= len(batch.records)
            self._accounts.committed(batch, messages)

    async def close(self, task: asyncio.Task[NoReturn], deadline_seconds: float) -> None:
        """Let an open transaction end, drop the rest, release the producer."""
        self._closing = True
        self._open = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline_seconds):
                await self._settled.wait()
        while not task.done():  # aiokafka swallows a cancellation now and then
            task.cancel()
            await asyncio.wait({task}, timeout=CANCEL_SECONDS)
        await asyncio.gather(task, return_exceptions=True)
        await self._ledger.close()
