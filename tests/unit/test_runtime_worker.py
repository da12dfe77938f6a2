"""The worker process: one bad document costs itself alone, whatever it does."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from services.runtime.child import WorkerStartError
from services.runtime.frames import Failed, Outcome, Produced
from services.runtime.stage import InputRecord
from services.runtime.worker import Worker
from tests.stages import STAGE

REFERENCE = "tests.stages:STAGE"


def record(text: str | None) -> InputRecord:
    headers = [("isowire-time-ingest", b"1700000000000"), ("other", b"x")]
    return InputRecord(b"key", None if text is None else text.encode(), headers, 1_700_000_000_000)


def short(outcome: Outcome) -> str:
    return outcome.reason if isinstance(outcome, Failed) else f"{len(outcome.records)}"


@pytest.fixture
def restarts() -> list[str]:
    return []


@pytest.fixture
async def worker(restarts: list[str]) -> AsyncIterator[Worker]:
    worker = Worker(REFERENCE, STAGE, restarts.append)
    await worker.start()
    yield worker
    await worker.stop()


async def transform_all(worker: Worker, texts: list[str]) -> list[str]:
    """As a lane does: what is left goes again."""
    outcomes: list[str] = []
    while len(outcomes) < len(texts):
        outcomes += map(short, await worker.transform([record(text) for text in texts[len(outcomes) :]]))
    return outcomes


async def test_outcomes_that_leave_the_process_alone(worker: Worker, restarts: list[str]) -> None:
    texts = ["ok a", "twice b", "nothing", "reject c", "raise d", "big", "ok e"]
    assert await transform_all(worker, texts) == ["1", "2", "0", "refused", "error", "too_large", "1"]
    assert restarts == []


async def test_undecodable_and_tombstones(worker: Worker) -> None:
    bad = InputRecord(b"key", b"\xff\xfe\xff", [], 0)
    assert [short(outcome) for outcome in await worker.transform([bad, record(None), record("ok")])] == [
        "undecodable",
        "undecodable",
        "1",
    ]


async def test_details_tell_where(worker: Worker) -> None:
    (error,) = await worker.transform([record("raise no such thing")])
    assert isinstance(error, Failed)
    assert error.detail is not None
    assert error.detail.startswith("ValueError: no such thing (stages.py:")
    (refused,) = await worker.transform([record("reject not for us")])
    assert refused == Failed("refused", "not for us", rejected=True)


async def test_result_carries_times_and_tallies(worker: Worker) -> None:
    (outcome,) = await worker.transform([record("ok a b")])
    assert isinstance(outcome, Produced)
    assert outcome.tallies == {"repairs": {"words": 3}}
    assert outcome.fetched_at == 1_700_000_000
    headers = dict(outcome.records[0].headers)
    assert headers["isowire-time-ingest"] == b"1700000000000"
    assert int(headers["isowire-time-echo"]) > 1_700_000_000_000
    assert "other" not in headers


@pytest.mark.parametrize(
    ("bad", "reason"), [("crash", "crashed"), ("hang", "timeout"), ("bloat", "out_of_memory")]
)
async def test_poison_costs_itself_alone(worker: Worker, restarts: list[str], bad: str, reason: str) -> None:
    texts = ["ok 1", "ok 2", bad, "ok 3", "ok 4"]
    assert await transform_all(worker, texts) == ["1", "1", reason, "1", "1"]
    assert restarts == [reason, reason]  # it had a second try, by itself


async def test_a_batch_of_poison_moves_on_one_by_one(worker: Worker) -> None:
    assert [short(outcome) for outcome in await worker.transform([record("crash")] * 3)] == ["crashed"]


@pytest.mark.parametrize("bad", ["crash-once", "hang-once"])
async def test_an_accident_costs_no_document(
    worker: Worker, restarts: list[str], bad: str, tmp_path: Path
) -> None:
    texts = ["ok 1", f"{bad} {tmp_path / 'done'}", "ok 2"]
    assert await transform_all(worker, texts) == ["1", "1", "1"]
    assert len(restarts) == 1


async def test_a_batch_given_up_does_not_answer_the_next(worker: Worker) -> None:
    slow = asyncio.create_task(worker.transform([record("slow 0.2 a"), record("slow 0.2 b")]))
    await asyncio.sleep(0.1)
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    (outcome,) = await worker.transform([record("ok later")])
    assert isinstance(outcome, Produced)
    assert outcome.records[0].value == b"ok later"


@pytest.mark.parametrize(
    ("bad", "reason"), [("crash", "crashed"), ("hang", "timeout"), ("bloat", "out_of_memory")]
)
async def test_poison_costs_nothing_of_the_batch_behind_it(
    worker: Worker, restarts: list[str], bad: str, reason: str
) -> None:
    poisoned, innocent = await asyncio.gather(
        transform_all(worker, ["ok 1", bad, "ok 2"]), transform_all(worker, ["ok 3", "ok 4"])
    )
    assert (poisoned, innocent) == (["1", reason, "1"], ["1", "1"])
    assert restarts == [reason, reason]


async def test_poison_in_several_batches_at_once(worker: Worker) -> None:
    texts = ["ok 1", "crash", "ok 2"]
    assert (
        await asyncio.gather(*(transform_all(worker, texts) for _ in range(4))) == [["1", "crashed", "1"]] * 4
    )


async def test_the_next_batch_waits_in_the_process(worker: Worker) -> None:
    """It is answered although its runner does nothing after sending it."""
    first = asyncio.create_task(worker.transform([record("slow 0.2 a")]))
    second = asyncio.create_task(worker.transform([record("ok b")]))
    third = asyncio.create_task(worker.transform([record("ok c")]))
    await asyncio.sleep(0.05)
    assert worker._child is not None
    assert len(worker._child._requests) == 2  # the third waits here: what is ahead is bounded
    assert [len(outcomes) for outcomes in await asyncio.gather(first, second, third)] == [1, 1, 1]


async def test_a_batch_larger_than_the_pipe_comes_back_in_order(worker: Worker) -> None:
    texts = [f"ok {number} {'x' * 60_000}" for number in range(64)]
    outcomes = await worker.transform([record(text) for text in texts])
    values = [outcome.records[0].value for outcome in outcomes if isinstance(outcome, Produced)]
    assert values == [text.encode() for text in texts]


async def test_a_hanging_batch_that_was_given_up_delays_the_next_only(
    worker: Worker, restarts: list[str]
) -> None:
    hanging = asyncio.create_task(worker.transform([record("hang")]))
    await asyncio.sleep(0.1)
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    assert await transform_all(worker, ["ok later"]) == ["1"]
    assert restarts == ["timeout"]


async def test_a_process_killed_while_idle_costs_nothing(worker: Worker, restarts: list[str]) -> None:
    assert worker._child is not None
    os.kill(worker._child._process.pid, signal.SIGKILL)
    await asyncio.sleep(0.2)
    assert await transform_all(worker, ["ok 1"]) == ["1"]
    assert restarts == ["crashed"]


async def test_slow_documents_are_within_their_own_deadline(worker: Worker, restarts: list[str]) -> None:
    assert await transform_all(worker, ["slow 0.7 x"] * 3) == ["1", "1", "1"]
    assert restarts == []


@pytest.mark.parametrize("reference", ["tests.stages:BROKEN", "tests.stages:NONE", "tests.no_stages:STAGE"])
async def test_a_stage_that_cannot_start_says_so(reference: str) -> None:
    worker = Worker(reference, STAGE, lambda _: None)
    with pytest.raises(WorkerStartError, match=reference):
        await worker.start()


async def test_stop_leaves_no_process(restarts: list[str]) -> None:
    before = psutil.Process().children()
    worker = Worker(REFERENCE, STAGE, restarts.append)
    await worker.start()
    hanging = asyncio.create_task(worker.transform([record("hang")]))
    await asyncio.sleep(0.1)
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    await worker.stop()
    assert psutil.Process().children() == before


PARENT = """
import asyncio
from services.runtime.worker import Worker
from tests.stages import STAGE
from tests.unit.test_runtime_worker import record

async def main():
    worker = Worker("tests.stages:STAGE", STAGE, print)
    await worker.start()
    print(worker._child._process.pid, flush=True)
    await worker.transform([record("slow 0.9 " + "x")] * 600)

asyncio.run(main())
"""


async def test_a_killed_parent_takes_its_worker_along() -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
    )
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    assert child.is_running()
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    for _ in range(50):
        if not child.is_running() or child.status() == psutil.STATUS_ZOMBIE:
            return
        await asyncio.sleep(0.1)
    child.kill()
    pytest.fail("the worker outlived its runner")
