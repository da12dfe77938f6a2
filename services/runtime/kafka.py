"""How clients of Kafka are made from the settings, and how topics come to be."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.helpers import create_ssl_context

from schemas.topics import DEAD_LETTER_RECORD_BYTES, MAX_RECORD_BYTES, TOPICS, Topic
from services.runtime.settings import KafkaSettings, ServiceSettings

# A transaction has five steps; the library's 100 ms between tries would show at p99.
RETRY_BACKOFF_MS: Final = 10
# Records of one produce request a partition; a larger record travels alone.
PRODUCE_BATCH_BYTES: Final = 1024 * 1024
# A fetch that waits for one partition keeps another, just resumed, from being fetched: no longer than this.
FETCH_WAIT_MS: Final = 100
POLL_MS: Final = 500
# A member without partitions cannot join again once this has passed (aiokafka#1187). The watchdog of
# `services.runtime.health` sees to what this is meant for.
MAX_POLL_INTERVAL_MS: Final = 24 * 3600 * 1000
LEADER_SECONDS: Final = 30.0
NO_ERROR, TOPIC_EXISTS = 0, 36


def client_options(settings: KafkaSettings) -> dict[str, Any]:
    """Return the options that all clients of aiokafka share."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers,
        "security_protocol": settings.security_protocol,
        "request_timeout_ms": round(settings.request_timeout_seconds * 1000),
    }
    if settings.security_protocol.endswith("SSL"):
        options["ssl_context"] = _ssl_context(settings)
    if settings.sasl_password is not None:
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = settings.sasl_password.get_secret_value()
    return options


def _ssl_context(settings: KafkaSettings) -> ssl.SSLContext:
    password = settings.tls_key_password
    context: ssl.SSLContext = create_ssl_context(
        cafile=settings.tls_ca_file,
        certfile=settings.tls_cert_file,
        keyfile=settings.tls_key_file,
        password=password.get_secret_value() if password else None,
    )
    return context


def group_consumer(settings: ServiceSettings, group: str) -> AIOKafkaConsumer:
    """Return a consumer of a group that reads what is committed and never commits by itself."""
    session_ms = round(settings.session_timeout_seconds * 1000)
    return AIOKafkaConsumer(
        **client_options(settings),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        session_timeout_ms=session_ms,
        heartbeat_interval_ms=session_ms // 4,
        rebalance_timeout_ms=round(settings.rebalance_timeout_seconds * 1000),
        max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        max_partition_fetch_bytes=settings.buffer_bytes,
        fetch_max_wait_ms=FETCH_WAIT_MS,
    )


def reader(settings: KafkaSettings, *topics: str, **options: Any) -> AIOKafkaConsumer:
    """Return a consumer without a group, for whoever only looks: all of the topics, as far as committed.

    Without topics, for whoever assigns partitions and seeks.
    """
    return AIOKafkaConsumer(
        *topics,
        **client_options(settings),
        **{"isolation_level": "read_committed", "auto_offset_reset": "earliest", **options},
        max_partition_fetch_bytes=MAX_RECORD_BYTES,
        fetch_max_wait_ms=FETCH_WAIT_MS,
    )


async def read_up_to(
    consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]
) -> AsyncIterator[ConsumerRecord]:
    """Yield the records of assigned partitions from where the consumer stands, until all ends are passed.

    Not until the record before an end is seen: compaction and the markers of transactions leave offsets
    without one. A partition that is passed is asked no more, what was fetched beyond its end is yielded too.
    """
    while waiting := [
        partition for partition, end in ends.items() if await consumer.position(partition) < end
    ]:
        for records in (await consumer.getmany(*waiting, timeout_ms=POLL_MS)).values():
            for record in records:
                yield record


def producer(
    settings: KafkaSettings, *, transactional_id: str | None = None, transaction_timeout_seconds: float = 30
) -> AIOKafkaProducer:
    """Return an idempotent producer, transactional where it has an id."""
    transaction: dict[str, Any] = {}
    if transactional_id is not None:
        transaction = {
            "transactional_id": transactional_id,
            "transaction_timeout_ms": round(transaction_timeout_seconds * 1000),
        }
    return AIOKafkaProducer(
        **client_options(settings),
        **transaction,
        enable_idempotence=True,
        acks="all",
        retry_backoff_ms=RETRY_BACKOFF_MS,
        max_batch_size=PRODUCE_BATCH_BYTES,
        max_request_size=DEAD_LETTER_RECORD_BYTES,
    )


@asynccontextmanager
async def admin(settings: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Open a client that creates and describes topics."""
    client = AIOKafkaAdminClient(**client_options(settings))
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def ensure_topics(
    settings: KafkaSettings, extra: Iterable[Topic] = (), *, topics: Iterable[Topic] = TOPICS
) -> list[str]:
    """Create the topics that are missing, wait until all have leaders; return the names of the new ones."""
    wanted = {settings.topic(topic.name): topic for topic in (*topics, *extra)}
    async with admin(settings) as client:
        missing = sorted(wanted.keys() - set(await client.list_topics()))
        if missing:
            await _create(client, {name: wanted[name] for name in missing}, settings.replication_factor)
        async with asyncio.timeout(LEADER_SECONDS):
            while not await _all_led(client, list(wanted)):  # noqa: ASYNC110 - Kafka tells nobody
                await asyncio.sleep(0.05)
    return missing


async def partitions_of(settings: KafkaSettings, name: str) -> list[TopicPartition]:
    """Return the partitions of a topic, which must be there; `name` in full. Raises `LookupError`."""
    async with admin(settings) as client:
        described = await client.describe_topics()  # to ask for one by name may create it
    found = [p["partition"] for topic in described if topic["topic"] == name for p in topic["partitions"]]
    if not found:
        msg = f"there is no topic {name}"
        raise LookupError(msg)
    return [TopicPartition(name, number) for number in sorted(found)]


async def ensure_alike(settings: KafkaSettings, one: Topic, other: Topic) -> None:
    """Raise `ValueError` where two topics, which must be there, differ in their number of partitions."""
    names = [settings.topic(topic.name) for topic in (one, other)]
    counts = [len(await partitions_of(settings, name)) for name in names]
    if counts[0] != counts[1]:
        msg = f"{names[0]} has {counts[0]} partitions and {names[1]} {counts[1]}: they must be as many"
        raise ValueError(msg)


async def _create(client: AIOKafkaAdminClient, topics: dict[str, Topic], replicas: int) -> None:
    response = await client.create_topics(
        [
            NewTopic(name, topic.partitions, replicas, topic_configs=topic.config)
            for name, topic in topics.items()
        ]
    )
    for name, code, *message in response.topic_errors:
        if code not in (NO_ERROR, TOPIC_EXISTS):
            msg = f"topic {name} could not be created: {message[0] if message else code}"
            raise RuntimeError(msg)


async def _all_led(client: AIOKafkaAdminClient, names: list[str]) -> bool:
    described = await client.describe_topics(names)
    return all(
        topic["error_code"] == NO_ERROR and all(p["leader"] >= 0 for p in topic["partitions"])
        for topic in described
    )
