"""Run a tool over pages in a process of its own: where it hangs or crashes, that costs one page."""

from __future__ import annotations

import json
import pickle
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cleaning.samples import Sample

CHECKOUT = Path(__file__).parents[2]
START_SECONDS = 60.0  # libraries are loaded
PAGE_SECONDS = 20.0  # a page that takes a thousand times as long as others will not end well


@dataclass(frozen=True)
class Found:
    """What a tool found on a page. `seconds` of CPU is None and `error` says why where it failed."""

    title: str | None = None
    published: str | None = None
    body: str | None = None
    seconds: float | None = None
    error: str | None = None


def race(python: Path, tool: str, samples: Sequence[Sample], rounds: int) -> list[Found]:
    """Return what a tool found on each page; one on which its process ends or falls silent is a failure.

    `python`: the interpreter of its environment. Raises `RuntimeError` where the tool cannot be loaded.
    """
    found: list[Found] = []
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        file.write(pickle.dumps([tuple(sample.page) for sample in samples]))
        file.flush()
        while len(found) < len(samples):
            command = [
                str(python),
                "-m",
                "benchmarks.cleaning.tools",
                tool,
                file.name,
                str(len(found)),
                str(rounds),
            ]
            found += _answers(command, rounds)
            if len(found) < len(samples):
                found.append(Found(error="the process ended or gave no answer in time"))
    return found


def _answers(command: list[str], rounds: int) -> Iterator[Found]:
    """Yield answers until the process has given all, ends or falls silent."""
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            if not _line(process, START_SECONDS):
                raise RuntimeError(f"did not start: {' '.join(command)}")
            while line := _line(process, PAGE_SECONDS * rounds):
                answer: dict[str, Any] = json.loads(line)
                yield Found(**answer)
        finally:
            process.kill()


def _line(process: subprocess.Popen[str], seconds: float) -> str:
    """Return the next line; nothing where the process ended, which it does when it takes longer."""
    assert process.stdout is not None
    alarm = threading.Timer(seconds, process.kill)
    alarm.start()
    try:
        return process.stdout.readline()
    finally:
        alarm.cancel()
