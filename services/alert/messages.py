"""Alerts as they go on the wire."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.alert import Alert
from schemas.headers import Headers, carried, cloud_event, stage_time, traceparent
from schemas.topics import ALERT
from services.runtime.records import Message


def alert_message(topic: str, alert: Alert, passed: Headers) -> Message:
    """Return the record of an alert; `passed` are the headers of the hit that changed it."""
    headers = [
        *cloud_event(
            event_id=alert.id,
            source="/isowire/alert",
            event_type=f"isowire.{ALERT.name}",
            time=alert.last_seen,
            extensions={"ruleid": alert.rule_id, "severity": alert.severity},
        ),
        ("traceparent", traceparent(alert.evidence.article_id, "alert")),
        *_times(passed),
    ]
    return Message(topic, alert.id.encode(), alert.to_json(), headers)


def withdrawal_message(topic: str, alert_id: str, passed: Headers) -> Message:
    """Return the record without a value that takes an alert back."""
    headers = cloud_event(
        event_id=alert_id,
        source="/isowire/alert",
        event_type=f"isowire.{ALERT.name}-withdrawn",
        time=datetime.now(UTC),
    )
    return Message(topic, alert_id.encode(), None, [*headers, *_times(passed)])


def _times(passed: Headers) -> Headers:
    return [*carried(passed), stage_time("alert", datetime.now(UTC))]
