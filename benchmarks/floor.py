"""The floor: the chain's functions in a bare loop, a process a core, no broker. Nothing can be faster."""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from benchmarks.pages import make_pages
from benchmarks.steps import pass_through

WARM_UP_PAGES = 40
WARM_UP_SEED = 2


@dataclass(frozen=True)
class Expected:
    """What the pages give: how many come through, and how many rule hits. A chain must give as much."""

    pages: int
    occurrences: int


@dataclass(frozen=True)
class Floor:
    """Articles a second of all cores together, and CPU milliseconds a page."""

    rate: float
    cpu_ms: float


def measure(pages: int) -> tuple[Floor, Expected]:
    """Return what one process a core reaches, each with its share, and what the pages gave."""
    cores = os.cpu_count() or 1
    shares = [range(core * pages // cores, (core + 1) * pages // cores) for core in range(cores)]
    context = multiprocessing.get_context("spawn")
    pipes, workers = [], []
    for share in shares:
        ours, theirs = context.Pipe()
        pipes.append(ours)
        workers.append(context.Process(target=_loop, args=(theirs, share), daemon=True))
        workers[-1].start()
    seconds = _race(pipes)
    results = [pipe.recv() for pipe in pipes]
    for worker in workers:
        worker.join()
    found = [count for counts, _ in results for count in counts]
    cpu_seconds = sum(used for _, used in results)
    return Floor(pages / seconds, cpu_seconds / pages * 1000), Expected(len(found), sum(found))


def _race(pipes: list[Connection]) -> float:
    for pipe in pipes:
        pipe.recv()
    started = time.perf_counter()
    for pipe in pipes:
        pipe.send("go")
    for pipe in pipes:
        pipe.recv()
    return time.perf_counter() - started


def _loop(pipe: Connection, share: range) -> None:
    for page in make_pages(WARM_UP_PAGES, seed=WARM_UP_SEED):
        pass_through(page)
    pages = list(make_pages(len(share), start=share.start))
    pipe.send("ready")
    pipe.recv()
    began = time.process_time()
    results = [pass_through(page) for page in pages]
    pipe.send("done")
    used = time.process_time() - began
    pipe.send(([len(hits) for hits in results if hits is not None], used))
