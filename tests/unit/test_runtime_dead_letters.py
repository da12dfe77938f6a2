"""A dead letter is the original record, and why it is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from schemas.headers import Headers
from services.runtime.dead_letters import Place, dead_letter, read_dead_letter, rounds
from services.runtime.frames import Failed


@dataclass(frozen=True)
class FakeRecord:
    """A record as aiokafka hands it out."""

    value: bytes | None = b"\xff\x00page"
    key: bytes | None = b"key"
    headers: Headers = field(default_factory=lambda: [("ce_id", b"1"), ("ce_id", b"2"), ("x", b"\xff")])
    topic: str = "p.cleaned"
    partition: int = 3
    offset: int = 2**40
    timestamp: int = 0


def round_trip(record: FakeRecord, failed: Failed) -> FakeRecord:
    message = dead_letter("p.dead-letter", "extract", record, failed)
    return FakeRecord(message.value, message.key, message.headers, message.topic, 0, 0)


def test_round_trip_keeps_every_byte() -> None:
    record = FakeRecord()
    letter = read_dead_letter(round_trip(record, Failed("timeout", "5 秒内没有回答")))
    assert letter is not None
    assert (letter.key, letter.value, letter.headers) == (record.key, record.value, record.headers)
    assert (letter.stage, letter.reason, letter.detail) == ("extract", "timeout", "5 秒内没有回答")
    assert (letter.topic, letter.partition, letter.offset, letter.rounds) == ("p.cleaned", 3, 2**40, 0)
    assert abs((datetime.now(UTC) - letter.failed_at).total_seconds()) < 10


def test_no_detail() -> None:
    letter = read_dead_letter(round_trip(FakeRecord(), Failed("empty", None)))
    assert letter is not None
    assert letter.detail is None


def test_a_record_that_came_again_keeps_its_rounds() -> None:
    record = FakeRecord(headers=[("ce_id", b"1"), ("isowire-rounds", b"2")])
    assert rounds(record.headers) == 2
    letter = read_dead_letter(round_trip(record, Failed("error", "x")))
    assert letter is not None
    assert (letter.rounds, letter.headers) == (2, [("ce_id", b"1")])


def test_without_key_and_value() -> None:
    message = dead_letter("d", "clean", FakeRecord(value=None, key=None), Failed("undecodable", None))
    assert (message.key, message.value) == (None, b"")


def test_a_tombstone_keeps_its_null() -> None:
    letter = read_dead_letter(round_trip(FakeRecord(value=None), Failed("undecodable", None)))
    assert letter is not None
    assert letter.value is None


def test_marks_are_no_letters_and_strangers_are_refused() -> None:
    assert read_dead_letter(FakeRecord(headers=[("isowire-settled", b"0-7")])) is None
    with pytest.raises(ValueError, match="stage"):
        read_dead_letter(FakeRecord(headers=[]))


def test_places() -> None:
    assert Place.parse("3-17") == Place(3, 17)
    assert str(Place(3, 17)) == "3-17"
    with pytest.raises(ValueError, match="invalid literal"):
        Place.parse("somewhere")
