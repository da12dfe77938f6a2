"""`python -m benchmarks.cleaning.fuzz`: any bytes at all get an outcome in time, and none breaks the worker.

The inputs (`mutate.py`) go through the stage's own worker process with its deadline and its memory limit. An
outcome is an article that can be read back from its JSON and written again to the same bytes, or a rejection.
Everything else is a failure: its input is kept, and the run ends with exit code 1.

    --inputs N  --seed N      what to run; --first N begins further on: an input depends on its number alone
    --failures FOLDER         where failing inputs go, one file each, with what happened beside it
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cleaning.mutate import make_input
from schemas.cleaned import CleanedArticle
from schemas.headers import raw_headers
from schemas.raw import RawArticle
from services.clean.stage import STAGE
from services.runtime.frames import Failed, Outcome
from services.runtime.stage import InputRecord
from services.runtime.worker import Worker

REFERENCE = "services.clean.stage:STAGE"
FETCHED_AT = datetime(2025, 9, 2, 1, 0, tzinfo=UTC)
CONTENT_TYPES = (None, "text/html", "text/html; charset=gbk", "text/plain; charset=utf-8", "x;charset=€")
ADDRESSES = (
    None,
    "https://pages.invalid/2024/0625/c1.html",
    "http://[::1",
    "//",
    "https://pages.invalid/?a=\u200b",
)
BATCH = 64
BATCHES = 2  # one that is made while the other is cleaned
TELL_EVERY = 20_000  # inputs
SLOWEST = 5  # batches whose inputs are run again one by one


@dataclass(frozen=True)
class Failure:
    """An input that got no outcome, or none that can be read."""

    number: int
    reason: str
    detail: str


@dataclass
class Tally:
    """What came of a run.

    `restarts`: why the worker process ended; `ended`: the batches that saw it. `slowest`: seconds and the
    first number of each of the slowest batches.
    """

    inputs: int = 0
    size: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    restarts: list[str] = field(default_factory=list)
    ended: list[range] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    slowest: list[tuple[float, int]] = field(default_factory=list)


def record(seed: int, number: int) -> InputRecord:
    """Return an input as it stands in `raw-article`."""
    raw = RawArticle(
        url=ADDRESSES[number % len(ADDRESSES)],
        body=make_input(seed, number),
        content_type=CONTENT_TYPES[number % len(CONTENT_TYPES)],
        source_id="fuzz",
        fetched_at=FETCHED_AT,
    )
    return InputRecord(b"key", raw.body, raw_headers(raw), 0)


async def run(seed: int, numbers: range, tell: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Run the inputs of these numbers through a worker of their own; `tell` is called after each batch."""
    tally = Tally()
    worker = Worker(REFERENCE, STAGE, tally.restarts.append)
    await worker.start()
    batches = (numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH))
    try:
        await asyncio.gather(*(_work(worker, seed, batches, tally, tell) for _ in range(BATCHES)))
    finally:
        await worker.stop()
    return tally


async def _work(
    worker: Worker, seed: int, batches: Iterator[range], tally: Tally, tell: Callable[[Tally], None]
) -> None:
    for numbers in batches:
        records = [record(seed, number) for number in numbers]
        began, restarts = time.monotonic(), len(tally.restarts)
        outcomes: list[Outcome] = []
        while len(outcomes) < len(records):
            outcomes += await worker.transform(records[len(outcomes) :])
        tally.slowest = sorted([*tally.slowest, (time.monotonic() - began, numbers[0])])[-SLOWEST:]
        if len(tally.restarts) > restarts:
            tally.ended.append(numbers)
        tally.size += sum(len(one.value or b"") for one in records)
        _count(tally, numbers, outcomes)
        tell(tally)


def _count(tally: Tally, numbers: Sequence[int], outcomes: Sequence[Outcome]) -> None:
    for number, outcome in zip(numbers, outcomes, strict=True):
        tally.inputs += 1
        failure = judge(number, outcome)
        if failure:
            tally.failures.append(failure)
        name = failure.reason if failure else getattr(outcome, "reason", "article")
        tally.outcomes[name] += 1


def judge(number: int, outcome: Outcome) -> Failure | None:
    """Return what is wrong with an outcome, None where nothing is."""
    if isinstance(outcome, Failed):
        return None if outcome.rejected else Failure(number, f"FAILED {outcome.reason}", outcome.detail or "")
    (written,) = outcome.records
    try:
        article = CleanedArticle.from_json(written.value or b"")
    except ValueError as error:
        return Failure(number, "UNREADABLE", str(error)[:500])
    return None if article.to_json() == written.value else Failure(number, "CHANGED", "read and written anew")


def told(tally: Tally) -> str:
    """Return what has come out so far, in a line."""
    mean = tally.size / max(1, tally.inputs)
    kinds = ", ".join(f"{kind} {count}" for kind, count in tally.outcomes.most_common())
    return f"{tally.inputs} inputs of {mean:.0f} bytes: {kinds}; worker restarts {len(tally.restarts)}"


async def time_one_by_one(seed: int, tally: Tally) -> tuple[float, int]:
    """Return the seconds and the number of the slowest input in the slowest batches."""
    worker = Worker(REFERENCE, STAGE, tally.restarts.append)
    await worker.start()
    slowest = (0.0, -1)
    try:
        for number in (first + i for _, first in tally.slowest for i in range(BATCH)):
            one = record(seed, number)
            began = time.monotonic()
            await worker.transform([one])
            slowest = max(slowest, (time.monotonic() - began, number))
    finally:
        await worker.stop()
    return slowest


def keep(folder: Path, seed: int, failure: Failure) -> None:
    """Write a failing input and what happened to it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = folder / f"{seed}-{failure.number}"
    name.with_suffix(".bin").write_bytes(make_input(seed, failure.number))
    name.with_suffix(".txt").write_text(f"{failure.reason}\n{failure.detail}\n", encoding="utf-8")


class Teller:
    """Keeps and prints each failure as it comes, and how far the run is now and then."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.kept, self.ended, self.next = 0, 0, TELL_EVERY

    def __call__(self, tally: Tally) -> None:
        """Tell what is new."""
        for failure in tally.failures[self.kept :]:
            keep(self.folder, self.seed, failure)
            print(failure, flush=True)
        for numbers in tally.ended[self.ended :]:
            print(f"the worker ended within {numbers}: {tally.restarts[-1]}", flush=True)
        self.kept, self.ended = len(tally.failures), len(tally.ended)
        if tally.inputs >= self.next:
            self.next += TELL_EVERY
            print(told(tally), flush=True)


def main() -> None:
    """Run, tell, keep what failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cleaning.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    began = time.monotonic()
    numbers = range(options.first, options.first + options.inputs)
    tally = asyncio.run(run(options.seed, numbers, Teller(options.failures, options.seed)))
    seconds = time.monotonic() - began
    print(told(tally))
    print(f"{tally.inputs / seconds:.0f} inputs a second, {seconds:.0f} s")
    if tally.failures or tally.restarts:
        sys.exit(f"{len(tally.failures)} failures, kept in {options.failures}")
    slow, number = asyncio.run(time_one_by_one(options.seed, tally))
    print(f"the slowest input, alone: number {number}, {slow * 1000:.0f} ms")


if __name__ == "__main__":
    main()
