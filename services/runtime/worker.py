"""The pure function runs in a process of its own, so that no document can hang, crash or bloat the stage.

A batch goes to the process whole, and the next one behind it. When the process ends or falls silent, it is
started anew and what was not answered goes there again: the batch that it was working on is answered one by
one from then on, and only a document that fails a second time is given up. So neither a process killed from
outside nor one frozen for a while costs an innocent document.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog

from services.runtime.child import Child, WorkerEndedError
from services.runtime.frames import Failed, Outcome
from services.runtime.stage import InputRecord, Stage

FLUSH_SECONDS: Final = 0.05  # what is finished is reported this often
BATCHES: Final = 2  # one at work, one that waits in the process: it shall not idle between batches

log = structlog.get_logger(__name__)


class Worker:
    """Calls a stage's function in a worker process, for several lanes at once."""

    def __init__(self, reference: str, stage: Stage[Any, Any], on_restart: Callable[[str], None]) -> None:
        self._reference = reference
        self._patience = stage.deadline_seconds + FLUSH_SECONDS
        self._on_restart = on_restart
        self._child: Child | None = None
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(BATCHES)

    async def start(self) -> None:
        """Start the process; raises `WorkerStartError`."""
        self._child = await Child.start(self._reference, self._patience)

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
        outcomes: list[Outcome] = []
        failed_before = False
        async with self._places:
            while len(outcomes) < len(records):
                child = await self._living_child()
                try:
                    flush_after = 0 if failed_before else FLUSH_SECONDS
                    outcomes += await child.ask(records[len(outcomes) :], flush_after)
                except WorkerEndedError as ended:
                    outcomes += ended.outcomes
                    if not ended.at_work:
                        continue
                    if failed_before:
                        return [*outcomes, Failed(ended.reason, ended.detail)]
                    log.warning("worker ended, goes on one by one", reason=ended.reason, detail=ended.detail)
                    failed_before = True
        return outcomes

    async def _living_child(self) -> Child:
        async with self._starting:
            child = self._child
            if child is not None and child.ended is not None:
                self._child = None
                await child.end(patience=0)
                self._on_restart(child.ended)
            if self._child is None:
                await self.start()
            assert self._child is not None  # noqa: S101 - told to mypy
            return self._child
