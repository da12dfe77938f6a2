"""The worker process: reads batches of records, calls the stage's function on each, answers with outcomes.

    python -m services.runtime.worker_process services.clean.stage:STAGE

It speaks `services.runtime.frames` on standard input and output, and ends where its input ends: a runner that
dies leaves no worker behind.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from schemas.headers import carried, stage_time, stage_times
from schemas.topics import MAX_RECORD_BYTES
from services.runtime.frames import (
    OUT_OF_MEMORY_EXIT,
    READY,
    Failed,
    Outcome,
    Produced,
    read_frame,
    widen,
    write_frame,
)
from services.runtime.metrics import DeadLetterReason
from services.runtime.outcome import Rejected
from services.runtime.stage import InputRecord, OutputRecord, Stage, load_stage

DETAIL_CHARS: Final = 500
PR_SET_PDEATHSIG: Final = 1
HEADER_ROOM_BYTES: Final = 64 * 1024


def handle(stage: Stage[Any, Any], record: InputRecord) -> Outcome:
    """Return what comes of one record. Only lack of memory is raised."""
    try:
        document = stage.decode(record)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a record does to a decoder is the record's fault
        return Failed(DeadLetterReason.UNDECODABLE, _told(error))
    try:
        return _produced(stage, record, stage.function(document))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - an error in the function is an outcome of the document
        return Failed(DeadLetterReason.ERROR, _told(error))


def _produced(stage: Stage[Any, Any], record: InputRecord, result: Any) -> Outcome:
    if isinstance(result, Rejected):
        return Failed(result.reason, result.detail, rejected=True)
    models = list(result) if type(result) in (list, tuple) else [result]  # a NamedTuple is one result
    passed = [*carried(record.headers), stage_time(stage.name, datetime.now(UTC))]
    records = [
        OutputRecord(key, value, [*headers, *passed])
        for key, value, headers in (stage.encode(model) for model in models)
    ]
    largest = max((len(written.value or b"") for written in records), default=0)
    if largest > MAX_RECORD_BYTES - HEADER_ROOM_BYTES:
        return Failed(DeadLetterReason.TOO_LARGE, f"the result has {largest} bytes")
    published = stage.published(models[0]) if stage.published and models else None
    return Produced(
        records,
        stage.tallies(models[0]) if stage.tallies and models else {},
        stage_times(record.headers).get("ingest"),
        published.timestamp() if published else None,
    )


def _told(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    told = f"{type(error).__name__}: {error}"[:DETAIL_CHARS]
    return f"{told} ({Path(where.filename).name}:{where.lineno})"


def serve(stage: Stage[Any, Any], source: BinaryIO, sink: BinaryIO) -> None:
    """Answer batches until the input ends."""
    while (request := read_frame(source)) is not None:
        number, flush_after, records = request
        _answer(stage, sink, number, flush_after, records)


def _answer(
    stage: Stage[Any, Any], sink: BinaryIO, number: int, flush_after: float, records: Sequence[InputRecord]
) -> None:
    outcomes: list[Outcome] = []
    flushed_at = time.monotonic()
    for left, record in enumerate(records, 1 - len(records)):
        outcomes.append(handle(stage, record))
        if left == 0 or time.monotonic() - flushed_at >= flush_after:
            write_frame(sink, (number, outcomes))
            outcomes, flushed_at = [], time.monotonic()


def _die_with_parent() -> None:
    """Ask Linux to end this process when its parent ends, even in the middle of a document."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(limit_bytes: int) -> None:
    """Let the process grow by so much from here on. Without /proc there is no limit."""
    status = Path("/proc/self/status")
    if not status.exists():
        return
    data_kib = next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmData" in line)
    resource.setrlimit(resource.RLIMIT_DATA, (data_kib * 1024 + limit_bytes, resource.RLIM_INFINITY))


def _claim_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for frames; whatever a library prints goes to standard error."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    widen(sink.fileno())
    os.dup2(2, 1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return source, sink


def main(reference: str) -> None:
    """Serve the stage that `reference` names."""
    _die_with_parent()
    for ignored in (signal.SIGINT, signal.SIGTERM):  # the runner finishes its batch, then closes the pipe
        signal.signal(ignored, signal.SIG_IGN)
    source, sink = _claim_standard_streams()
    stage = load_stage(reference)
    if stage.sample is not None:
        stage.function(stage.sample())
    gc.collect()
    gc.freeze()  # lexicons live as long as the process: no need to walk them again and again
    _limit_memory(stage.memory_limit_bytes)
    write_frame(sink, READY)
    try:
        serve(stage, source, sink)
    except MemoryError:
        os._exit(OUT_OF_MEMORY_EXIT)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
