"""The pure function runs in a process of its own, so that no document can hang, crash or bloat the stage.

A batch goes to the process whole. When the process ends or falls silent on the way, it is started anew and
the rest goes there again, answered one by one; only a document that fails a second time is given up. So
neither a process killed from outside nor one frozen for a while costs an innocent document.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog

from services.runtime.frames import LENGTH, OUT_OF_MEMORY_EXIT, READY, Failed, Outcome, frame
from services.runtime.metrics import DeadLetterReason
from services.runtime.stage import InputRecord, Stage

START_SECONDS: Final = 60.0  # lexicons and dictionaries are loaded
STOP_SECONDS: Final = 1.0
FLUSH_SECONDS: Final = 0.05  # what is finished is reported this often
PIPE_BYTES: Final = 1024 * 1024

log = structlog.get_logger(__name__)


class WorkerStartError(RuntimeError):
    """The worker process could not be started: a fault of the stage, not of a document."""


class WorkerEndedError(Exception):
    """The worker process ended or fell silent; `outcomes` is what it had answered."""

    def __init__(self, reason: DeadLetterReason, detail: str, outcomes: list[Outcome]) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.outcomes = reason, detail, outcomes


class Worker:
    """Calls a stage's function in a worker process, one batch at a time."""

    def __init__(self, reference: str, stage: Stage[Any, Any], on_restart: Callable[[str], None]) -> None:
        self._reference = reference
        self._deadline_seconds = stage.deadline_seconds
        self._on_restart = on_restart
        self._child: _Child | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Start the process; raises `WorkerStartError`."""
        self._child = await _Child.start(self._reference)

    async def stop(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None:
            await child.end()

    async def transform(self, records: Sequence[InputRecord]) -> list[Outcome]:
        """Return the outcomes of all records, or of the first ones up to one that the process failed on.

        The caller brings the rest again, after what there is has been committed: a batch full of poison
        still moves on.
        """
        async with self._turn:
            try:
                return await self._attempt(records, FLUSH_SECONDS)
            except WorkerEndedError as first:
                log.warning("worker ended, goes on one by one", reason=first.reason, detail=first.detail)
                done = first.outcomes
            try:
                return done + await self._attempt(records[len(done) :], 0)
            except WorkerEndedError as again:
                return [*done, *again.outcomes, Failed(again.reason, again.detail)]

    async def _attempt(self, records: Sequence[InputRecord], flush_after: float) -> list[Outcome]:
        if self._child is None:
            await self.start()
        assert self._child is not None  # noqa: S101 - told to mypy
        try:
            return await self._child.ask(records, flush_after, self._deadline_seconds + FLUSH_SECONDS)
        except WorkerEndedError as ended:
            child, self._child = self._child, None
            await child.end(patience=0)
            self._on_restart(ended.reason)
            raise


class _Child:
    """One worker process and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._frames: asyncio.Queue[Any] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read_frames())
        self._number = 0

    @classmethod
    async def start(cls, reference: str) -> _Child:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.runtime.worker_process", reference),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=PIPE_BYTES,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
        )
        child = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await child._frames.get()
        except BaseException:
            await child.end(patience=0)
            raise
        if ready != READY:
            await child.end(patience=0)
            msg = f"the worker of {reference} did not start (exit code {process.returncode})"
            raise WorkerStartError(msg)
        return child

    async def ask(self, records: Sequence[InputRecord], flush_after: float, patience: float) -> list[Outcome]:
        """Return the outcomes of all records; raises `WorkerEndedError`."""
        self._number += 1
        outcomes: list[Outcome] = []
        try:
            await self._send((self._number, flush_after, records), patience)
            while len(outcomes) < len(records):
                async with asyncio.timeout(patience):
                    outcomes += await self._answer()
        except TimeoutError:
            detail = f"no answer within {patience:.1f} s"
            raise WorkerEndedError(DeadLetterReason.TIMEOUT, detail, outcomes) from None
        except (BrokenPipeError, ConnectionResetError, EOFError):
            reason, detail = await self._post_mortem()
            raise WorkerEndedError(reason, detail, outcomes) from None
        return outcomes

    async def _send(self, message: object, patience: float) -> None:
        assert self._process.stdin is not None  # noqa: S101 - told to mypy
        self._process.stdin.write(frame(message))
        async with asyncio.timeout(patience):
            await self._process.stdin.drain()

    async def _answer(self) -> list[Outcome]:
        """Return the next outcomes of the current batch; those of a batch given up are passed over."""
        while True:
            answer = await self._frames.get()
            if answer is None:
                raise EOFError
            number, outcomes = answer
            if number == self._number:
                return list(outcomes)

    async def _read_frames(self) -> None:
        """Pass on whole frames; a caller that is cancelled while waiting tears none apart."""
        assert self._process.stdout is not None  # noqa: S101 - told to mypy
        try:
            while True:
                length = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))[0]
                self._frames.put_nowait(pickle.loads(await self._process.stdout.readexactly(length)))  # noqa: S301 - our own child's
        except (asyncio.IncompleteReadError, ConnectionResetError):
            pass
        finally:
            self._frames.put_nowait(None)

    async def _post_mortem(self) -> tuple[DeadLetterReason, str]:
        code = await self._process.wait()
        if code == OUT_OF_MEMORY_EXIT:
            return DeadLetterReason.OUT_OF_MEMORY, "more memory than the stage allows a document"
        if code < 0:
            return DeadLetterReason.CRASHED, f"worker ended by {signal.Signals(-code).name}"
        return DeadLetterReason.CRASHED, f"worker ended with exit code {code}"

    async def end(self, patience: float = STOP_SECONDS) -> None:
        """Close the pipe, wait a little, then kill."""
        assert self._process.stdin is not None  # noqa: S101 - told to mypy
        self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._process.wait()
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
