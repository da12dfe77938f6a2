"""What Kafka knows of a consumer group, asked until it answers: a young broker has no coordinator."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition

from services.runtime.decisions import Decision, backoff_seconds, decide

PATIENCE_SECONDS: Final = 30.0
MEMBERS: Final = 5  # the place in a row of DescribeGroups, in all its versions

Answer = TypeVar("Answer")


async def committed_offsets(
    client: AIOKafkaAdminClient, group: str, partitions: Sequence[TopicPartition]
) -> dict[TopicPartition, int]:
    """Return the committed offsets of those partitions that have one."""
    known = await _patiently(lambda: client.list_consumer_group_offsets(group, partitions=list(partitions)))
    return {tp: known[tp].offset for tp in partitions if tp in known and known[tp].offset >= 0}


async def member_count(client: AIOKafkaAdminClient, group: str) -> int:
    """Return how many consumers are in a group."""
    answers: Sequence[Any] = await _patiently(lambda: client.describe_consumer_groups([group]))
    return sum(len(row[MEMBERS]) for answer in answers for row in answer.groups)


async def _patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask again after a passing error; raises the last one, at the latest after `PATIENCE_SECONDS`."""
    failures = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await ask()
            except Exception as error:
                if decide(error) is Decision.STOP:
                    raise
                failures += 1
                await asyncio.sleep(backoff_seconds(failures))
