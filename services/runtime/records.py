"""Records on their way through the runner: as fetched, as transformed, as sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from services.runtime.frames import Outcome
from services.runtime.stage import InputRecord


class Record(Protocol):
    """What aiokafka hands out; a stand-in of the tests is as good."""

    @property
    def topic(self) -> str:
        """The topic's full name."""

    @property
    def partition(self) -> int:
        """The partition."""

    @property
    def offset(self) -> int:
        """The place in the partition."""

    @property
    def timestamp(self) -> int:
        """Kafka's time, epoch milliseconds."""

    @property
    def key(self) -> bytes | None:
        """The key."""

    @property
    def value(self) -> bytes | None:
        """The value."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """The headers."""


class Transformed(NamedTuple):
    """A batch and what came of each of its records."""

    records: Sequence[Record]
    outcomes: Sequence[Outcome]


class Message(NamedTuple):
    """A record on its way out."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


def size(record: Record) -> int:
    """Return the bytes that a record's value takes."""
    return len(record.value or b"")


def as_input(record: Record) -> InputRecord:
    """Return what the worker process gets of a record."""
    return InputRecord(record.key, record.value, list(record.headers), record.timestamp)
