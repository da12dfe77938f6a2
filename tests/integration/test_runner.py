"""The runner on Kafka: what goes in comes out once, and what cannot is a dead letter."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry

from schemas.topics import DEAD_LETTER
from services.runtime.dead_letters import read_dead_letter
from services.runtime.runner import Runner, StalledError
from tests.conftest import Kafka, OwnBroker
from tests.integration.runner_tools import (
    REFERENCE,
    create_topics,
    publish,
    read_all,
    read_until,
    running,
    settings_for,
)

pytestmark = pytest.mark.kafka

Name = Callable[[str], str]


async def test_every_record_comes_out_once(kafka: Kafka, unique_name: Name) -> None:
    settings = settings_for(kafka.address, unique_name("once"))
    texts = [f"ok {number}" for number in range(500)]
    await create_topics(settings)
    async with running(settings) as stage:
        await publish(settings, texts)
        found = await read_until(settings, "out", len(texts))
    assert Counter(record.value.decode() for record in found) == Counter(texts)
    assert all(record.key == record.value for record in found)
    assert stage.value("isowire_records_in_total", stage="echo") == len(texts)
    assert stage.value("isowire_records_out_total", stage="echo") == len(texts)
    assert stage.value("isowire_repairs_total", kind="words") == 2 * len(texts)
    assert stage.value("isowire_transaction_aborts_total", stage="echo") == 0


@pytest.mark.parametrize("name", ["STAGE", "AT_LEAST_ONCE"])
async def test_goes_on_where_it_stopped(kafka: Kafka, unique_name: Name, name: str) -> None:
    settings = settings_for(kafka.address, unique_name("again"))
    await create_topics(settings)
    for first in (0, 200):
        async with running(settings, f"tests.stages:{name}"):
            await publish(settings, [f"ok {number}" for number in range(first, first + 200)])
            await read_until(settings, "out", first + 200)
    found = Counter(record.value.decode() for record in await read_all(settings, "out"))
    assert found == Counter(f"ok {number}" for number in range(400))


async def test_one_in_none_or_several_out(kafka: Kafka, unique_name: Name) -> None:
    settings = settings_for(kafka.address, unique_name("several"))
    await create_topics(settings)
    async with running(settings):
        await publish(settings, ["nothing", "twice a", "ok b"])
        found = await read_until(settings, "out", 3)
    assert Counter(record.value.decode() for record in found) == {"twice a": 2, "ok b": 1}


async def test_poison_of_every_kind_moves_on(kafka: Kafka, unique_name: Name) -> None:
    settings = settings_for(kafka.address, unique_name("poison"))
    expected = {
        "reject it": "refused",
        "raise it": "error",
        "hang": "timeout",
        "crash": "crashed",
        "bloat": "out_of_memory",
        "big": "too_large",
    }
    good = [f"ok {number}" for number in range(50)]
    await create_topics(settings)
    async with running(settings) as stage:
        await publish(settings, [*good[:25], *expected, *good[25:]], headers=[("ce_id", b"7")])
        found = await read_until(settings, "out", len(good))
        letters = await read_until(settings, DEAD_LETTER.name, len(expected))
    assert Counter(record.value.decode() for record in found) == Counter(good)
    read = [read_dead_letter(letter) for letter in letters]
    assert {letter.value.decode(): letter.reason for letter in read if letter and letter.value} == expected
    assert all(letter.stage == "echo" and letter.headers == [("ce_id", b"7")] for letter in read if letter)
    for reason in expected.values():
        assert stage.value("isowire_dead_letters_total", stage="echo", reason=reason) == 1
    assert stage.value("isowire_rejected_total", stage="echo", reason="refused") == 1


async def test_two_workers_share_the_partitions(kafka: Kafka, unique_name: Name) -> None:
    settings = settings_for(kafka.address, unique_name("two"))
    texts = [f"ok {number}" for number in range(1000)]
    await create_topics(settings)
    async with running(settings) as first:
        await publish(settings, texts[:300])
        await read_until(settings, "out", 100)
        async with running(settings) as second:
            await publish(settings, texts[300:600])
            async with asyncio.timeout(20):
                more = 0
                while second.value("isowire_records_out_total", stage="echo") == 0:
                    await publish(settings, [f"ok more {more + number}" for number in range(8)])
                    more += 8
                    await asyncio.sleep(0.1)
            assert second.value("isowire_assigned_partitions", stage="echo") == 2
            await publish(settings, texts[600:])
            await read_until(settings, "out", 900)
        put_in = await read_all(settings, "in")
        found = await read_until(settings, "out", len(put_in))
        assert first.value("isowire_rebalances_total", stage="echo") >= 1
    assert Counter(record.value for record in found) == Counter(record.value for record in put_in)


async def test_a_broker_that_restarts_in_mid_stream(own_broker: OwnBroker, unique_name: Name) -> None:
    settings = settings_for(own_broker.address, unique_name("restart"), request_timeout_seconds=5)
    texts = [f"ok {number}" for number in range(2000)]
    await create_topics(settings)
    await publish(settings, texts[:1000])
    async with running(settings) as stage:
        await read_until(settings, "out", 100)
        await asyncio.to_thread(own_broker.stop)
        await asyncio.to_thread(own_broker.start)
        await publish(settings, texts[1000:])
        found = await read_until(settings, "out", len(texts))
        assert stage.runner.health.live().ok
    assert Counter(record.value.decode() for record in found) == Counter(texts)


async def test_health_and_lag(kafka: Kafka, unique_name: Name) -> None:
    settings = settings_for(kafka.address, unique_name("health"))
    await create_topics(settings)
    async with running(settings) as stage:
        assert not stage.runner.health.ready().ok
        await publish(settings, ["ok 1", "ok 2"])
        await read_until(settings, "out", 2)
        await asyncio.sleep(2.5)
        assert stage.runner.health.ready().ok
        assert stage.value("isowire_lag_records", stage="echo") == 0
        assert stage.value("isowire_healthy", stage="echo") == 1
    assert not stage.runner.health.ready().ok


async def test_a_stage_that_stands_still_ends_itself(own_broker: OwnBroker, unique_name: Name) -> None:
    settings = settings_for(
        own_broker.address,
        unique_name("stall"),
        request_timeout_seconds=2,
        stall_seconds=3,
        stall_exit_seconds=2,
    )
    await create_topics(settings)
    runner = Runner(REFERENCE, settings, CollectorRegistry())
    task = asyncio.create_task(runner.run())
    async with asyncio.timeout(20):
        while not runner.health.ready().ok:
            await asyncio.sleep(0.1)
    await asyncio.to_thread(own_broker.stop)
    async with asyncio.timeout(30):
        with pytest.raises(ExceptionGroup) as ended:
            await task
    assert ended.group_contains(StalledError, match="stalled for")
    assert not runner.health.live().ok
