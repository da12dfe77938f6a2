"""What a stage remembers of its earlier results (`services.runtime.stage.Memory`), read and put to use.

A memory needs no store of its own: a lane that takes its partition over reads the last results anew. Those of
an aborted transaction are not among them, and what was lost with a process is there again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Final

from aiokafka.structs import TopicPartition

from services.runtime.frames import Outcome, Produced
from services.runtime.kafka import read_up_to, reader
from services.runtime.records import Transformed
from services.runtime.settings import KafkaSettings
from services.runtime.stage import Memory, Tallies

# Each transaction leaves a marker that takes an offset and is no record.
OFFSETS_A_RECORD: Final = 2


async def recall(
    settings: KafkaSettings, partition: TopicPartition, new_memory: Callable[[int], Memory], results: int
) -> Memory:
    """Return a memory that has learned the last results of a target partition, as far as committed."""
    memory = new_memory(results)
    consumer = reader(settings)
    try:
        await consumer.start()
        consumer.assign([partition])
        first = (await consumer.beginning_offsets([partition]))[partition]
        ends = await consumer.end_offsets([partition])
        consumer.seek(partition, max(first, ends[partition] - OFFSETS_A_RECORD * results))
        async for record in read_up_to(consumer, ends):
            with contextlib.suppress(ValueError):  # whoever wrote that to the topic: it is no result
                memory.learn(record.value or b"")
    finally:
        await consumer.stop()
    return memory


def settled(batch: Transformed, memory: Memory) -> Transformed:
    """Return the batch with its results settled, in their order."""
    return batch._replace(outcomes=[_settle(outcome, memory) for outcome in batch.outcomes])


def _settle(outcome: Outcome, memory: Memory) -> Outcome:
    if not isinstance(outcome, Produced):
        return outcome
    tallies = outcome.tallies
    records = []
    for record in outcome.records:
        value, counted = memory.settle(record.value or b"")
        records.append(record._replace(value=value))
        tallies = _added(tallies, counted)
    return outcome._replace(records=records, tallies=tallies)


def _added(tallies: Tallies, more: Tallies) -> Mapping[str, Mapping[str, int]]:
    """Return the sums; the kinds of one family do not overlap."""
    return {name: {**tallies.get(name, {}), **more.get(name, {})} for name in {*tallies, *more}}
