"""What all tests share: the embedded Kafka, unique names, and the evaluation material.

    kafka        one broker for the whole run: `.address`
    own_broker   a broker of the test's own, to stop, kill and start again
    unique_name  unique_name("clean") -> "clean-3f9a1c02"
    make_topic   await make_topic("pages", partitions=4) -> the name of a new topic that has leaders
    shared_dir   the folder of the evaluation material

Where Kafka or the material cannot be had the test is skipped with the reason; `ISOWIRE_REQUIRE_KAFKA=1` and
`ISOWIRE_REQUIRE_SHARED=1` make that a failure.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol

import psutil
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.runtime.broker import BrokerSettings, EmbeddedBroker, NoNetwork, guarded

CHECKOUT = Path(__file__).parent.parent
LEADER_SECONDS = 10.0


def missing(what: str, require: str) -> NoReturn:
    """Skip the test for want of `what`, or fail it where the environment says that it must be there."""
    if os.environ.get(require) == "1":
        pytest.fail(f"{what}, and {require}=1")
    pytest.skip(what)


@dataclass(frozen=True)
class Kafka:
    """A running broker that tests share."""

    address: str


class OwnBroker:
    """A broker of one test's own. Its address and its data stay the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self._settings = BrokerSettings(folder=folder, port=0, heap_mb=256)
        self.address = ""

    @property
    def broker(self) -> EmbeddedBroker:
        """The broker of the folder, on the port it had first."""
        return EmbeddedBroker(self._settings)

    def start(self) -> None:
        """Start it, the first time on a free port, afterwards on the same."""
        try:
            status = self.broker.start()
        except NoNetwork as error:
            missing(str(error), "ISOWIRE_REQUIRE_KAFKA")
        self.address = status.address
        self._settings = self._settings.model_copy(update={"port": int(status.address.rpartition(":")[2])})

    def stop(self) -> None:
        """Stop it gracefully."""
        self.broker.stop()

    def kill(self) -> None:
        """End it the hard way, as a power cut would."""
        if status := self.broker.status():
            process = psutil.Process(status.pid)
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """Start one broker for the whole run."""
    folder = tmp_path_factory.mktemp("kafka")
    with guarded(folder):
        own = OwnBroker(folder)
        own.start()
        yield Kafka(own.address)
        own.stop()


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[OwnBroker]:
    """Start a broker that the test may stop, kill and start again."""
    folder = tmp_path / "broker"
    with guarded(folder):
        own = OwnBroker(folder)
        own.start()
        yield own
        own.stop()


@pytest.fixture
def unique_name() -> Callable[[str], str]:
    """Return a function that makes names no other test has."""
    return lambda base: f"{base}-{uuid.uuid4().hex[:8]}"


class MakeTopic(Protocol):
    """Creates a topic under a unique name and waits until every partition has a leader."""

    def __call__(
        self, base: str = "topic", *, partitions: int = 1, config: Mapping[str, str] | None = None
    ) -> Awaitable[str]:
        """Return the name of the new topic."""


@pytest.fixture
def make_topic(kafka: Kafka, unique_name: Callable[[str], str]) -> MakeTopic:
    """Return a function that creates topics on the shared broker."""

    async def make(
        base: str = "topic", *, partitions: int = 1, config: Mapping[str, str] | None = None
    ) -> str:
        name = unique_name(base)
        await create_topic(kafka.address, name, partitions=partitions, config=config)
        return name

    return make


async def create_topic(
    address: str, name: str, *, partitions: int = 1, config: Mapping[str, str] | None = None
) -> None:
    """Create a topic and wait until every partition has a leader."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        topic = NewTopic(name, partitions, 1, topic_configs=dict(config or {}))
        await admin.create_topics([topic])
        async with asyncio.timeout(LEADER_SECONDS):
            while not await has_leaders(admin, name, partitions):
                await asyncio.sleep(0.02)
    finally:
        await admin.close()


async def has_leaders(admin: AIOKafkaAdminClient, name: str, partitions: int) -> bool:
    """Whether every partition of the topic has a leader."""
    described = (await admin.describe_topics([name]))[0]
    leaders = [partition["leader"] for partition in described.get("partitions", [])]
    return len(leaders) == partitions and all(leader >= 0 for leader in leaders)


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Return the folder of the evaluation material, beside the checkout or where ISOWIRE_SHARED says."""
    folder = Path(os.environ.get("ISOWIRE_SHARED") or CHECKOUT.parent / "shared")
    if not (folder / "eval").is_dir():
        missing(f"no evaluation material at {folder}", "ISOWIRE_REQUIRE_SHARED")
    return folder
