"""occurrence → alert: the Faust application that merges hits into stories and raises their alerts.

Faust gives the stream, the table with its changelog and recovery, and the sharing out of both among workers.
What a crash may cost is decided here. For each batch of an input partition, in this order:

1. the hits are merged into threads (`services.alert.changes`, pure; a bad hit becomes a dead letter);
2. alerts, withdrawals and dead letters are written in one transaction of the partition's own producer, which
   a former owner that was frozen and thaws cannot do any more;
3. the threads are written to the changelog, acknowledged, and then to the table;
4. the input's offset is committed, at the latest `COMMIT_SECONDS` later.

What Faust leaves out is read once more before the offset passes it (`services.alert.gaps`). A crash after 2
repeats the alerts under the same ids. Faust itself never commits (`acks=False`): it acknowledges what it
skips in a rebalance, and what it holds when an agent is cancelled.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import faust
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition
from faust.types import TP, EventT

from schemas.alert import Occurrence, Subscription
from schemas.topics import DEAD_LETTER, OCCURRENCE
from services.alert.accounting import NAME, Accounts
from services.alert.changes import Changes, Hit, Refused, changes
from services.alert.faust_options import faust_options
from services.alert.gaps import Gaps
from services.alert.group import committed_offsets
from services.alert.messages import alert_message, withdrawal_message
from services.alert.owned import LostPartitionError, OwnedPartition
from services.alert.records import AlertRecord, as_record
from services.alert.recovery import wake_forgotten_recovery
from services.alert.rules import RuleBook
from services.alert.settings import AlertSettings
from services.alert.table import TABLE, StoryTable
from services.runtime.dead_letters import dead_letter
from services.runtime.frames import Failed
from services.runtime.health import ProgressHealth
from services.runtime.kafka import client_options, producer, reader
from services.runtime.metrics import DeadLetterReason
from services.runtime.records import Message
from services.runtime.runner import StalledError
from services.runtime.transactions import Transactions

BATCH_HITS: Final = 500
BATCH_SECONDS: Final = 0.02  # how long a hit may wait for others; a tenth of what an alert may take
COMMIT_SECONDS: Final = 0.25
WATCH_SECONDS: Final = 1.0
ENDS_SECONDS: Final = 5.0  # how long Kafka may take to tell the ends of the partitions

log = structlog.get_logger(__name__)

Event = EventT[Any]


class StoryApp:
    """The stories of the partitions that the group gives to this process."""

    def __init__(self, settings: AlertSettings, book: RuleBook, accounts: Accounts, partitions: int) -> None:
        self.health = ProgressHealth(
            settings.stall_seconds, settings.stall_exit_seconds, now=time.monotonic()
        )
        self._settings, self._book, self._accounts = settings, book, accounts
        self._group = settings.group(NAME)
        self._topic = settings.topic(OCCURRENCE.name)
        self._dead_letters = settings.topic(DEAD_LETTER.name)
        self._metrics = accounts.metrics
        self._partitions = partitions
        self._owned: dict[int, OwnedPartition] = {}
        self._positions: dict[int, int] = {}
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask the application to end: what is done is committed, what is not stays for others."""
        self.health.stop()
        self._stopping.set()

    async def run(self) -> None:
        """Run until `stop`; raises what another process would have to mend."""
        folder = Path(tempfile.gettempdir()) / f"isowire-alert-{os.getuid()}"  # stays empty: see `store`
        folder.mkdir(exist_ok=True)
        self._changelog: AIOKafkaProducer = producer(self._settings)
        self._gaps = Gaps(self._settings, self._topic)
        self._admin = AIOKafkaAdminClient(**client_options(self._settings))
        self._app = self._new_app(folder)
        try:
            await self._changelog.start()
            await self._gaps.start()
            await self._admin.start()
            await self._app.start()
            await self._watch()
        finally:
            await self._end()

    async def _end(self) -> None:
        """Give the partitions back, then leave the group."""
        try:
            async with asyncio.timeout(self._settings.revoke_deadline_seconds):
                await self._give_up_all()
                await self._app.stop()
        except Exception as error:  # noqa: BLE001 - the process ends anyhow, the group will notice
            log.warning("left the group without saying so", error=repr(error))
        await self._changelog.stop()
        await self._gaps.stop()
        await self._admin.close()

    # The Faust application

    def _new_app(self, folder: Path) -> faust.App:
        app = faust.App(self._group, loop=asyncio.get_running_loop(), **faust_options(self._settings, folder))
        app.conf.topic_partitions = self._partitions
        raw: Any = {"key_type": bytes, "value_type": bytes}
        source = app.topic(
            self._topic,
            partitions=self._partitions,
            key_serializer="raw",
            value_serializer="raw",
            acks=False,
            **raw,
        )
        self._table: StoryTable = app.Table(TABLE, partitions=self._partitions, **raw)  # type: ignore[assignment]
        self._table.take_over = self._take_over
        revoked: Any = self._revoked
        app.on_partitions_revoked.connect(revoked)
        app.agent(source, name=TABLE, concurrency=1)(self._tell_stories)
        return app

    async def _tell_stories(self, stream: Any) -> None:
        """Faust goes on behind the events that it held where this raises: it does not."""
        async for events in stream.take_events(BATCH_HITS, within=BATCH_SECONDS):
            try:
                await self._take_all(events)
            except Exception:
                log.exception("all partitions stopped")
                for partition in self._owned.values():
                    partition.lose()

    async def _take_all(self, events: Sequence[Event]) -> None:
        by_partition: dict[int, list[Event]] = {}
        for event in events:
            if self._is_ours(event):
                by_partition.setdefault(event.message.partition, []).append(event)
        await asyncio.gather(*(self._take(self._owned[p], batch) for p, batch in by_partition.items()))

    def _is_ours(self, event: Event) -> bool:
        """Tell whether an event was fetched since the last rebalance. All others will be fetched again."""
        return (
            not self._app.rebalancing
            and event.message.generation_id == self._app.consumer_generation_id
            and event.message.partition in self._owned
        )

    async def _revoked(self, _: object, revoked: set[TP], **__: object) -> None:
        if any(tp.topic == self._topic for tp in revoked):
            self._metrics.rebalances.inc()
            await self._give_up_all()

    async def _give_up_all(self) -> None:
        owned, self._owned = list(self._owned.values()), {}
        self._metrics.partitions.set(0)
        await asyncio.gather(*(partition.close() for partition in owned))

    async def _take_over(self, partitions: set[int]) -> None:
        """Fence the former owners, then see how far they got."""
        await self._give_up_all()
        if self._stopping.is_set():
            return
        owned = {number: OwnedPartition(number, self._ledger(number)) for number in partitions}
        await asyncio.gather(*(partition.take_over() for partition in owned.values()))
        await self._restore(partitions)
        for number, offset in (await self._committed(partitions)).items():
            await owned[number].begin_at(offset)
        self._owned = owned
        self._metrics.partitions.set(len(owned))
        log.info("partitions assigned", stage=NAME, partitions=sorted(owned))

    async def _restore(self, partitions: set[int]) -> None:
        client = reader(self._settings, self._table.changelog_topic.get_topic_name())
        await client.start()
        try:
            await self._table.restore(client, partitions)
        finally:
            await client.stop()

    def _ledger(self, number: int) -> Transactions:
        partition = TopicPartition(self._topic, number)
        return Transactions(self._settings, self._group, partition, self._accounts.written)

    async def _committed(self, partitions: set[int]) -> dict[int, int]:
        """Return the committed offsets; where there is none, the first."""
        wanted = [TopicPartition(self._topic, number) for number in partitions]
        if not wanted:
            return {}
        first = await self._gaps.firsts(list(partitions))
        known = await committed_offsets(self._admin, self._group, wanted)
        return {tp.partition: known.get(tp, first[tp.partition]) for tp in wanted}

    # One batch of one partition

    async def _take(self, partition: OwnedPartition, events: list[Event]) -> None:
        """Take the events that were not taken yet, and what is missing before and among them."""
        async with partition.taking:
            start = partition.processed
            records = [as_record(event) for event in events if event.message.offset >= start]
            if records and partition.lost_at is None:
                end = records[-1].offset + 1
                if end - start > len(records):
                    records = await self._read(partition, end)
                await self._process(partition, records, end)

    async def _sweep(self, partition: OwnedPartition, end: int) -> None:
        """Take what Faust has left out at the end of a partition: records, or markers of transactions."""
        async with partition.taking:
            if partition.processed < end and partition.lost_at is None:
                records = await self._read(partition, end)
                if records:
                    log.info("records swept up", partition=partition.number, records=len(records))
                await self._process(partition, records, end)

    async def _read(self, partition: OwnedPartition, end: int) -> list[AlertRecord]:
        try:
            return await self._gaps.read(partition.number, partition.processed, end)
        except Exception:
            partition.lose()
            log.exception("partition stopped", partition=partition.number)
            return []

    async def _process(self, partition: OwnedPartition, records: list[AlertRecord], end: int) -> None:
        """Bring a batch into the table and its alerts to the topics. What goes wrong stops the partition."""
        started = time.perf_counter()
        try:
            changed = self._changes(records)
            self._metrics.transform.observe(time.perf_counter() - started)
            messages = self._messages(changed)
            if messages:
                await partition.publish(messages)
            if changed.threads:
                await self._table.write(self._changelog, partition.number, changed.threads)
        except LostPartitionError:
            return  # what was read since its offset, its next owner reads again
        except Exception:
            partition.lose()
            log.exception("partition stopped", partition=partition.number)
            return
        if partition.lost_at is None:
            partition.processed = end
            self._accounts.taken(records, changed, messages, len(self._table.data.data))

    def _changes(self, records: Sequence[AlertRecord]) -> Changes[AlertRecord]:
        hits, unreadable = [], []
        for record in records:
            try:
                hits.append(Hit(Occurrence.from_json(record.value or b""), record))
            except ValueError as error:
                unreadable.append(Refused(record, DeadLetterReason.UNDECODABLE, str(error)))
        changed = changes(hits, self._table.thread, self._subscriptions)
        changed.refused += unreadable
        return changed

    @property
    def _subscriptions(self) -> Sequence[Subscription]:
        return self._book.current.subscriptions

    def _messages(self, changed: Changes[AlertRecord]) -> list[Message]:
        messages = []
        for (name, alert_id), (alert, record) in changed.alerts.items():
            topic, passed = self._settings.topic(name), record.headers
            messages.append(
                alert_message(topic, alert, passed) if alert else withdrawal_message(topic, alert_id, passed)
            )
        for refused in changed.refused:
            log.warning(
                "document given up",
                reason=refused.reason,
                detail=refused.detail,
                partition=refused.source.partition,
                offset=refused.source.offset,
            )
            failed = Failed(refused.reason, refused.detail)
            messages.append(dead_letter(self._dead_letters, NAME, refused.source, failed))
        return messages

    # Liveness is progress

    async def _watch(self) -> None:
        """Commit, measure, and end a process that cannot go on."""
        measured_at = 0.0
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            await asyncio.sleep(COMMIT_SECONDS)
            if self._app.crashed:
                raise RuntimeError("Faust gave up") from self._app.crash_reason
            tables: Any = self._app.tables
            if wake_forgotten_recovery(tables.recovery):
                log.info("recovery woken", stage=NAME)
            for partition in list(self._owned.values()):
                try:
                    await partition.commit()
                except LostPartitionError:
                    self._give_rebalance_time(partition, loop.time())
            if loop.time() - measured_at >= WATCH_SECONDS:
                measured_at = loop.time()
                await self._measure()

    def _give_rebalance_time(self, partition: OwnedPartition, now: float) -> None:
        """Wait for the group to take a lost partition away; where it does not, a new process may help."""
        patience = 2 * self._settings.session_timeout_seconds
        if partition.lost_at is not None and now - partition.lost_at > patience:
            raise LostPartitionError(f"partition {partition.number} failed and nobody else took it")

    async def _measure(self) -> None:
        positions = {number: partition.processed for number, partition in self._owned.items()}
        settled = not (self._app.rebalancing or self._app.in_recovery)
        lag = await self._sweep_all(positions) if settled else None
        if lag is not None:
            self._metrics.lag.set(lag)
        self._positions = {number: partition.processed for number, partition in self._owned.items()}
        state = (settled, self._app.consumer_generation_id, self._positions)
        self.health.observe(1 if lag is None else lag, state, time.monotonic())
        self._metrics.healthy.set(self.health.live().ok)
        if self.health.hopeless:
            raise StalledError(self.health.live().detail)

    async def _sweep_all(self, positions: dict[int, int]) -> int | None:
        """Sweep the partitions that have stood still; return what waits, None where nobody can tell."""
        owned = dict(self._owned)
        try:
            async with asyncio.timeout(ENDS_SECONDS):
                ends = await self._gaps.ends(list(owned))
        except Exception:  # noqa: BLE001 - a broker that does not answer
            return None
        for number, partition in owned.items():
            if self._positions.get(number) == positions.get(number) == partition.processed < ends[number]:
                await self._sweep(partition, ends[number])
        return sum(max(0, ends[number] - partition.processed) for number, partition in owned.items())
