"""Records of `occurrence`, as the Faust application passes them on."""

from __future__ import annotations

from typing import Any, NamedTuple

from schemas.headers import Headers


class AlertRecord(NamedTuple):
    """A record as it was fetched: `services.runtime.records.Record`."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers


def as_record(event: Any) -> AlertRecord:
    """Return the record of a Faust event; Faust keeps the time in seconds."""
    message = event.message
    return AlertRecord(
        message.topic,
        message.partition,
        message.offset,
        round((message.timestamp or 0) * 1000),
        message.key,
        message.value,
        list(message.headers or ()),
    )


def fetched_record(record: Any) -> AlertRecord:
    """Return the record of aiokafka."""
    r = record
    return AlertRecord(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, list(r.headers))
