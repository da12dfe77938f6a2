"""Processes of a measurement: started, watched, and always ended."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

STOP_SECONDS = 10.0


class DiedError(RuntimeError):
    """A process of the measurement ended by itself."""


class Crew:
    """The processes of one measurement, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.members: dict[str, psutil.Popen] = {}

    def start(self, name: str, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """Start `python -m module arguments…`; what it prints goes to `name.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.members[name] = psutil.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **(env or {})},
            )

    def check(self) -> None:
        """Raise `DiedError`, with what it said last, if one is gone."""
        for name, process in self.members.items():
            if process.poll() is not None:
                said = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
                raise DiedError(f"{name} ended with {process.returncode}:\n{said}")

    def cpu_seconds(self) -> dict[str, float]:
        """Return the CPU time of each member and its children so far."""
        return {name: cpu_seconds(process) for name, process in self.members.items()}

    def end(self) -> None:
        """Ask all to stop; kill those, and children of those, that do not."""
        family = [p for member in self.members.values() for p in _family(member)]
        for member in self.members.values():
            with suppress(psutil.NoSuchProcess):
                member.terminate()
        _, late = psutil.wait_procs(family, timeout=STOP_SECONDS)
        for process in late:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for member in self.members.values():
            member.wait()


@contextmanager
def crew(folder: Path) -> Iterator[Crew]:
    """Lend a crew and end it whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    lent = Crew(folder)
    try:
        yield lent
    finally:
        lent.end()


def cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU time that a process and its children have used."""
    total = 0.0
    for one in _family(process):
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def _family(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []
