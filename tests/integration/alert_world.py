"""The alert service in processes of its own, and what a test does to it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition

from schemas import topics
from schemas.alert import Alert
from schemas.extracted import ExtractedArticle
from schemas.headers import stage_time
from services.alert.accounting import NAME
from services.alert.group import committed_offsets
from services.alert.settings import AlertSettings
from services.runtime.kafka import admin, ensure_topics, producer, read_up_to, reader

MAIN = "import sys; from services.alert.service import run; sys.exit(run())"
WAIT_SECONDS = 60.0


class AlertWorld:
    """A deployment of its own, by its prefix, on a broker that tests share."""

    def __init__(self, address: str, prefix: str, folder: Path) -> None:
        self.settings = AlertSettings(
            bootstrap_servers=address, topic_prefix=prefix, session_timeout_seconds=6
        )
        self.folder = folder
        self.environment = os.environ | {
            "ISOWIRE_BOOTSTRAP_SERVERS": address,
            "ISOWIRE_TOPIC_PREFIX": prefix,
            "ISOWIRE_OPS_PORT": "0",
            "ISOWIRE_SESSION_TIMEOUT_SECONDS": "6",
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    async def __aenter__(self) -> Self:
        await ensure_topics(self.settings)
        self.producer = producer(self.settings)
        await self.producer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.producer.stop()
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()

    def start(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start one more process of the service; its log goes to a file in the test's folder."""
        number = len(self.processes)
        with (self.folder / f"alert-{number}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", MAIN], env=self.environment | environment, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def log(self, number: int = 0) -> str:
        """Return what a process has logged."""
        return (self.folder / f"alert-{number}.log").read_text()

    def stop(self, number: int = 0, seconds: float = 20) -> int:
        """End a process as an operator would; return its exit code."""
        self.processes[number].terminate()
        return self.processes[number].wait(seconds)

    def kill(self, number: int = 0) -> None:
        """End a process as a power cut would."""
        self.processes[number].kill()
        self.processes[number].wait()

    async def send(self, articles: Sequence[ExtractedArticle]) -> None:
        """Write articles to `extracted`, and wait until Kafka has them."""
        topic = self.settings.topic(topics.EXTRACTED.name)
        sent = [
            await self.producer.send(
                topic, a.to_json(), a.url_id.encode(), headers=[stage_time("ingest", a.fetched_at)]
            )
            for a in articles
        ]
        await asyncio.gather(*sent)

    async def records(self, name: str, *, isolation: str = "read_committed") -> list[ConsumerRecord]:
        """Return all records of a topic, in the order of each partition."""
        topic = self.settings.topic(name)
        consumer: AIOKafkaConsumer = reader(self.settings, topic, isolation_level=isolation)
        await consumer.start()
        try:
            ends = await consumer.end_offsets(sorted(consumer.assignment()))
            return [record async for record in read_up_to(consumer, ends)]
        finally:
            await consumer.stop()

    async def view(self, name: str = "alert") -> dict[str, dict[str, Any]]:
        """Return the compacted view of a topic: the last value of each id, those taken back left out."""
        last = {r.key.decode(): r.value for r in await self.records(name)}
        return {key: orjson.loads(value) for key, value in last.items() if value is not None}

    async def alerts(
        self, count: int, *, reports: int = 0, seconds: float = WAIT_SECONDS
    ) -> dict[str, Alert]:
        """Wait until there are so many alerts with so many reports in all; return them by id."""
        deadline = time.monotonic() + seconds
        while True:
            found = {key: Alert.model_validate(value) for key, value in (await self.view()).items()}
            if len(found) >= count and sum(a.report_count for a in found.values()) >= reports:
                return found
            if time.monotonic() > deadline:
                told = f"{len(found)} alerts, {sum(a.report_count for a in found.values())} reports"
                raise AssertionError(
                    f"{told}, wanted {count} and {reports}\n{self.log(-1 + len(self.processes))}"
                )
            await asyncio.sleep(0.2)

    async def processed(self, seconds: float = WAIT_SECONDS) -> None:
        """Wait until both groups have committed all that their topics hold."""
        deadline = time.monotonic() + seconds
        async with admin(self.settings) as client:
            for name, group in ((topics.EXTRACTED.name, "match"), (topics.OCCURRENCE.name, NAME)):
                while waiting := await self._waiting(client, name, self.settings.group(group)):
                    assert time.monotonic() < deadline, f"{waiting} records of {name} wait"
                    await asyncio.sleep(0.2)

    async def _waiting(self, client: AIOKafkaAdminClient, name: str, group: str) -> int:
        """Return how many records lie above the committed offsets; markers of transactions do not count."""
        records = await self.records(name)
        tps = [TopicPartition(self.settings.topic(name), n) for n in range(4)]
        done = await committed_offsets(client, group, tps)
        return sum(record.offset >= done.get(tps[record.partition], 0) for record in records)
