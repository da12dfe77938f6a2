"""The table of a run, in Markdown."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass

import psutil

from benchmarks.chain import Result
from benchmarks.floor import Expected, Floor
from benchmarks.latency import Latency
from services.runtime.broker.lock import read_lock

NAMES = {
    "quix": "the same functions in Quix Streams",
    "quix-exactly-once": "the same in Quix Streams, exactly once",
    "faust": "the same functions in plain Faust agents",
}
LEAST_SHARE = 0.6
MOST_P99_SECONDS = 0.5


@dataclass(frozen=True)
class Report:
    """Everything that one run measured; `floors` before and after the rest, articles a second."""

    pages: int
    expected: Expected
    floors: tuple[Floor, Floor]
    ours: Result
    peers: dict[str, Result]
    latency: Latency

    @property
    def floor(self) -> float:
        """The mean of the two floors: the machine's own pace changes in the course of a run."""
        return sum(floor.rate for floor in self.floors) / len(self.floors)


def to_markdown(report: Report) -> str:
    """Return the results as one page."""
    bare_ms = sum(floor.cpu_ms for floor in report.floors) / len(report.floors)
    rows = [("bare loop, a process a core (the floor)", report.floor, f"**{bare_ms:.2f}**")]
    rows.append(("Isowire, all stages", report.ours.rate, told(report.ours)))
    rows += [(NAMES[peer], result.rate, told(result)) for peer, result in report.peers.items()]
    before, after = report.floors
    delay, half = report.latency, report.ours.rate / 2
    p50, p99, worst = (f"{seconds * 1000:.0f} ms" for seconds in (delay.p50, delay.p99, delay.worst))
    lines = [
        "# Results",
        "",
        f"`python -m benchmarks --pages {report.pages}` on {machine()}.",
        f"Through: {report.expected.pages} pages, {report.expected.occurrences} rule hits.",
        f"The floor was {before.rate:.0f} before the rest of the run, {after.rate:.0f} after it.",
        "",
        "| chain | articles/s | share of the floor | CPU ms a page |",
        "| --- | ---: | ---: | --- |",
        *(f"| {name} | {rate:.0f} | {rate / report.floor:.2f} | {cpu} |" for name, rate, cpu in rows),
        "",
        f"| publish to alert at {half:.0f} articles/s | p50 | p99 | worst | alerts |",
        "| --- | ---: | ---: | ---: | ---: |",
        f"| Isowire | {p50} | {p99} | {worst} | {delay.alerts} |",
        "",
        *verdicts(report),
        "",
    ]
    return "\n".join(lines)


def told(result: Result) -> str:
    """Return the CPU time of all processes and of each in words."""
    parts = ", ".join(f"{name} {ms:.2f}" for name, ms in reversed(result.cpu_ms.items()))
    return f"**{sum(result.cpu_ms.values()):.2f}**: {parts}"


def verdicts(report: Report) -> list[str]:
    """Return for each target whether it was reached."""
    share, p99 = report.ours.rate / report.floor, report.latency.p99
    held = {
        f"share of the floor at least {LEAST_SHARE}": share >= LEAST_SHARE,
        f"p99 at most {MOST_P99_SECONDS} s at half the load": p99 <= MOST_P99_SECONDS,
        **{f"not behind {peer}": report.ours.rate >= result.rate for peer, result in report.peers.items()},
    }
    return [f"- {'reached' if good else 'MISSED'}: {target}" for target, good in held.items()]


def machine() -> str:
    """Return the size of the machine, and what ran on it."""
    memory = round(psutil.virtual_memory().total / 2**30)
    return (
        f"{os.cpu_count()} cores, {memory} GiB, CPython {platform.python_version()}, "
        f"Apache Kafka {read_lock().kafka_version}"
    )
