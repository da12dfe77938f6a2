"""A record of an alert topic as its readers see it: new, told again with more, or the same once more.

The alert service may write an alert twice under one id after a crash. An exact repeat is none to readers.
What a record is depends only on the one before it under the same id: every reader sees the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.alert import Severity

log = structlog.get_logger()
RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Kind(StrEnum):
    """What a record is to readers; the value is the event's name on the stream."""

    ALERT = "alert"
    UPDATE = "update"
    REPEAT = "repeat"


class Head(BaseModel):
    """What is asked of an alert here; all else goes through as it is."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    rule_id: str
    severity: Severity
    last_seen: datetime

    @property
    def moment(self) -> datetime:
        """`last_seen` with a zone; UTC where it names none."""
        return self.last_seen if self.last_seen.tzinfo else self.last_seen.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """A record as it stands in a topic. `value` is its JSON on one line, `digest` that of its content."""

    partition: int
    offset: int
    head: Head
    value: bytes
    digest: bytes


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for: a least severity, and rules (none: all)."""

    severity: Severity = Severity.INFO
    rules: frozenset[str] = frozenset()

    def takes(self, head: Head) -> bool:
        """Tell whether an alert is among it."""
        return RANKS[head.severity] >= RANKS[self.severity] and (not self.rules or head.rule_id in self.rules)


def read_record(record: Any) -> Told | None:
    """Read a Kafka record of an alert topic; None for one that is no alert, which is logged."""
    try:
        data = orjson.loads(record.value)
        head = Head.model_validate(data)
    except (orjson.JSONDecodeError, ValidationError) as error:
        log.warning("not an alert", partition=record.partition, offset=record.offset, error=str(error)[:200])
        return None
    # Whoever wrote it: an event's data is one line.
    value = orjson.dumps(data) if b"\n" in record.value or b"\r" in record.value else record.value
    digest = hashlib.blake2b(orjson.dumps(data, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()
    return Told(record.partition, record.offset, head, value, digest)
