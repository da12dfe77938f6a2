"""The table of threads: a Faust table whose recovery merges, and whose writes are acknowledged first.

Faust's own table writes its changelog without waiting and takes the last value of a key for the truth. A
worker that was frozen in the middle of a batch may write an old value after its successor has written a
newer one. Here all values of a key that the changelog still holds are merged, so an old one does no harm;
compaction leaves them alone for `COMPACTION_LAG_MS`, longer than any worker stays frozen unnoticed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

import faust
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition
from faust.types import TP, EventT

from schemas.topics import OCCURRENCE, Topic
from services.alert.story import Thread, union
from services.runtime.kafka import read_up_to

TABLE: Final = "stories"
COMPACTION_LAG_MS: Final = 6 * 3600 * 1000

OnRebalance = Callable[[set[int]], Awaitable[None]]


def changelog_topic(service_group: str, partitions: int) -> Topic:
    """Return the changelog of the table; `service_group` without the deployment's prefix."""
    return Topic(
        f"{service_group}-{TABLE}-changelog",
        "rule and what happened",
        Thread,
        ("alert",),
        "Every thread as it was last.",
        "compact",
        partitions=partitions,
        extra={"min.compaction.lag.ms": str(COMPACTION_LAG_MS), "retention.ms": "-1"},
    )


class StoryTable(faust.Table[bytes, bytes]):
    """Threads by `story.thread_id`, as JSON, in the partition that their occurrences come in."""

    take_over: OnRebalance | None = None

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Fence the former owners before the recovery looks at the changelog."""
        if self.take_over:
            await self.take_over({tp.partition for tp in assigned if tp.topic.endswith(OCCURRENCE.name)})
        await super().on_rebalance(assigned, revoked, newly_assigned, generation_id)

    def apply_changelog_batch(self, batch: Iterable[EventT[Any]]) -> None:
        """Merge what the changelog holds of each key."""
        for event in batch:
            self._merge(event.message)

    async def restore(self, client: AIOKafkaConsumer, partitions: Iterable[int]) -> None:
        """Merge the whole changelog of some partitions, before any of their events is taken.

        Faust's own recovery reads through the same flow that drops records around a rebalance
        (`services.alert.gaps`), and tells nobody.
        """
        topic = self.changelog_topic.get_topic_name()
        own = [TopicPartition(topic, number) for number in partitions]
        if own:
            await client.seek_to_beginning(*own)
            async for record in read_up_to(client, await client.end_offsets(own)):
                self._merge(record)

    def _merge(self, record: Any) -> None:
        key, value = record.key, record.value
        if key is None or value is None:
            return
        known = self.data.data.get(key)
        if known is not None and known != value:
            value = union(Thread.from_json(known), Thread.from_json(value)).to_json()
        self._remember(record.partition, key, value)

    def thread(self, name: str) -> Thread | None:
        """Return a thread, or None where there is none yet."""
        value = self.data.data.get(name.encode())
        return Thread.from_json(value) if value is not None else None

    async def write(self, sender: AIOKafkaProducer, partition: int, threads: Mapping[str, Thread]) -> None:
        """Write threads to the changelog, wait for the broker, and only then to the table."""
        topic = self.changelog_topic.get_topic_name()
        values = {name.encode(): thread.to_json() for name, thread in threads.items()}
        for sent in [await sender.send(topic, v, k, partition=partition) for k, v in values.items()]:
            await sent
        for key, value in values.items():
            self._remember(partition, key, value)

    def _remember(self, partition: int, key: bytes, value: bytes) -> None:
        """Note the partition too: the store drops the keys of partitions that went elsewhere."""
        store: Any = self.data
        store.data[key] = value
        store._key_partition[key] = partition  # noqa: SLF001 - Faust fills it from the changelog only
