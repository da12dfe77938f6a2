"""The batch runner: fetch, give each partition its records, watch over progress, stop in good order.

What happens to a partition's records, and the four steps of the guarantee, stand in `services.runtime.lane`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Final, NoReturn

import structlog
from aiokafka import ConsumerRebalanceListener
from aiokafka.structs import TopicPartition
from prometheus_client import CollectorRegistry

from schemas.topics import DEAD_LETTER
from services.runtime.accounting import Accounts
from services.runtime.dead_letters import dead_letter
from services.runtime.decisions import Decision, backoff_seconds, decide
from services.runtime.frames import Failed
from services.runtime.health import ProgressHealth
from services.runtime.kafka import ensure_alike, ensure_topics, group_consumer
from services.runtime.lane import Lane
from services.runtime.memory import recall
from services.runtime.records import Message, Transformed
from services.runtime.settings import ServiceSettings
from services.runtime.stage import Guarantee, Memory, load_stage
from services.runtime.transactions import Confirmations, Ledger, Transactions
from services.runtime.worker import Worker

POLL_MS: Final = 1000
WATCH_SECONDS: Final = 1.0
LEAVE_SECONDS: Final = 3.0
LAG_SECONDS: Final = 5.0  # how long Kafka may take to tell the ends of the partitions

log = structlog.get_logger(__name__)


class StalledError(RuntimeError):
    """Records wait and nothing has moved for too long."""


class Runner(ConsumerRebalanceListener):  # type: ignore[misc]
    """Runs one stage in this process: `reference` names it, as `services.clean.stage:STAGE`."""

    def __init__(self, reference: str, settings: ServiceSettings, registry: CollectorRegistry) -> None:
        self.stage = load_stage(reference)
        self.health = ProgressHealth(
            settings.stall_seconds, settings.stall_exit_seconds, now=time.monotonic()
        )
        self._settings = settings
        self._group = settings.group(self.stage.name)
        self._target = settings.topic(self.stage.target.name)
        self._dead_letters = settings.topic(DEAD_LETTER.name)
        self._accounts = Accounts(registry, self.stage)
        self._worker = Worker(reference, self.stage, self._accounts.restarted)
        self._consumer = group_consumer(settings, self._group)
        self._lanes: dict[TopicPartition, tuple[Lane, asyncio.Task[NoReturn]]] = {}
        self._generation = 0
        self._assigned = False
        self._stopping = asyncio.Event()
        self._tasks = asyncio.TaskGroup()

    def stop(self) -> None:
        """Ask the runner to end: open transactions are finished, what is not committed stays for others."""
        self.health.stop()
        self._stopping.set()

    async def run(self) -> None:
        """Run until `stop`; raises what another try would not mend, `StalledError` where nothing moves."""
        try:
            async with self._tasks:
                working = [self._tasks.create_task(self._begin()), self._tasks.create_task(self._watch())]
                await self._stopping.wait()
                for task in working:
                    task.cancel()
                await self._close_lanes()
        finally:
            await self._close_lanes()
            await self._leave()

    async def _begin(self) -> NoReturn:
        await self._worker.start()
        await self._reach_broker()
        self._consumer.subscribe([self._settings.topic(self.stage.source.name)], listener=self)
        await self._fetch()

    async def _reach_broker(self) -> None:
        failures = 0
        while True:
            try:
                await ensure_topics(
                    self._settings, topics=(self.stage.source, self.stage.target, DEAD_LETTER)
                )
                if self.stage.memory is not None:
                    await ensure_alike(self._settings, self.stage.source, self.stage.target)
                await self._consumer.start()
            except Exception as error:
                if decide(error) is Decision.STOP:
                    raise
                failures += 1
                log.warning("broker not reached, tries again", error=repr(error), failures=failures)
                await asyncio.sleep(backoff_seconds(failures))
            else:
                return

    async def _fetch(self) -> NoReturn:
        failures = 0
        while True:
            generation = self._generation
            try:
                fetched = await self._consumer.getmany(timeout_ms=POLL_MS)
            except Exception as error:
                if decide(error) is Decision.STOP:
                    raise
                failures += 1
                log.warning("fetch failed, tries again", error=repr(error), failures=failures)
                await asyncio.sleep(backoff_seconds(failures))
                continue
            failures = 0
            for partition, records in fetched.items():
                if partition in self._lanes:
                    lane, _ = self._lanes[partition]
                    # Step 3: a batch that a rebalance has overtaken is dropped whole, and fetched again.
                    lane.offer(records) if generation == self._generation else lane.refuse()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Give up all partitions before others may have them; aiokafka waits for this."""
        self._generation += 1
        if revoked:
            self._accounts.metrics.rebalances.inc()
        await self._close_lanes()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Open a lane for each partition; it takes over by itself."""
        self._generation += 1
        self._assigned = True
        if self._stopping.is_set():
            return
        for partition in assigned:
            lane = self._open_lane(partition)
            self._lanes[partition] = lane, self._tasks.create_task(lane.run())
        self._accounts.metrics.partitions.set(len(assigned))
        log.info("partitions assigned", partitions=sorted(partition.partition for partition in assigned))

    def _open_lane(self, partition: TopicPartition) -> Lane:
        return Lane(
            partition,
            self.stage,
            consumer=self._consumer,
            worker=self._worker,
            ledger=self._ledger(partition),
            messages=self._messages,
            recall=self._recall(partition),
            accounts=self._accounts,
            settings=self._settings,
        )

    def _recall(self, partition: TopicPartition) -> Callable[[], Awaitable[Memory]] | None:
        """Return how the lane of an input partition comes by its memory, None where the stage has none."""
        if self.stage.memory is None:
            return None
        target = TopicPartition(self._target, partition.partition)
        results = self._settings.memory_results
        return partial(recall, self._settings, target, self.stage.memory, results)

    def _ledger(self, partition: TopicPartition) -> Ledger:
        match self.stage.guarantee:
            case Guarantee.EXACTLY_ONCE:
                return Transactions(self._settings, self._group, partition, self._accounts.written)
            case Guarantee.AT_LEAST_ONCE:
                return Confirmations(self._settings, self._consumer, partition, self._accounts.written)

    def _messages(self, batch: Transformed) -> list[Message]:
        """Return what a batch sends: the results, and a dead letter for every document that has none."""
        messages: list[Message] = []
        for record, outcome in zip(batch.records, batch.outcomes, strict=True):
            if isinstance(outcome, Failed):
                tell = log.debug if outcome.rejected else log.warning  # bad input is everyday, poison is not
                tell(
                    "document given up",
                    reason=outcome.reason,
                    detail=outcome.detail,
                    partition=record.partition,
                    offset=record.offset,
                )
                messages.append(dead_letter(self._dead_letters, self.stage.name, record, outcome))
            else:
                messages += [Message(self._target, *written) for written in outcome.records]
        return messages

    async def _close_lanes(self) -> None:
        lanes, self._lanes = list(self._lanes.values()), {}
        self._accounts.metrics.partitions.set(0)
        deadline = self._settings.revoke_deadline_seconds
        await asyncio.gather(*(lane.close(task, deadline) for lane, task in lanes))

    async def _watch(self) -> NoReturn:
        """Liveness is progress: measure the lag, and end a process that stands still."""
        metrics = self._accounts.metrics
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            lanes = [lane for lane, _ in self._lanes.values()]
            metrics.in_flight.set(sum(lane.held for lane in lanes))
            metrics.in_flight_bytes.set(sum(lane.buffered_bytes for lane in lanes))
            lag = await self._lag()
            if lag is not None:
                metrics.lag.set(lag)
            self.health.observe(lag, self._accounts.committed_records, time.monotonic())
            metrics.healthy.set(self.health.live().ok)
            if self.health.hopeless:
                raise StalledError(self.health.live().detail)

    async def _lag(self) -> int | None:
        """Return how many records of the own partitions are not committed; None where nobody can tell."""
        if not self._assigned:
            return None
        lanes = {partition: lane for partition, (lane, _) in self._lanes.items()}
        ends: dict[TopicPartition, int]
        fetched: dict[TopicPartition, int]
        try:
            async with asyncio.timeout(LAG_SECONDS):
                ends = await self._consumer.end_offsets(list(lanes)) if lanes else {}
                fetched = {partition: await self._consumer.position(partition) for partition in lanes}
        except Exception:  # noqa: BLE001 - a broker that does not answer, or a rebalance in the middle
            return None
        waiting = {partition: max(0, ends[partition] - fetched[partition]) for partition in lanes}
        return sum(waiting.values()) + sum(lane.held for lane in lanes.values())

    async def _leave(self) -> None:
        """Leave the group, so that others need not wait for the session to end; end the worker."""
        leaving: asyncio.Task[None] = asyncio.create_task(self._consumer.stop())
        await asyncio.wait({leaving}, timeout=LEAVE_SECONDS)
        leaving.cancel()
        # Without a broker aiokafka may let its own cancellation out, and leaves its connections open.
        (error,) = await asyncio.gather(leaving, return_exceptions=True)
        if error is not None:
            log.warning("left the group without saying so", error=repr(error))
            await self._consumer._client.close()  # noqa: SLF001 - it has no public name
        await self._worker.stop()
