"""Stages for the tests of the runner: what their function does is told by the document itself.

ok …        a record with the same text          nothing     no record
twice …     two records                          reject …    Rejected("refused")
raise …     an exception                         hang        never ends
crash       ends the process                     bloat       takes all memory it can get
big         a result that is too large           crash-once PATH / hang-once PATH   the first time only
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path

from schemas.operations import OpsAlert
from schemas.topics import MAX_RECORD_BYTES, Topic
from services.runtime.outcome import Rejected
from services.runtime.stage import MIB, Guarantee, InputRecord, OutputRecord, Stage


@dataclass(frozen=True)
class Document:
    """The text, and the key that it came under."""

    key: bytes | None
    text: str


def read(record: InputRecord) -> Document:
    if record.value is None:
        msg = "a tombstone"
        raise ValueError(msg)
    return Document(record.key, record.value.decode())


def write(document: Document) -> OutputRecord:
    value = "x" * MAX_RECORD_BYTES if document.text == "big" else document.text
    return OutputRecord(document.key, value.encode(), [("content-type", b"text/plain")])


def act(document: Document) -> Document | list[Document] | Rejected:  # noqa: C901 - a case a misbehaviour
    word, _, rest = document.text.partition(" ")
    match word:
        case "twice":
            return [document, document]
        case "nothing":
            return []
        case "reject":
            return Rejected("refused", rest)
        case "raise":
            raise ValueError(rest)
        case "hang":
            time.sleep(3600)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "bloat":
            bytes_taken = [bytearray(MIB) for _ in range(4096)]
            assert bytes_taken
        case "crash-once" if not Path(rest).exists():
            Path(rest).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang-once" if not Path(rest).exists():
            Path(rest).touch()
            time.sleep(3600)
        case "slow":
            time.sleep(float(rest.split()[0]))
    return document


SOURCE = Topic("in", "any", OpsAlert, ("tests",), "What goes in.")
TARGET = Topic("out", "any", OpsAlert, ("tests",), "What comes out.")

STAGE: Stage[Document, Document] = Stage(
    name="echo",
    source=SOURCE,
    target=TARGET,
    function=act,
    decode=read,
    encode=write,
    deadline_seconds=1.0,
    memory_limit_bytes=256 * MIB,
    max_batch_records=20,
    reasons=("refused",),
    tallies=lambda document: {"repairs": {"words": len(document.text.split())}},
    tally_kinds={"repairs": ("words",)},
)
AT_LEAST_ONCE = replace(STAGE, guarantee=Guarantee.AT_LEAST_ONCE)
BROKEN = "not a stage"
