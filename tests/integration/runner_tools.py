"""What the tests of the runner share: settings of a deployment of their own, and a look at its topics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiokafka import ConsumerRecord
from prometheus_client import CollectorRegistry

from schemas.headers import Headers
from schemas.topics import DEAD_LETTER
from services.runtime.kafka import ensure_topics, producer, read_up_to, reader
from services.runtime.runner import Runner
from services.runtime.settings import KafkaSettings, ServiceSettings
from tests.stages import SOURCE, TARGET

REFERENCE = "tests.stages:STAGE"
WAIT_SECONDS = 60.0


def settings_for(address: str, prefix: str, **options: object) -> ServiceSettings:
    """Settings with a prefix of the test's own, as short-tempered as Kafka allows."""
    return ServiceSettings.model_validate(
        {
            "bootstrap_servers": address,
            "topic_prefix": f"{prefix}.",
            "session_timeout_seconds": 6,
            "ops_port": 0,
            **options,
        }
    )


async def create_topics(settings: KafkaSettings) -> None:
    """Create what the stage of the tests reads and writes."""
    await ensure_topics(settings, topics=(SOURCE, TARGET, DEAD_LETTER))


async def publish(settings: KafkaSettings, texts: Iterable[str], headers: Headers | None = None) -> None:
    """Write documents into the stage's source, each under its own text as key."""
    sender = producer(settings)
    await sender.start()
    try:
        topic = settings.topic(SOURCE.name)
        sent = [
            await sender.send(topic, text.encode(), text.encode(), headers=headers or []) for text in texts
        ]
        await asyncio.gather(*sent)
    finally:
        await sender.stop()


async def read_all(settings: KafkaSettings, name: str) -> list[ConsumerRecord]:
    """Return what a `read_committed` reader sees of a topic by now."""
    consumer = reader(settings, settings.topic(name))
    await consumer.start()
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        return [record async for record in read_up_to(consumer, ends)]
    finally:
        await consumer.stop()


async def read_until(settings: KafkaSettings, name: str, count: int) -> list[ConsumerRecord]:
    """Return what is in a topic once it has so many records; fails after `WAIT_SECONDS`."""
    found: list[ConsumerRecord] = []
    async with asyncio.timeout(WAIT_SECONDS):
        while len(found) < count:
            found = await read_all(settings, name)
            await asyncio.sleep(0.1)
    return found


@dataclass
class Running:
    """A runner at work in this loop."""

    runner: Runner
    task: asyncio.Task[None]
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def value(self, name: str, **labels: str) -> float:
        """Return a metric of the stage."""
        return self.registry.get_sample_value(name, labels) or 0.0

    async def stop(self) -> None:
        """Stop it in good order."""
        self.runner.stop()
        await self.task


@asynccontextmanager
async def running(settings: ServiceSettings, reference: str = REFERENCE) -> AsyncIterator[Running]:
    """Run the stage of the tests while the context is open."""
    registry = CollectorRegistry()
    runner = Runner(reference, settings, registry)
    handle = Running(runner, asyncio.create_task(runner.run()), registry)
    try:
        yield handle
    finally:
        await handle.stop()
