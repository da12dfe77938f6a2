"""An input partition in the hands of this worker, from its assignment to its revocation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

import structlog

from services.runtime.records import Message
from services.runtime.transactions import Ledger

log = structlog.get_logger(__name__)

CLOSE_SECONDS: Final = 5.0


class LostPartitionError(RuntimeError):
    """The partition may be another worker's by now: nothing more can be done for it here."""


class OwnedPartition:
    """Writes a partition's alerts and keeps its offset.

    The offset runs behind: it is committed only once the table has what was read below it, with the next
    alerts or by `commit`. So a crash between the two repeats alerts, under the same ids, and loses nothing.
    """

    def __init__(self, number: int, ledger: Ledger) -> None:
        self.number = number
        self.processed = 0  # the offset below which all is in the table
        self.taking = asyncio.Lock()  # one batch at a time
        self.lost_at: float | None = None  # when a write failed, on the loop's clock
        self._committed = 0
        self._ledger = ledger
        self._lock = asyncio.Lock()

    async def take_over(self) -> None:
        """Fence the former owner."""
        await self._ledger.fence_former_owner()

    async def begin_at(self, offset: int) -> None:
        """Begin at the committed offset or the first, and commit it: Faust seeks to committed ones only."""
        self.processed = offset
        await self.publish([])

    def lose(self) -> None:
        """Do nothing more with the partition: its offset stays, and its next owner reads on from there."""
        if self.lost_at is None:
            self.lost_at = asyncio.get_running_loop().time()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Write messages in one transaction and wait for its end; raises `LostPartitionError`."""
        async with self._lock:
            await self._write(messages)

    async def commit(self) -> None:
        """Commit the offset if it has moved; raises `LostPartitionError`."""
        async with self._lock:
            if self.processed > self._committed:
                await self._write([])

    async def _write(self, messages: Sequence[Message]) -> None:
        if self.lost_at is not None:
            raise LostPartitionError
        offset = self.processed
        try:
            await self._ledger.write(messages, offset)
        except Exception as error:
            self.lose()
            log.warning("partition lost", partition=self.number, error=repr(error))
            raise LostPartitionError from error
        self._committed = offset

    async def close(self) -> None:
        """Commit what is done, and release the producer."""
        with contextlib.suppress(TimeoutError, LostPartitionError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.commit()
        self.lose()
        await self._ledger.close()
