"""Follows pages through the chain by reading its topics as any client would."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas.alert import Alert
from schemas.headers import get, stage_times
from schemas.topics import ALERT, CLEANED, DEAD_LETTER, EXTRACTED, OCCURRENCE, RAW_ARTICLE
from services.runtime.dead_letters import PREFIX, SETTLED
from services.runtime.kafka import admin, reader
from services.runtime.settings import KafkaSettings

WATCHED = (RAW_ARTICLE, CLEANED, EXTRACTED, OCCURRENCE, ALERT, DEAD_LETTER)
# Who must have read a topic to its end before nothing more can come of it.
READERS = {OCCURRENCE.name: "alert", EXTRACTED.name: "match"}
POLL_MS = 100


@dataclass
class Passage:
    """What has been seen of the pages so far; pages are told apart by their url id."""

    published: set[str] = field(default_factory=set)
    cleaned: set[str] = field(default_factory=set)
    extracted: set[str] = field(default_factory=set)
    dead: dict[str, str] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    seconds_to_alert: dict[str, float] = field(default_factory=dict)

    @property
    def under_way(self) -> set[str]:
        """The pages that are in the chain and have come to no end yet."""
        return self.published - self.extracted - self.dead.keys()


class Tracker:
    """Reads the chain's topics from their start; `async with tracking(settings) as tracker`."""

    def __init__(
        self, settings: KafkaSettings, consumer: AIOKafkaConsumer, client: AIOKafkaAdminClient
    ) -> None:
        self.passage = Passage()
        self._settings = settings
        self._consumer = consumer
        self._admin = client
        self._names = {settings.topic(topic.name): topic.name for topic in WATCHED}
        self._ends: dict[TopicPartition, int] = {}

    async def start(self) -> None:
        """Begin at the start of every topic; they must exist."""
        await self._consumer.start()

    async def poll(self) -> list[Alert]:
        """Take in what has come since; return the alerts that are new or have grown."""
        batches = await self._consumer.getmany(timeout_ms=POLL_MS)
        alerts = []
        for partition, records in batches.items():
            self._ends[partition] = records[-1].offset + 1
            for record in records:
                alert = self._take(self._names[partition.topic], record)
                if alert is not None:
                    alerts.append(alert)
        return alerts

    async def settled(self, expected: int) -> bool:
        """Whether so many pages are through, and all that could be alerted on has been looked at."""
        passage = self.passage
        if len(passage.published) < expected or passage.under_way:
            return False
        return all([await self._read_to_end(topic, service) for topic, service in READERS.items()])

    async def _read_to_end(self, topic: str, service: str) -> bool:
        name = self._settings.topic(topic)
        ends = {p: end for p, end in self._ends.items() if p.topic == name}
        committed = await self._admin.list_consumer_group_offsets(self._settings.group(service))
        return all(p in committed and committed[p].offset >= end for p, end in ends.items())

    def _take(self, topic: str, record: ConsumerRecord) -> Alert | None:
        key = (record.key or b"").decode("utf-8", "replace")
        if topic == RAW_ARTICLE.name:
            self.passage.published.add(key)
        elif topic == CLEANED.name:
            self.passage.cleaned.add(key)
        elif topic == EXTRACTED.name:
            self.passage.extracted.add(key)
        elif topic == DEAD_LETTER.name and get(record.headers, SETTLED) is None:
            self.passage.dead[key] = get(record.headers, f"{PREFIX}reason") or "unknown"
        elif topic == ALERT.name and record.value:
            return self._take_alert(record)
        elif topic == ALERT.name:
            self.passage.alerts.pop(key, None)  # withdrawn: it had been a part of another story
        return None

    def _take_alert(self, record: ConsumerRecord) -> Alert | None:
        alert = Alert.from_json(record.value)
        if self.passage.alerts.get(alert.id) == alert:
            return None
        self.passage.alerts[alert.id] = alert
        fetched = stage_times(record.headers).get("ingest")
        if fetched is not None:
            self.passage.seconds_to_alert.setdefault(alert.id, record.timestamp / 1000 - fetched)
        return alert


@contextlib.asynccontextmanager
async def tracking(settings: KafkaSettings) -> AsyncIterator[Tracker]:
    """Open a tracker of the chain behind these settings."""
    consumer = reader(settings, *(settings.topic(topic.name) for topic in WATCHED))
    async with admin(settings) as client:
        tracker = Tracker(settings, consumer, client)
        try:
            await tracker.start()
            yield tracker
        finally:
            with contextlib.suppress(asyncio.CancelledError):
                await consumer.stop()
