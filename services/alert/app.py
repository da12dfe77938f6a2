"""occurrence → alert: the Faust application that merges hits into stories and raises their alerts.

Faust gives the stream, the table with its changelog and recovery, and the sharing out of both among workers.
What a crash may cost is decided here. For each batch of an input partition, in this order:

1. the hits are merged into threads (`services.alert.changes`, pure; a bad hit becomes a dead letter);
2. alerts, withdrawals and dead letters are written in one transaction of the partition's own producer, which
   a former owner that was frozen and thaws cannot do any more;
3. the threads are written to the changelog, acknowledged, and then to the table;
4. the input's offset is committed, at the latest `COMMIT_SECONDS` later.

A crash after 2 repeats the alerts under the same ids. Faust itself never commits (`acks=False`): it
acknowledges what it skips in a rebalance, and what it holds when an agent is cancelled.
"""

from __future__ import annotations

import asyncio
import shutil
import ssl
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
from prometheus_client import CollectorRegistry

from schemas.alert import Occurrence, Subscription
from schemas.topics import DEAD_LETTER, MAX_RECORD_BYTES, OCCURRENCE
from services.alert.changes import Changes, Hit, Refused, changes
from services.alert.group import committed_offsets
from services.alert.messages import alert_message, withdrawal_message
from services.alert.owned import LostPartitionError, OwnedPartition
from services.alert.rules import RuleBook
from services.alert.settings import AlertSettings
from services.alert.table import TABLE, StoryTable
from services.runtime.dead_letters import dead_letter
from services.runtime.health import ProgressHealth
from services.runtime.instruments import AlertMetrics, PipelineMetrics
from services.runtime.kafka import MAX_POLL_INTERVAL_MS, client_options, producer, reader
from services.runtime.metrics import DeadLetterReason
from services.runtime.records import Message, Record
from services.runtime.runner import StalledError
from services.runtime.transactions import Transactions
from services.runtime.frames import Failed

NAME: Final = "alert"
REASONS: Final = ("story_closed",)
BATCH_HITS: Final = 500
BATCH_SECONDS: Final = 0.02  # how long a hit may wait for others; a tenth of what an alert may take
COMMIT_SECONDS: Final = 0.25
WATCH_SECONDS: Final = 1.0
FETCH_BYTES: Final = 4 * 1024 * 1024

log = structlog.get_logger(__name__)


