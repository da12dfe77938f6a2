"""A chain at work on a backlog: Isowire's own services, or the same functions in a peer's processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.floor import Expected
from benchmarks.processes import Crew, cpu_seconds, crew
from benchmarks.steps import STEPS
from benchmarks.wire import OUTCOMES, PREFIX, Seen, await_groups, watch
from schemas.topics import CLEANED

# Downstream first: the clock starts with the first cleaned page, and then the others are up.
SERVICES = ("deliver", "alert", "extract", "clean")
QUIET_SECONDS = 2.0  # after this long without a record the chain has come to its end
GROUPS = {"alert": ("isowire-match", "isowire-alert"), "extract": ("isowire-extract",)}


@dataclass(frozen=True)
class Result:
    """What a chain reached: articles a second, and CPU milliseconds a page of each process."""

    rate: float
    cpu_ms: dict[str, float]


def service_environment(address: str) -> dict[str, str]:
    """Return what tells Isowire's services where they are; all else is their default."""
    return {
        "ISOWIRE_BOOTSTRAP_SERVERS": address,
        "ISOWIRE_TOPIC_PREFIX": PREFIX,
        "ISOWIRE_OPS_PORT": "0",
        "ISOWIRE_API_PORT": "0",
    }


async def start_services(staff: Crew, address: str, services: Sequence[str] = SERVICES) -> None:
    """Start Isowire's services, the first page's last, each once those after it are in their groups."""
    for service in services:
        arguments = ("services.cli.main", "run", service)
        staff.start(service, *arguments, env=service_environment(address))
        staff.check()
        await await_groups(address, GROUPS.get(service, ()))


async def measure_isowire(address: str, broker_pid: int, folder: Path, expected: Expected) -> Result:
    """Let Isowire's services work off the backlog."""
    with crew(folder) as staff:
        await start_services(staff, address)
        return await _measure(staff, address, broker_pid, "", expected)


async def measure_peer(peer: str, address: str, broker_pid: int, folder: Path, expected: Expected) -> Result:
    """Let a peer's processes, one a step as Isowire has one a stage, work off the backlog."""
    with crew(folder) as staff:
        for step in STEPS:
            staff.start(step, "benchmarks.peers", peer, step, address, PREFIX)
            if step != "clean":
                await await_groups(address, (f"{peer}-{step}",))
        return await _measure(staff, address, broker_pid, f"{peer}.", expected)


async def _measure(staff: Crew, address: str, broker_pid: int, chain: str, expected: Expected) -> Result:
    broker = psutil.Process(broker_pid)

    def used() -> dict[str, float]:
        return {**staff.cpu_seconds(), "broker": cpu_seconds(broker)}

    def all_out(seen: Seen) -> bool:
        return complete(seen, expected) and seen.quiet_seconds > QUIET_SECONDS

    begun = await watch(address, chain, [CLEANED], lambda seen: seen.records > 0, staff.check)
    before = used()
    ended = await watch(address, chain, OUTCOMES, all_out, staff.check)
    after = used()
    return Result(
        expected.pages / (ended.last - begun.first),
        {name: (after[name] - before[name]) / expected.pages * 1000 for name in after},
    )


def complete(seen: Seen, expected: Expected) -> bool:
    """Whether everything that the bare functions found has come out."""
    return len(seen.extracted) >= expected.pages and seen.occurrences >= expected.occurrences
