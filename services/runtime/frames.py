"""What a runner and its worker process say to each other.

Each message is a frame: four bytes of length, then a pickle. The worker's first message is `READY`. A batch
goes as one or more `(number, flush_after, records)`, answered by one or more `(number, outcomes)`, all in the
records' order.
"""

from __future__ import annotations

import contextlib
import fcntl
import pickle
import struct
import sys
from typing import Any, BinaryIO, Final, NamedTuple

from services.runtime.stage import OutputRecord, Tallies

READY: Final = "ready"
OUT_OF_MEMORY_EXIT: Final = 86  # any code that nothing else uses
LENGTH: Final = struct.Struct(">I")
PIPE_BYTES: Final = 1024 * 1024  # the most that Linux gives everybody; its default is a page or two of ours


class Produced(NamedTuple):
    """A document that the function took, and the records that it made of it; perhaps none."""

    records: list[OutputRecord]
    tallies: Tallies
    fetched_at: float | None  # epoch seconds
    published_at: float | None


class Failed(NamedTuple):
    """A document that goes to dead-letter."""

    reason: str
    detail: str | None
    rejected: bool = False  # the function itself said so


Outcome = Produced | Failed


def frame(message: object) -> bytes:
    """Return the bytes of one message."""
    data = pickle.dumps(message, protocol=5)
    return LENGTH.pack(len(data)) + data


def write_frame(sink: BinaryIO, message: object) -> None:
    """Write one message and see it off."""
    sink.write(frame(message))
    sink.flush()


def read_frame(source: BinaryIO) -> Any:
    """Return the next message, or None where the input has ended."""
    length = source.read(LENGTH.size)
    if len(length) < LENGTH.size:
        return None
    return pickle.loads(source.read(LENGTH.unpack(length)[0]))  # noqa: S301 - from our own parent


def widen(pipe: int) -> None:
    """Let a pipe hold `PIPE_BYTES`, where the system can: so neither side waits for the other."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the user's pipes hold enough together
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
