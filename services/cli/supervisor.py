"""Starts the services as processes, starts them again when they die, and stops them all within a deadline."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import httpx

FIRST_PAUSE_SECONDS = 0.5  # before a dead service is started again; doubled with each death
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 30.0  # a service that ran this long has its pause set back
READY_POLL_SECONDS = 0.1
STOP_DEADLINE_SECONDS = 8.0  # then what still runs is killed; leaves 2 s of the 10 s promised to the user


@dataclass(frozen=True)
class Service:
    """One process: its name in logs, the arguments of `isowire`, and its environment beside ours."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    ops_port: int = 0


class Supervisor:
    """Keeps a set of services running until `stop`."""

    program: ClassVar[tuple[str, ...]] = (sys.executable, "-m", "services.cli.main")

    def __init__(self, log_folder: Path) -> None:
        """Take the folder for a log file each."""
        self.services: list[Service] = []
        self.restarts = 0
        self._log_folder = log_folder
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self, services: Sequence[Service]) -> None:
        """Start further services and a keeper for each."""
        self._log_folder.mkdir(parents=True, exist_ok=True)
        for service in services:
            self.services.append(service)
            self._processes[service.name] = await self._spawn(service)
            self._keepers.append(asyncio.create_task(self._keep(service)))

    async def stop(self) -> None:
        """Ask all to stop, wait for them within the deadline, kill what is left."""
        self._stopping = True
        for keeper in self._keepers:
            keeper.cancel()
        running = [p for p in self._processes.values() if p.returncode is None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        _, late = await asyncio.wait(
            [asyncio.create_task(end) for end in (*(p.wait() for p in running), asyncio.sleep(0))],
            timeout=STOP_DEADLINE_SECONDS,
        )
        for process in running:
            if process.returncode is None:
                # The whole group, so that no child of a service outlives it.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        await asyncio.gather(*late)

    async def until_ready(self, seconds: float) -> None:
        """Wait until all services do their work, or for so many seconds: a late one is no reason to stop."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), httpx.AsyncClient() as client:
                for service in self.services:
                    while not await _is_ready(client, service):  # noqa: ASYNC110 - it tells nobody
                        await asyncio.sleep(READY_POLL_SECONDS)

    def dead(self) -> list[str]:
        """Return the names of the services that are not running at this moment."""
        return [name for name, process in self._processes.items() if process.returncode is not None]

    async def _spawn(self, service: Service) -> asyncio.subprocess.Process:
        with (self._log_folder / f"{service.name}.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *self.program,
                *service.arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | service.environment,
                # A Ctrl-C in the terminal is for the supervisor alone, which then stops its services.
                start_new_session=True,
            )

    async def _keep(self, service: Service) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping:
            started = time.monotonic()
            await self._processes[service.name].wait()
            if time.monotonic() - started > STEADY_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            self.restarts += 1
            self._processes[service.name] = await self._spawn(service)


async def _is_ready(client: httpx.AsyncClient, service: Service) -> bool:
    try:
        answer = await client.get(f"http://127.0.0.1:{service.ops_port}/readyz")
    except httpx.TransportError:
        return False
    return answer.is_success
