"""Two workers of a stage under load, killed, frozen, stopped and joined: nothing is lost, nothing repeats."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from schemas.topics import DEAD_LETTER
from services.runtime.settings import ServiceSettings
from tests.chaos.faults import FaultKind, draw, fleet
from tests.conftest import Kafka
from tests.integration.runner_tools import create_topics, publish, read_all, settings_for

pytestmark = [pytest.mark.chaos, pytest.mark.kafka]

SEED = int(os.environ.get("ISOWIRE_CHAOS_SEED", "7"))
RECORDS_A_SECOND = 150
SETTLE_SECONDS = 60.0


def command(reference: str) -> Sequence[str]:
    code = f"import sys; from services.runtime.service import run_stage; sys.exit(run_stage({reference!r}))"
    return [sys.executable, "-c", code]


async def keep_publishing(settings: ServiceSettings, stop: asyncio.Event, texts: list[str]) -> None:
    """Publish pages of some size at a steady rate until told to stop."""
    while not stop.is_set():
        batch = [f"ok {len(texts) + n} {'x' * 5000}" for n in range(RECORDS_A_SECOND // 5)]
        await publish(settings, batch)
        texts += batch
        await asyncio.sleep(0.2)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("reference", "repeats_allowed"), [("tests.stages:STAGE", False), ("tests.stages:AT_LEAST_ONCE", True)]
)
async def test_faults_lose_nothing(
    kafka: Kafka, unique_name: Callable[[str], str], tmp_path: Path, reference: str, *, repeats_allowed: bool
) -> None:
    settings = settings_for(kafka.address, unique_name("chaos"))
    await create_topics(settings)
    env = {
        "ISOWIRE_BOOTSTRAP_SERVERS": kafka.address,
        "ISOWIRE_TOPIC_PREFIX": settings.topic_prefix,
        "ISOWIRE_SESSION_TIMEOUT_SECONDS": "6",
        "ISOWIRE_OPS_PORT": "0",
    }
    texts: list[str] = []
    stop = asyncio.Event()
    faults = draw(SEED, 8, [reference])
    async with fleet(command, [reference], workers=2, folder=tmp_path, env=env) as running:
        publishing = asyncio.create_task(keep_publishing(settings, stop, texts))
        for fault in faults:
            await running.carry_out(fault)
        stop.set()
        await publishing
        await _settled(settings, len(texts))
    found = Counter(record.value for record in await read_all(settings, "out"))
    expected = {text.encode() for text in texts}
    assert expected - found.keys() == set(), "lost"
    assert found.keys() - expected == set(), "invented"
    repeated = sum(found.values()) - len(found)
    assert repeats_allowed or repeated == 0, "repeated"
    assert await read_all(settings, DEAD_LETTER.name) == []
    assert running.failures == []


async def _settled(settings: ServiceSettings, count: int) -> None:
    """Wait until as many different records are out as went in; what is missing then is lost."""
    with_patience = asyncio.get_running_loop().time() + SETTLE_SECONDS
    while asyncio.get_running_loop().time() < with_patience:
        found = await read_all(settings, "out")
        if len({record.value for record in found}) >= count:
            return
        await asyncio.sleep(1)


def test_faults_depend_on_the_seed_alone() -> None:
    services = ["clean", "extract"]
    assert draw(1, 20, services) == draw(1, 20, services)
    assert draw(1, 20, services) != draw(2, 20, services)
    drawn = Counter((fault.kind, fault.service) for fault in draw(1, 20, services))
    assert {kind for kind, _ in drawn} == set(FaultKind)
    assert {service for _, service in drawn} == set(services)
