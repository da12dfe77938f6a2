"""The benchmark's side of Kafka: topics, pages put in, and what comes out, seen as any client sees it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.headers import raw_headers
from schemas.raw import RawArticle
from schemas.topics import ALERT, CLEANED, DEAD_LETTER, EXTRACTED, OCCURRENCE, RAW_ARTICLE, TOPICS, Topic
from services.runtime.kafka import admin, ensure_topics, partitions_of
from services.runtime.settings import KafkaSettings

PREFIX = "bench."
# The broker stamps every record, so that what frameworks do with times makes no difference.
BROKER_STAMPS = {"message.timestamp.type": "LogAppendTime"}
OUTCOMES = (EXTRACTED, OCCURRENCE, ALERT, DEAD_LETTER)
DEADLINE_SECONDS = 240.0
POLL_SECONDS = 0.2
GROUP_SECONDS = 60.0
STABLE = "Stable"


class TooSlowError(RuntimeError):
    """The measurement's deadline passed."""


@dataclass
class Seen:
    """What came out so far; times are those of the broker, epoch seconds."""

    records: int = 0
    first: float = float("inf")
    last: float = 0.0
    extracted: set[bytes] = field(default_factory=set)
    occurrences: int = 0
    alerts: set[bytes] = field(default_factory=set)
    taken_at: float = field(default_factory=time.monotonic)

    @property
    def quiet_seconds(self) -> float:
        """How long nothing has come."""
        return time.monotonic() - self.taken_at

    def take(self, topic: str, key: bytes, at: float) -> None:
        """Take note of one record."""
        self.records += 1
        self.taken_at = time.monotonic()
        self.first, self.last = min(self.first, at), max(self.last, at)
        if topic == EXTRACTED.name:
            self.extracted.add(key)
        elif topic == ALERT.name:
            self.alerts.add(key)
        elif topic == OCCURRENCE.name:
            self.occurrences += 1


def settings_of(address: str) -> KafkaSettings:
    """Return the settings of the benchmark's corner of a broker."""
    return KafkaSettings(bootstrap_servers=address, topic_prefix=PREFIX)


async def create_topics(address: str, prefixes: Sequence[str]) -> None:
    """Create the chain's topics, and those of its stages again under each of the prefixes."""
    again = [
        replace(topic, name=f"{prefix}.{topic.name}")
        for prefix in prefixes
        for topic in map(stamp, (CLEANED, *OUTCOMES))
    ]
    await ensure_topics(settings_of(address), again, topics=map(stamp, TOPICS))


def stamp(topic: Topic) -> Topic:
    """Return the topic with times given by the broker."""
    return replace(topic, extra={**topic.extra, **BROKER_STAMPS})


async def publish(address: str, pages: Iterable[RawArticle]) -> None:
    """Put pages into raw-article as fast as it goes."""
    async with page_producer(address) as producer:
        for page in pages:
            await send_page(producer, page)
        await producer.flush()


def page_producer(address: str) -> AIOKafkaProducer:
    """Return a producer for pages."""
    return AIOKafkaProducer(bootstrap_servers=address, max_batch_size=1 << 20, max_request_size=12 << 20)


async def send_page(producer: AIOKafkaProducer, page: RawArticle) -> None:
    """Hand a page to the producer as ingest does."""
    name = PREFIX + RAW_ARTICLE.name
    await producer.send(name, key=page.url_id.encode(), value=page.body, headers=raw_headers(page))


async def await_groups(address: str, groups: Sequence[str]) -> None:
    """Wait until the members of all groups have their partitions; names without the prefix."""
    async with admin(settings_of(address)) as client, asyncio.timeout(GROUP_SECONDS):
        for group in groups:
            while await group_state(client, PREFIX + group) != STABLE:  # noqa: ASYNC110 - Kafka tells nobody
                await asyncio.sleep(POLL_SECONDS)


async def group_state(client: AIOKafkaAdminClient, group: str) -> str:
    """Return what Kafka calls the state of a consumer group; empty where it cannot tell yet."""
    try:
        (response,) = await client.describe_consumer_groups([group])
    except KafkaError:  # the first group of a broker waits for its coordinator
        return ""
    return str(response.groups[0][2])


async def watch(
    address: str,
    chain: str,
    topics: Iterable[Topic],
    finished: Callable[[Seen], bool],
    check: Callable[[], None],
) -> Seen:
    """Read what a chain writes until it has finished; `chain` stands before its topics' names.

    Raises `TooSlowError` after `DEADLINE_SECONDS`, and whatever `check` raises.
    """
    names = {f"{PREFIX}{chain}{topic.name}": topic.name for topic in topics}
    seen, until = Seen(), time.monotonic() + DEADLINE_SECONDS
    async with AIOKafkaConsumer(
        bootstrap_servers=address,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 << 20,
    ) as consumer:
        settings = settings_of(address)
        consumer.assign([partition for name in names for partition in await partitions_of(settings, name)])
        while not finished(seen):
            check()
            if time.monotonic() > until:
                raise TooSlowError(
                    f"{chain or 'isowire'}: not through after {DEADLINE_SECONDS:g} s: {seen.records}"
                )
            for partition, records in (await consumer.getmany(timeout_ms=0)).items():
                for record in records:
                    seen.take(names[partition.topic], record.key, record.timestamp / 1000)
            await asyncio.sleep(POLL_SECONDS)
    return seen
