"""One worker process, the requests that lie in it, and the pipes between.

The process answers requests in their order. The next one is sent while it works on the one before, so that it
never waits for its runner. All ends are seen in one place, where its output ends; a process that falls silent
is killed first.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.runtime.batching import take_batch
from services.runtime.frames import LENGTH, OUT_OF_MEMORY_EXIT, PIPE_BYTES, READY, Outcome, frame, widen
from services.runtime.metrics import DeadLetterReason
from services.runtime.stage import InputRecord

START_SECONDS: Final = 60.0  # lexicons and dictionaries are loaded
STOP_SECONDS: Final = 1.0
FRAME_BYTES: Final = PIPE_BYTES // 4  # several fit into the pipe: one is read while others wait there


class WorkerStartError(RuntimeError):
    """The worker process could not be started: a fault of the stage, not of a document."""


class WorkerEndedError(Exception):
    """The worker process ended or fell silent; `outcomes` is what it had answered of the request.

    `at_work` tells whether it was working on this request, or still on another before it.
    """

    def __init__(
        self, reason: DeadLetterReason, detail: str, outcomes: list[Outcome], *, at_work: bool
    ) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.outcomes, self.at_work = reason, detail, outcomes, at_work


@dataclass
class _Request:
    number: int
    records: int
    done: asyncio.Future[list[Outcome]]
    outcomes: list[Outcome] = field(default_factory=list)


class _Closing(asyncio.BaseProtocol):
    """Tells when the pipe to the process is closed."""

    def __init__(self) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, _: Exception | None) -> None:
        self.closed.set_result(None)


class Child:
    """A worker process; it takes `patience` seconds at most from one answer to the next."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        sink: asyncio.WriteTransport,
        closed: asyncio.Future[None],
        patience: float,
    ) -> None:
        self._process = process
        self._sink, self._closed = sink, closed
        self._patience = patience
        self._numbers = 0
        self._requests: deque[_Request] = deque()  # not answered in full; the process works on the first
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._alarm: asyncio.TimerHandle | None = None
        self._silent = False
        self._reading = asyncio.create_task(self._read())
        self.ended: DeadLetterReason | None = None

    @classmethod
    async def start(cls, reference: str, patience: float) -> Child:
        """Start a process for the stage that `reference` names; raises `WorkerStartError`."""
        source, sink = os.pipe()
        widen(sink)
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "services.runtime.worker_process", reference),
                stdin=source,
                stdout=asyncio.subprocess.PIPE,
                limit=PIPE_BYTES,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
            )
        finally:
            os.close(source)
            pipe = os.fdopen(sink, "wb")
        transport, protocol = await asyncio.get_running_loop().connect_write_pipe(_Closing, pipe)
        child = cls(process, transport, protocol.closed, patience)
        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.shield(child._ready)
        except WorkerEndedError:
            await child.end(patience=0)
            msg = f"the worker of {reference} did not start (exit code {process.returncode})"
            raise WorkerStartError(msg) from None
        except BaseException:
            await child.end(patience=0)
            raise
        return child

    async def ask(self, records: Sequence[InputRecord], flush_after: float) -> list[Outcome]:
        """Return the outcomes of all records, in order; raises `WorkerEndedError`.

        Who gives up waiting leaves the request behind: it is answered, and nobody listens.
        """
        if self.ended:
            raise WorkerEndedError(self.ended, "ended before", [], at_work=False)
        self._numbers += 1
        request = _Request(self._numbers, len(records), asyncio.get_running_loop().create_future())
        self._requests.append(request)
        if len(self._requests) == 1:
            self._set_alarm()
        for part in _parts(records):
            self._sink.write(frame((request.number, flush_after, part)))
        return await request.done

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None
        if self._requests:
            self._alarm = asyncio.get_running_loop().call_later(self._patience, self._silence)

    def _silence(self) -> None:
        self._silent = True
        self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def _read(self) -> None:
        try:
            while True:
                message = await self._message()
                if message == READY:
                    self._ready.set_result(None)
                else:
                    self._take(*message)
        except (asyncio.IncompleteReadError, ConnectionResetError):
            await self._bury()

    async def _message(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101 - told to mypy
        length = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))[0]
        return pickle.loads(await self._process.stdout.readexactly(length))  # noqa: S301 - our own child's

    def _take(self, number: int, outcomes: list[Outcome]) -> None:
        request = self._requests[0]
        assert number == request.number, "the process answers in order"  # noqa: S101
        request.outcomes += outcomes
        if len(request.outcomes) == request.records:
            self._requests.popleft()
            if not request.done.done():
                request.done.set_result(request.outcomes)
        self._set_alarm()

    async def _bury(self) -> None:
        """Tell all who wait. The first in line was at work; the others have only lost their place."""
        reason, detail = await self._post_mortem()
        self.ended = reason
        requests, self._requests = list(self._requests), deque()
        self._set_alarm()
        for place, request in enumerate(requests):
            if not request.done.done():
                request.done.set_exception(
                    WorkerEndedError(reason, detail, request.outcomes, at_work=place == 0)
                )
        if not self._ready.done():
            self._ready.set_exception(WorkerEndedError(reason, detail, [], at_work=False))

    async def _post_mortem(self) -> tuple[DeadLetterReason, str]:
        code = await self._process.wait()
        if self._silent:
            return DeadLetterReason.TIMEOUT, f"no answer within {self._patience:.1f} s"
        if code == OUT_OF_MEMORY_EXIT:
            return DeadLetterReason.OUT_OF_MEMORY, "more memory than the stage allows a document"
        if code < 0:
            return DeadLetterReason.CRASHED, f"worker ended by {signal.Signals(-code).name}"
        return DeadLetterReason.CRASHED, f"worker ended with exit code {code}"

    async def end(self, patience: float = STOP_SECONDS) -> None:
        """Close the pipe, wait a little, then kill."""
        self._sink.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._process.wait()
        self._kill()
        await self._process.wait()
        if self._alarm is not None:
            self._alarm.cancel()
        self._reading.cancel()
        await asyncio.gather(self._reading, self._closed, return_exceptions=True)


def _parts(records: Sequence[InputRecord]) -> Iterator[list[InputRecord]]:
    waiting = deque(records)
    while waiting:
        yield take_batch(waiting, len(records), FRAME_BYTES, lambda record: len(record.value or b""))
