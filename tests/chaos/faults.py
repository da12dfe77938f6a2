"""Faults for services that run as real processes: drawn from a seed as plain data, then carried out.

    faults = draw(seed=7, count=20, services=["clean", "extract", "alert"])
    async with fleet(command, services, workers=2, folder=tmp_path, env=env) as running:
        for fault in faults:
            await running.carry_out(fault)

`command(service)` gives the command line of one worker. A worker that is killed or stopped is replaced, as by
a supervisor; one that ends by itself too, and that is a failure.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

STOP_SECONDS: Final = 10.0  # what a service may take to stop in good order


class FaultKind(StrEnum):
    """What happens to a worker."""

    KILL = "kill"  # kill -9, then replaced
    FREEZE = "freeze"  # stopped past its session, then thawed
    STOP = "stop"  # asked to stop, then replaced
    JOIN = "join"  # one more worker


@dataclass(frozen=True)
class Fault:
    """One fault: after a pause, of a kind, to one of a service's workers."""

    pause_seconds: float
    kind: FaultKind
    service: str
    pick: float  # which worker: a share of those that run, 0 up to 1
    freeze_seconds: float = 0.0


def draw(
    seed: int,
    count: int,
    services: Sequence[str],
    *,
    kinds: Sequence[FaultKind] = tuple(FaultKind),
    pause: tuple[float, float] = (0.5, 4.0),
    freeze_seconds: float = 8.0,
) -> list[Fault]:
    """Return faults that depend on the seed alone; every kind and every service comes up in turn."""
    rng = random.Random(seed)
    drawn_kinds = [kinds[number % len(kinds)] for number in range(count)]
    drawn_services = [services[number % len(services)] for number in range(count)]
    rng.shuffle(drawn_kinds)
    rng.shuffle(drawn_services)
    return [
        Fault(round(rng.uniform(*pause), 2), kind, service, rng.random(), freeze_seconds)
        for kind, service in zip(drawn_kinds, drawn_services, strict=True)
    ]


Command = Callable[[str], Sequence[str]]


@dataclass
class Fleet:
    """The workers of some services."""

    command: Command
    folder: Path
    env: Mapping[str, str]
    workers: int
    processes: dict[str, list[asyncio.subprocess.Process]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)  # workers that ended when nobody asked them to
    started: int = 0

    async def start(self, service: str) -> None:
        """Start one more worker of a service; its logs go to a file of the folder."""
        self.started += 1
        with (self.folder / f"{self.started:03}-{service}.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *self.command(service), env={**os.environ, **self.env}, stdout=log, stderr=log
            )
        self.processes.setdefault(service, []).append(process)

    async def carry_out(self, fault: Fault) -> None:
        """Wait for the fault's time, then let it happen."""
        await asyncio.sleep(fault.pause_seconds)
        await self.replace_the_fallen()
        running = self.processes[fault.service]
        process = running[int(fault.pick * len(running))]
        match fault.kind:
            case FaultKind.KILL:
                running.remove(process)
                process.kill()
                await process.wait()
            case FaultKind.FREEZE:
                process.send_signal(signal.SIGSTOP)
                await asyncio.sleep(fault.freeze_seconds)
                process.send_signal(signal.SIGCONT)
            case FaultKind.STOP:
                running.remove(process)
                await self.stop(process, fault.service)
            case FaultKind.JOIN:
                await self.start(fault.service)
        while len(running) < self.workers:
            await self.start(fault.service)

    async def replace_the_fallen(self) -> None:
        """Start anew what ended by itself, as a supervisor does, and remember it."""
        for service, processes in self.processes.items():
            for process in [process for process in processes if process.returncode is not None]:
                processes.remove(process)
                self.failures.append(f"{service} ended with {process.returncode}")
                await self.start(service)

    async def stop(self, process: asyncio.subprocess.Process, service: str) -> None:
        """Ask a worker to stop; a bad exit code or a late one is a failure.

        A worker that has just been started may not listen yet: SIGTERM then ends it as it ends any process.
        """
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                code = await process.wait()
        except TimeoutError:
            process.kill()
            code = await process.wait()
        if code not in (0, -signal.SIGTERM):
            self.failures.append(f"{service} stopped with {code}")

    async def stop_all(self) -> None:
        """Stop every worker, all at the same time."""
        await self.replace_the_fallen()
        stopping = [
            self.stop(process, service) for service, running in self.processes.items() for process in running
        ]
        self.processes.clear()
        await asyncio.gather(*stopping)


@contextlib.asynccontextmanager
async def fleet(
    command: Command, services: Sequence[str], *, workers: int, folder: Path, env: Mapping[str, str]
) -> AsyncIterator[Fleet]:
    """Run so many workers of each service while the context is open."""
    running = Fleet(command, folder, env, workers)
    try:
        for service in services:
            for _ in range(workers):
                await running.start(service)
        yield running
    finally:
        await running.stop_all()