class StoryApp:
    """The stories of the partitions that the group gives to this process."""

    def __init__(
        self, settings: AlertSettings, book: RuleBook, registry: CollectorRegistry, partitions: int
    ) -> None:
        self.health = ProgressHealth(
            settings.stall_seconds, settings.stall_exit_seconds, now=time.monotonic()
        )
        self._settings, self._book, self._registry = settings, book, registry
        self._group = settings.group(NAME)
        self._topic = settings.topic(OCCURRENCE.name)
        self._dead_letters = settings.topic(DEAD_LETTER.name)
        self._metrics = PipelineMetrics(registry, NAME, REASONS)
        self._partitions = partitions
        self._owned: dict[int, OwnedPartition] = {}
        self._stopping = asyncio.Event()
        self.rules_changed()

    def rules_changed(self) -> None:
        """Count under the names of the rules in force."""
        rules = self._book.current
        names = [rule.id for rule in rules.rules]
        self._counts = AlertMetrics(self._registry, names, [s.id for s in rules.subscriptions])
        self._counts.rules.set(len(names))

    def count_reload(self, *, accepted: bool) -> None:
        """Count a rules file that was read anew."""
        self._counts.reloads["accepted" if accepted else "refused"].inc()

    def stop(self) -> None:
        """Ask the application to end: what is done is committed, what is not stays for others."""
        self.health.stop()
        self._stopping.set()

    async def run(self) -> None:
        """Run until `stop`; raises what another process would have to mend."""
        folder = Path(tempfile.mkdtemp(prefix="isowire-alert-"))
        self._changelog: AIOKafkaProducer = producer(self._settings)
        self._ends = reader(self._settings, self._topic)
        self._admin = AIOKafkaAdminClient(**client_options(self._settings))
        self._app = self._new_app(folder)
        try:
            await self._changelog.start()
            await self._ends.start()
            await self._admin.start()
            await self._app.start()
            await self._watch()
        finally:
            await self._end()
            shutil.rmtree(folder, ignore_errors=True)

    async def _end(self) -> None:
        """Give the partitions back, then leave the group."""
        try:
            async with asyncio.timeout(self._settings.revoke_deadline_seconds):
                await self._give_up_all()
                await self._app.stop()
        except Exception as error:  # noqa: BLE001 - the process ends anyhow, the group will notice
            log.warning("left the group without saying so", error=repr(error))
        for client in (self._changelog, self._ends):
            await client.stop()
        await self._admin.close()

    # The Faust application

    def _new_app(self, folder: Path) -> faust.App:
        app = faust.App(
            self._group, loop=asyncio.get_running_loop(), **_faust_options(self._settings, folder)
        )
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
        self._table: Any = app.Table(TABLE, partitions=self._partitions, **raw)
        self._table.take_over = self._take_over
        app.on_partitions_revoked.connect(self._revoked)
        app.agent(source, name=TABLE, concurrency=1)(self._tell_stories)
        return app

    async def _tell_stories(self, stream: Any) -> None:
        """Faust loses what it holds where this raises: it does not, unless it is cancelled."""
        async for events in stream.take_events(BATCH_HITS, within=BATCH_SECONDS):
            by_partition: dict[int, list[EventT]] = {}
            for event in events:
                if self._is_ours(event):
                    by_partition.setdefault(event.message.partition, []).append(event)
            await asyncio.gather(*(self._take(self._owned[p], e) for p, e in by_partition.items()))

    def _is_ours(self, event: EventT) -> bool:
        """Tell whether an event was fetched since the last rebalance. All others will be fetched again."""
        return (
            not self._app.rebalancing
            and event.message.generation_id == self._app.consumer_generation_id
            and event.message.partition in self._owned
        )

    async def _revoked(self, _: faust.App, revoked: set[TP], **__: Any) -> None:
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
        for number, offset in (await self._committed(partitions)).items():
            owned[number].begin_at(offset)
        self._owned = owned
        self._metrics.partitions.set(len(owned))
        log.info("partitions assigned", stage=NAME, partitions=sorted(owned))

    def _ledger(self, number: int) -> Transactions:
        partition = TopicPartition(self._topic, number)
        return Transactions(self._settings, self._group, partition, self._note_written)

    def _note_written(self, produce_seconds: float, commit_seconds: float) -> None:
        self._metrics.produce.observe(produce_seconds)
        self._metrics.commit.observe(commit_seconds)

    async def _committed(self, partitions: set[int]) -> dict[int, int]:
        """Return the committed offsets; where there is none, the first."""
        wanted = [TopicPartition(self._topic, number) for number in partitions]
        if not wanted:
            return {}
        first = await self._ends.beginning_offsets(wanted)
        known = await committed_offsets(self._admin, self._group, wanted)
        return {tp.partition: known.get(tp, first[tp]) for tp in wanted}

    # One batch of one partition

    async def _take(self, partition: OwnedPartition, events: list[EventT]) -> None:
        """Bring a batch into the table and its alerts to the topics. What goes wrong stops the partition."""
        partition.streamed = max(partition.streamed, events[-1].message.offset + 1)
        if partition.lost_at is not None:
            return
        started = time.perf_counter()
        try:
            changed = self._changes(events)
            self._metrics.transform.observe(time.perf_counter() - started)
            messages = self._messages(changed)
            if messages:
                await partition.publish(messages)
            if changed.threads:
                await self._table.write(self._changelog, partition.number, changed.threads)
        except LostPartitionError:
            return  # what was read since its offset, its next owner reads again
        except Exception:
            partition.lost_at = asyncio.get_running_loop().time()
            log.exception("partition stopped", partition=partition.number)
            return
        partition.processed = max(partition.processed, events[-1].message.offset + 1)
        self._count(events, changed, messages)

    def _changes(self, events: Sequence[EventT]) -> Changes[Record]:
        hits, unreadable = [], []
        for event in events:
            record: Record = event.message
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

    def _messages(self, changed: Changes[Record]) -> list[Message]:
        messages = []
        for (name, alert_id), (alert, record) in changed.alerts.items():
            topic, passed = self._settings.topic(name), list(record.headers)
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

    def _count(self, events: Sequence[EventT], changed: Changes[Record], messages: list[Message]) -> None:
        metrics, counts, now = self._metrics, self._counts, time.time()
        metrics.records_in.inc(len(events))
        metrics.bytes_in.inc(sum(len(event.message.value or b"") for event in events))
        metrics.records_out.inc(len(messages) - len(changed.refused))
        metrics.bytes_out.inc(sum(len(message.value or b"") for message in messages))
        metrics.batch.observe(len(events))
        metrics.duplicates.inc(changed.duplicates)
        for refused in changed.refused:
            metrics.dead_letters[refused.reason].inc()
        for alert in changed.raised:
            counts.alerts[alert.severity][alert.rule_id].inc()
            metrics.since_fetch.observe(max(0.0, now - alert.last_seen.timestamp()))
        for alert in changed.updated:
            counts.updates[alert.rule_id].inc()
            metrics.since_fetch.observe(max(0.0, now - alert.last_seen.timestamp()))
        for name, _ in changed.alerts:
            if name.startswith("alert."):
                counts.routed[name.removeprefix("alert.")].inc()
        for alert in changed.withdrawn:
            log.info("alert taken back", alert_id=alert.id, rule=alert.rule_id)
        counts.stories.set(len(self._table.data.data))

    # Liveness is progress

    async def _watch(self) -> None:
        """Commit, measure, and end a process that cannot go on."""
        measured_at = 0.0
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            await asyncio.sleep(COMMIT_SECONDS)
            if self._app.crashed:
                raise RuntimeError("Faust gave up") from self._app.crash_reason
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
        if self._app.rebalancing or self._app.in_recovery or self._app.consumer is None:
            lag: int | None = 1
        else:
            lag = await self._lag()
        if lag is not None:
            self._metrics.lag.set(lag)
        positions = {number: partition.processed for number, partition in self._owned.items()}
        state = (self._app.rebalancing, self._app.in_recovery, self._app.consumer_generation_id, positions)
        self.health.observe(1 if lag is None else lag, state, time.monotonic())
        self._metrics.healthy.set(self.health.live().ok)
        if self.health.hopeless:
            raise StalledError(self.health.live().detail)

    async def _lag(self) -> int | None:
        """Return how many records wait, markers of transactions left out; None where nobody can tell."""
        owned = dict(self._owned)
        partitions = {number: TopicPartition(self._topic, number) for number in owned}
        try:
            async with asyncio.timeout(5):
                ends = await self._ends.end_offsets(list(partitions.values())) if partitions else {}
                fetched = {n: await self._app.consumer.position(TP(*tp)) for n, tp in partitions.items()}
        except Exception:  # noqa: BLE001 - a broker that does not answer, or a rebalance in the middle
            return None
        delivered = self._app.consumer._read_offset  # noqa: SLF001 - the only trace of what waits in a queue
        lag = 0
        for number, tp in partitions.items():
            lag += max(0, ends[tp] - (fetched[number] or 0))
            waiting = (delivered.get(TP(*tp)) or -1) + 1 - owned[number].processed
            lag += max(0, waiting - 1 if owned[number].streamed == owned[number].processed else waiting)
        return lag


