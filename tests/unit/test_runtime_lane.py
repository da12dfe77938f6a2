"""A partition's life: the four steps of the guarantee, one by one, without a broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NoReturn, Protocol, cast

import pytest
from aiokafka import errors
from aiokafka.structs import TopicPartition
from prometheus_client import CollectorRegistry

from schemas.headers import Headers
from services.runtime.accounting import Accounts
from services.runtime.frames import Outcome, Produced
from services.runtime.lane import Lane
from services.runtime.records import Message, Transformed
from services.runtime.settings import ServiceSettings
from services.runtime.stage import InputRecord, Memory, OutputRecord, Settled
from services.runtime.worker import Worker
from tests.stages import STAGE

PARTITION = TopicPartition("in", 0)


@dataclass(frozen=True)
class FakeRecord:
    offset: int
    value: bytes = b"page"
    key: bytes = b"key"
    headers: Headers = field(default_factory=list)
    topic: str = "in"
    partition: int = 0
    timestamp: int = 0


class Journal:
    """A memory that notes what it was asked to settle, and writes it into the result."""

    def __init__(self) -> None:
        self.values: list[bytes] = []

    def learn(self, value: bytes) -> None:
        self.values.append(value)

    def settle(self, value: bytes) -> Settled:
        settled = value + b" after " + str(len(self.values)).encode()
        self.values.append(value)
        return Settled(settled, {"repairs": {"settled": 1}})


@dataclass
class World:
    """What the lane works with; `log` is what it did, in order."""

    log: list[str] = field(default_factory=list)
    committed_offset: int | None = 0
    written: list[int] = field(default_factory=list)
    values: list[bytes | None] = field(default_factory=list)  # of the messages written
    faults: list[BaseException] = field(default_factory=list)  # of the next writes
    answer_at_most: int = 100  # outcomes of one batch
    gate: asyncio.Event = field(default_factory=asyncio.Event)  # closed: a transaction stays open
    memories: list[Journal] = field(default_factory=list)

    # the consumer
    async def committed(self, _: TopicPartition) -> int | None:
        self.log.append("committed")
        return self.committed_offset

    async def beginning_offsets(self, _: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        return {PARTITION: 3}

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.log.append(f"seek {offset}")

    def pause(self, _: TopicPartition) -> None:
        self.log.append("pause")

    def resume(self, _: TopicPartition) -> None:
        self.log.append("resume")

    # the worker
    async def transform(self, records: Sequence[InputRecord]) -> list[Outcome]:
        await asyncio.sleep(0)
        return [
            Produced([OutputRecord(b"key", record.value, [])], {}, None, None)
            for record in records[: self.answer_at_most]
        ]

    # the memory
    async def recall(self) -> Memory:
        self.log.append("recall")
        self.memories.append(Journal())
        return self.memories[-1]

    # the ledger
    async def fence_former_owner(self) -> None:
        self.log.append("fence")

    async def write(self, messages: Sequence[Message], next_offset: int) -> None:
        await self.gate.wait()
        if self.faults:
            raise self.faults.pop(0)
        self.values += [message.value for message in messages]
        self.written.append(next_offset)
        self.committed_offset = next_offset

    async def close(self) -> None:
        self.log.append("close")


@pytest.fixture
async def world() -> World:
    world = World()
    world.gate.set()
    return world


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


class Open(Protocol):
    """Makes a lane, with a memory or without."""

    def __call__(self, *, memory: bool = False) -> Lane: ...


@pytest.fixture
def make_lane(world: World, registry: CollectorRegistry) -> Open:
    def make(*, memory: bool = False) -> Lane:
        settings = ServiceSettings(buffer_bytes=100, session_timeout_seconds=6, batch_pace_seconds=0)
        return Lane(
            PARTITION,
            STAGE,
            consumer=world,
            worker=cast("Worker", world),  # it does what a lane asks of one
            ledger=world,
            messages=messages,
            recall=world.recall if memory else None,
            accounts=Accounts(registry, STAGE),
            settings=settings,
        )

    return make


def messages(batch: Transformed) -> list[Message]:
    produced = [outcome for outcome in batch.outcomes if isinstance(outcome, Produced)]
    return [Message("out", *record) for outcome in produced for record in outcome.records]


@asynccontextmanager
async def running(lane: Lane) -> AsyncIterator[asyncio.Task[NoReturn]]:
    task = asyncio.create_task(lane.run())
    await until(lambda: lane._open)
    yield task
    await lane.close(task, 1)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not condition():
            await asyncio.sleep(0.001)


def records(*offsets: int) -> list[FakeRecord]:
    return [FakeRecord(offset) for offset in offsets]


async def test_fences_then_reads_the_floor_then_seeks(make_lane: Open, world: World) -> None:
    world.committed_offset = 7
    async with running(make_lane()):
        assert world.log == ["fence", "committed", "seek 7", "resume"]


async def test_begins_at_the_first_record_where_nothing_is_committed(make_lane: Open, world: World) -> None:
    world.committed_offset = None
    async with running(make_lane()):
        assert "seek 3" in world.log


async def test_drops_what_lies_below_the_floor_and_what_comes_twice(
    make_lane: Open, world: World, registry: CollectorRegistry
) -> None:
    world.committed_offset = 5
    lane = make_lane()
    async with running(lane):
        lane.offer(records(3, 4, 5, 6))
        lane.offer(records(5, 6, 7))
        await until(lambda: lane.held == 0)
    assert world.written[-1] == 8
    assert registry.get_sample_value("isowire_duplicates_total", {"stage": "echo"}) == 4
    assert registry.get_sample_value("isowire_records_in_total", {"stage": "echo"}) == 3


async def test_takes_nothing_before_it_has_taken_over(make_lane: Open) -> None:
    lane = make_lane()
    lane.offer(records(0, 1))
    lane.refuse()
    assert lane.held == 0


async def test_refused_records_are_fetched_again(make_lane: Open, world: World) -> None:
    lane = make_lane()
    async with running(lane):
        lane.offer(records(0, 1))
        await until(lambda: lane.held == 0)
        lane.refuse()
        assert world.log[-1] == "seek 2"


@pytest.mark.parametrize("fault", [errors.KafkaTimeoutError(), TimeoutError(), errors.InvalidTxnState()])
async def test_an_unknown_end_is_settled_and_the_rest_dropped(
    make_lane: Open, world: World, registry: CollectorRegistry, fault: Exception
) -> None:
    world.faults = [fault]
    lane = make_lane()
    async with running(lane):
        lane.offer(records(0, 1))
        await until(lambda: world.log.count("fence") == 2 and lane._open)
        assert world.log[-4:] == ["fence", "committed", "seek 0", "resume"]
        assert lane.held == 0
        lane.offer(records(0, 1))
        await until(lambda: world.written == [2])
    assert registry.get_sample_value("isowire_transaction_aborts_total", {"stage": "echo"}) == 1


async def test_a_write_that_did_end_is_not_repeated(make_lane: Open, world: World) -> None:
    world.faults = [errors.KafkaTimeoutError()]
    lane = make_lane()
    async with running(lane):
        lane.offer(records(0, 1))
        world.committed_offset = 2  # the answer was lost, the transaction was not
        await until(lambda: world.log.count("fence") == 2 and lane._open)
        lane.offer(records(0, 1))
        assert lane.held == 0


async def test_a_fenced_lane_waits_for_the_group(make_lane: Open, world: World) -> None:
    world.faults = [errors.ProducerFenced()]
    lane = make_lane()
    async with running(lane):
        lane.offer(records(0))
        await until(lambda: not world.faults)
        await asyncio.sleep(0.3)
        assert world.log.count("fence") == 1  # fencing back would only take turns


async def test_what_no_try_would_mend_ends_the_lane(make_lane: Open, world: World) -> None:
    world.faults = [errors.TopicAuthorizationFailedError("out")]
    lane = make_lane()
    task = asyncio.create_task(lane.run())
    await until(lambda: lane._open)
    lane.offer(records(0))
    with pytest.raises(errors.TopicAuthorizationFailedError):
        await task


async def test_a_batch_cut_short_by_poison_goes_on_with_the_rest(make_lane: Open, world: World) -> None:
    world.answer_at_most = 2
    lane = make_lane()
    async with running(lane):
        lane.offer(records(0, 1, 2, 3, 4))
        await until(lambda: lane.held == 0)
    assert world.written == [2, 4, 5]


async def test_the_buffer_is_bounded_in_bytes(make_lane: Open, world: World) -> None:
    world.gate.clear()
    lane = make_lane()
    async with running(lane):
        lane.offer([FakeRecord(0, bytes(60)), FakeRecord(1, bytes(60))])
        assert world.log[-1] == "pause"
        world.gate.set()
        await until(lambda: lane.held == 0)
        assert world.log[-1] == "resume"


async def test_closing_lets_an_open_transaction_end(make_lane: Open, world: World) -> None:
    world.gate.clear()
    lane = make_lane()
    task = asyncio.create_task(lane.run())
    await until(lambda: lane._open)
    lane.offer(records(0, 1))
    await until(lambda: not lane._settled.is_set())
    closing = asyncio.create_task(lane.close(task, 5))
    await asyncio.sleep(0.05)
    world.gate.set()
    await closing
    assert world.written == [2]
    assert world.log[-1] == "close"


async def test_closing_waits_no_longer_than_its_deadline(make_lane: Open, world: World) -> None:
    world.gate.clear()
    lane = make_lane()
    task = asyncio.create_task(lane.run())
    await until(lambda: lane._open)
    lane.offer(records(0, 1))
    await until(lambda: not lane._settled.is_set())
    async with asyncio.timeout(1):
        await lane.close(task, 0.1)
    assert world.written == []
    assert world.log[-1] == "close"


async def test_a_memory_is_recalled_behind_the_fence_and_settles_in_order(
    make_lane: Open, world: World, registry: CollectorRegistry
) -> None:
    lane = make_lane(memory=True)
    async with running(lane):
        assert world.log == ["fence", "committed", "recall", "seek 0", "resume"]
        lane.offer([FakeRecord(0, b"a"), FakeRecord(1, b"b")])
        lane.offer([FakeRecord(2, b"c")])
        await until(lambda: lane.held == 0)
    assert world.values == [b"a after 0", b"b after 1", b"c after 2"]
    assert registry.get_sample_value("isowire_repairs_total", {"kind": "settled"}) is None
    assert registry.get_sample_value("isowire_repairs_total", {"kind": "other"}) == 3


async def test_after_a_failed_write_the_memory_is_recalled_anew(make_lane: Open, world: World) -> None:
    world.faults = [errors.KafkaTimeoutError()]
    lane = make_lane(memory=True)
    async with running(lane):
        lane.offer([FakeRecord(0, b"a")])
        await until(lambda: len(world.memories) == 2 and lane._open)
        lane.offer([FakeRecord(0, b"a")])
        await until(lambda: lane.held == 0)
    assert world.values == [b"a after 0"]
