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


def measure(pages: int) -> tuple[float, Expected]:
    """Return articles a second of one process a core, each with its share, and what the pages gave."""
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
    found = [count for pipe in pipes for count in pipe.recv()]
    for worker in workers:
        worker.join()
    return pages / seconds, Expected(len(found), sum(found))


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
    results = [pass_through(page) for page in pages]
    pipe.send("done")
    pipe.send([len(hits) for hits in results if hits is not None])
