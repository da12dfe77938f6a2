"""Whether the table's changelog still has what the offsets say it must have.

Faust starts a table whose changelog was deleted or emptied empty, and says nothing. Here that is noticed
before the service joins its group: operators are told on `ops-alert`, and the partitions concerned are read
again from the first occurrence that Kafka still has (`occurrence` keeps two days). Alerts that come of it
bear the same ids. Stories older than that are gone from the table: a further report would raise them once
more, under their old id, with that report alone.
"""

from __future__ import annotations

import structlog
from aiokafka.structs import TopicPartition

from schemas.alert import Occurrence, Severity
from schemas.topics import OCCURRENCE
from services.alert.group import committed_offsets, member_count
from services.alert.ops import ops_message
from services.alert.settings import AlertSettings
from services.runtime.kafka import admin, read_up_to, reader
from services.runtime.transactions import Transactions

log = structlog.get_logger(__name__)


class StateLostError(RuntimeError):
    """The changelog is gone while other workers run on what it held."""


async def ensure_state(settings: AlertSettings, group: str, changelog: str, partitions: int) -> list[int]:
    """Return the partitions whose state was lost, after setting them back to their first occurrence.

    Raises `StateLostError` where the group has members: they must be stopped first.
    """
    source = [TopicPartition(settings.topic(OCCURRENCE.name), number) for number in range(partitions)]
    async with admin(settings) as client:
        committed = await committed_offsets(client, group, source)
        members = await member_count(client, group)
    logs = [TopicPartition(changelog, number) for number in range(partitions)]
    client = reader(settings, changelog)
    await client.start()
    try:
        first, last = await client.beginning_offsets(logs), await client.end_offsets(logs)
        starts = await client.beginning_offsets(source)
    finally:
        await client.stop()
    lost = [
        tp.partition
        for tp, kept in zip(source, logs, strict=True)
        if committed.get(tp, 0) > starts[tp] and first[kept] == last[kept]
    ]
    lost = [number for number in lost if await _has_hits(settings, source[number], committed[source[number]])]
    if lost and members:
        raise StateLostError(
            f"{changelog} is empty in {lost}; stop all {members} alert workers, then start one"
        )
    for number in lost:
        await _set_back(settings, group, source[number], starts[source[number]])
    return lost


async def _has_hits(settings: AlertSettings, partition: TopicPartition, end: int) -> bool:
    """Tell whether anything below an offset should have left a thread: poison leaves none."""
    client = reader(settings, partition.topic)
    await client.start()
    try:
        async for record in read_up_to(client, {partition: end}):
            if record.offset < end and _is_hit(record.value):
                return True
        return False
    finally:
        await client.stop()


def _is_hit(value: bytes | None) -> bool:
    try:
        Occurrence.from_json(value or b"")
    except ValueError:
        return False
    return True


async def _set_back(settings: AlertSettings, group: str, partition: TopicPartition, offset: int) -> None:
    log.warning("state lost, reads again", partition=partition.partition, offset=offset)
    told = ops_message(
        settings,
        subject=f"alert/stories/{partition.partition}",
        severity=Severity.WARNING,
        summary=f"the changelog of partition {partition.partition} is empty: its stories are rebuilt from"
        f" {partition.topic} at offset {offset}, older ones are gone",
    )
    ledger = Transactions(settings, group, partition, lambda _, __: None)
    try:
        await ledger.fence_former_owner()
        await ledger.write([told], offset)
    finally:
        await ledger.close()
