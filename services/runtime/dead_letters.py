"""What no stage could take: written beside the results, listed, shown, and put back.

A dead letter is the original record: key, value and headers as they were, and our own headers after them. To
put one back writes it to the topic it came from, with one round more, and beside it, in the same transaction,
a mark into `dead-letter` that says that this one is settled; listing leaves settled ones out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from schemas import headers as record_headers
from schemas.headers import Headers
from schemas.operations import DeadLetter
from schemas.topics import DEAD_LETTER
from services.runtime.frames import Failed
from services.runtime.kafka import producer, read_up_to, reader
from services.runtime.records import Message, Record
from services.runtime.settings import KafkaSettings

PREFIX: Final = "isowire-dead-letter-"
ROUNDS: Final = "isowire-rounds"  # on a record that was put back, too
SETTLED: Final = "isowire-settled"  # partition and offset of the dead letter that was put back
OWN: Final = (PREFIX, ROUNDS, SETTLED)
MAX_ROUNDS: Final = 3
POLL_MS: Final = 1000


class Place(NamedTuple):
    """Where a dead letter stands in `dead-letter`."""

    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.partition}-{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read `partition-offset`; raises `ValueError`."""
        partition, _, offset = text.partition("-")
        return cls(int(partition), int(offset))


class Found(NamedTuple):
    """A dead letter and its place."""

    place: Place
    letter: DeadLetter


class Redriven(NamedTuple):
    """What came of putting dead letters back: the places, and those refused for their rounds."""

    put_back: list[Place]
    refused: list[Place]


def dead_letter(topic: str, stage: str, record: Record, failed: Failed) -> Message:
    """Return the message that goes to `dead-letter` for a record that a stage could not take."""
    told = {
        "stage": stage,
        "reason": failed.reason,
        "detail": failed.detail,
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "failed-at": datetime.now(UTC).isoformat(),
    }
    own: Headers = [(PREFIX + name, text.encode()) for name, text in told.items() if text is not None]
    own.append((ROUNDS, str(rounds(record.headers)).encode()))
    # Kafka's client sends no record that has neither key nor value.
    value = b"" if record.key is None and record.value is None else record.value
    return Message(topic, record.key, value, [*_original(record.headers), *own])


def read_dead_letter(record: Record) -> DeadLetter | None:
    """Return the dead letter of a record, or None for a mark; raises `ValueError` for anything else."""

    def told(name: str) -> str | None:
        return record_headers.get(record.headers, PREFIX + name)

    if record_headers.get(record.headers, SETTLED) is not None:
        return None
    return DeadLetter.model_validate(
        {
            "key": record.key,
            "value": record.value,
            "stage": told("stage"),
            "reason": told("reason"),
            "detail": told("detail"),
            "topic": told("topic"),
            "partition": told("partition"),
            "offset": told("offset"),
            "rounds": rounds(record.headers),
            "failed_at": told("failed-at"),
            "headers": _original(record.headers),
        }
    )


def rounds(headers: Sequence[tuple[str, bytes]]) -> int:
    """Return how often a record has been put back."""
    return int(record_headers.get(headers, ROUNDS) or 0)


def _original(headers: Sequence[tuple[str, bytes]]) -> Headers:
    return [(name, value) for name, value in headers if not name.startswith(OWN)]


async def list_dead_letters(
    settings: KafkaSettings, *, stage: str | None = None, reason: str | None = None
) -> list[Found]:
    """Return the dead letters that are not settled, oldest first in each partition."""
    found: dict[Place, DeadLetter] = {}
    settled: set[Place] = set()
    async for record in _read_all(settings):
        mark = record_headers.get(record.headers, SETTLED)
        if mark is not None:
            settled.add(Place.parse(mark))
        elif (letter := read_dead_letter(record)) is not None:
            found[Place(record.partition, record.offset)] = letter
    return [
        Found(place, letter)
        for place, letter in sorted(found.items())
        if place not in settled and stage in (None, letter.stage) and reason in (None, letter.reason)
    ]


async def show_dead_letter(settings: KafkaSettings, place: Place) -> DeadLetter:
    """Return one dead letter, settled or not; raises `LookupError`."""
    async with _opened(settings) as consumer:
        partition = TopicPartition(settings.topic(DEAD_LETTER.name), place.partition)
        if partition in consumer.assignment():
            consumer.seek(partition, place.offset)
            fetched = await consumer.getmany(partition, timeout_ms=POLL_MS, max_records=1)
            for record in fetched.get(partition, []):
                if record.offset == place.offset and (letter := read_dead_letter(record)) is not None:
                    return letter
    msg = f"no dead letter at {place}"
    raise LookupError(msg)


async def redrive(
    settings: KafkaSettings, letters: Sequence[Found], *, max_rounds: int = MAX_ROUNDS
) -> Redriven:
    """Put dead letters back where they came from, all or none; those of `max_rounds` rounds stay."""
    result = Redriven([], [])
    for place, letter in letters:
        (result.refused if letter.rounds >= max_rounds else result.put_back).append(place)
    accepted = [(place, letter) for place, letter in letters if letter.rounds < max_rounds]
    if accepted:
        await _put_back(settings, accepted)
    return result


async def _put_back(settings: KafkaSettings, letters: Sequence[tuple[Place, DeadLetter]]) -> None:
    sender = producer(settings, transactional_id=f"{settings.group('redrive')}")
    await sender.start()
    try:
        async with sender.transaction():
            for place, letter in letters:
                again: Headers = [*letter.headers, (ROUNDS, str(letter.rounds + 1).encode())]
                await sender.send_and_wait(letter.topic, letter.value, letter.key, headers=again)
                await sender.send_and_wait(
                    settings.topic(DEAD_LETTER.name),
                    b"",
                    letter.key,
                    partition=place.partition,
                    headers=[(SETTLED, str(place).encode())],
                )
    finally:
        await sender.stop()


async def _read_all(settings: KafkaSettings) -> AsyncIterator[Record]:
    """Yield what is in `dead-letter` by now."""
    async with _opened(settings) as consumer:
        async for record in read_up_to(consumer, await consumer.end_offsets(list(consumer.assignment()))):
            yield record


@asynccontextmanager
async def _opened(settings: KafkaSettings) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = reader(settings, settings.topic(DEAD_LETTER.name))
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()
