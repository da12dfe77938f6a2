"""What operators are told of this service on `ops-alert`."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.alert import Severity
from schemas.headers import cloud_event
from schemas.ids import derive
from schemas.operations import OpsAlert
from schemas.topics import OPS_ALERT
from services.runtime.kafka import producer
from services.runtime.records import Message
from services.runtime.settings import KafkaSettings
from services.runtime.transactions import send_all


def ops_message(
    settings: KafkaSettings, *, subject: str, severity: Severity, summary: str, resolved: bool = False
) -> Message:
    """Return the record of a trouble, or of its end."""
    now = datetime.now(UTC)
    trouble = OpsAlert(subject=subject, severity=severity, summary=summary, raised_at=now, resolved=resolved)
    headers = cloud_event(
        event_id=derive("ops-alert", subject, now.isoformat()),
        source="/isowire/alert",
        event_type=f"isowire.{OPS_ALERT.name}",
        time=now,
    )
    return Message(settings.topic(OPS_ALERT.name), subject.encode(), trouble.to_json(), headers)


async def tell_operators(settings: KafkaSettings, message: Message) -> None:
    """Send a record of `ops_message` and wait until the broker has it."""
    sender = producer(settings)
    await sender.start()
    try:
        await send_all(sender, [message])
    finally:
        await sender.stop()
