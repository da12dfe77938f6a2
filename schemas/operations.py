"""`source-status`, `ops-alert`, `delivery` and `dead-letter`: what operators read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from schemas.alert import Severity
from schemas.base import Record


class SourceState(StrEnum):
    """How a source does."""

    OK = "ok"
    SILENT = "silent"
    FAILING = "failing"


class SourceStatus(Record):
    """Health and checkpoint of one source."""

    source_id: str
    kind: str
    state: SourceState
    checked_at: datetime
    last_success_at: datetime | None = None
    last_new_at: datetime | None = Field(
        default=None, description="When it last brought a page that was new."
    )
    consecutive_failures: int = 0
    error: str | None = None
    next_poll_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    seen: list[str] = Field(default=[], description="url ids of the entries of the last poll, newest first.")
    revisions: dict[str, str] = Field(
        default={}, description="Article id last published, by url id of the entry: no page goes out twice."
    )
    updated: dict[str, str] = Field(
        default={},
        description="The entry's own time of update (ISO 8601, UTC), by url id: a later one is news.",
    )
    position: int = Field(default=0, ge=0, description="Bytes of a JSON-lines file that have been read.")
    watched_since: datetime | None = Field(default=None, description="When it was polled for the first time.")


class OpsAlert(Record):
    """Trouble with a source or a stage, never news."""

    subject: str
    severity: Severity
    summary: str
    raised_at: datetime
    resolved: bool = False


class DeliveryOutcome(StrEnum):
    """What came of handing an alert to a target."""

    DELIVERED = "delivered"
    RETRYING = "retrying"
    FAILED = "failed"


class Delivery(Record):
    """One line of the delivery ledger."""

    alert_id: str
    target: str
    outcome: DeliveryOutcome
    attempts: int
    at: datetime
    detail: str | None = None


class DeadLetter(BaseModel):
    """A record that a stage could not take. `value` is the original; all else travels in headers."""

    model_config = ConfigDict(frozen=True)

    key: bytes | None
    value: bytes | None
    stage: str
    reason: str
    detail: str | None = None
    topic: str
    partition: int
    offset: int
    rounds: int = Field(default=0, description="How often it was put back and came here again.")
    failed_at: datetime
    headers: list[tuple[str, bytes]] = Field(default=[], description="The original record's headers.")