def _faust_options(settings: AlertSettings, folder: Path) -> dict[str, Any]:
    """Return the options of the Faust application. What is not here is decided by Faust's defaults."""
    session = settings.session_timeout_seconds
    servers = settings.bootstrap_servers.replace(",", ";")
    return {
        "broker": f"kafka://{servers}",
        "broker_credentials": _credentials(settings),
        "broker_session_timeout": session,
        "broker_heartbeat_interval": session / 4,
        "broker_request_timeout": max(settings.request_timeout_seconds, session),
        "broker_rebalance_timeout": settings.rebalance_timeout_seconds,
        "broker_max_poll_interval": MAX_POLL_INTERVAL_MS / 1000,
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": FETCH_BYTES,
        "producer_max_request_size": MAX_RECORD_BYTES,
        "store": "memory://",
        "datadir": folder,
        "Table": StoryTable,
        "table_standby_replicas": 0,
        "topic_replication_factor": settings.replication_factor,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "stream_wait_empty": False,
        "stream_buffer_maxsize": 2 * BATCH_HITS,
        "web_enabled": False,
        "autodiscover": False,
    }


def _credentials(settings: AlertSettings) -> faust.auth.Credentials | None:
    options = client_options(settings)
    context: ssl.SSLContext | None = options.get("ssl_context")
    if "sasl_mechanism" in options:
        return faust.SASLCredentials(
            mechanism=options["sasl_mechanism"],
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            ssl_context=context,
        )
    return faust.SSLCredentials(context=context) if context else None
