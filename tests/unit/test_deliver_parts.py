from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from schemas.alert import Severity
from services.deliver.cursor import CursorError, read_cursor, write_cursor
from services.deliver.follow import Event, begin_at
from services.deliver.recent import RecentAlerts
from services.deliver.records import Head, Kind, Told, Wanted, read_record
from services.deliver.sse import encode

NOON = datetime(2024, 6, 25, 12, tzinfo=UTC)


@dataclass
class Record:
    """What is read of a Kafka record."""

    value: bytes
    partition: int = 0
    offset: int = 7


def data(number: int = 1, **more: object) -> dict[str, object]:
    seen = (NOON + timedelta(minutes=number)).isoformat()
    return {"id": f"{number:04x}", "rule_id": "signed", "severity": "notice", "last_seen": seen, **more}


def told(number: int = 1, **more: object) -> Told:
    found = read_record(Record(orjson.dumps(data(number, **more))))
    assert found is not None
    return found


def test_a_cursor_comes_back_as_it_was() -> None:
    positions = {3: 44, 0: 12, 11: 0}
    text = write_cursor("alert.isotopes", positions)
    assert text == "alert.isotopes/0:12,3:44,11:0"
    assert read_cursor("alert.isotopes", text) == positions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alert",
        "alert/",
        "alert/0",
        "alert/0:-1",
        "alert/0:1,",
        "alert/0:1\n",
        "alert.x/0:1",
        "42",
        "alert/0:" + "9" * 40,
    ],
)
def test_what_is_no_cursor(text: str) -> None:
    with pytest.raises(CursorError):
        read_cursor("alert", text)


def test_where_a_client_begins() -> None:
    ends = {0: 10, 1: 10, 2: 10}
    assert begin_at({0: 4, 1: 10}, ends) == {0: 4, 1: 10, 2: 0}
    assert begin_at({0: 11, 1: 10, 2: 10}, ends) == {0: 0, 1: 10, 2: 10}
    assert begin_at({7: 3}, {0: 1}) == {0: 0}


def test_the_same_content_has_the_same_digest_whatever_its_form() -> None:
    pretty = orjson.dumps(dict(reversed(data().items())), option=orjson.OPT_INDENT_2)
    found = read_record(Record(pretty))
    assert found is not None
    assert found.digest == told().digest
    assert b"\n" not in found.value
    assert told(report_count=2).digest != told(report_count=1).digest


@pytest.mark.parametrize("value", [b"", b"no json", b"[]", b"{}", orjson.dumps(data(severity="loud"))])
def test_what_is_no_alert_is_left_out(value: bytes) -> None:
    assert read_record(Record(value)) is None


@pytest.mark.parametrize(
    ("wanted", "takes"),
    [
        (Wanted(), True),
        (Wanted(Severity.NOTICE), True),
        (Wanted(Severity.WARNING), False),
        (Wanted(rules=frozenset({"signed", "opened"})), True),
        (Wanted(rules=frozenset({"opened"})), False),
    ],
)
def test_what_a_reader_wants(wanted: Wanted, takes: bool) -> None:
    assert wanted.takes(told().head) is takes


def test_an_event_on_the_wire() -> None:
    event = Event("alert/0:8", Kind.UPDATE, told())
    lines = encode(event, None).decode().split("\n")
    assert lines[:2] == ["id: alert/0:8", "event: update"]
    assert orjson.loads(lines[2].removeprefix("data: ")) == data()
    assert lines[3:] == ["", ""]


def test_a_place_is_told_once_and_is_then_a_sign_of_life() -> None:
    place = Event("alert/0:8")
    assert b"id: alert/0:8\n" in encode(place, None)
    assert b"data" not in encode(place, None)
    assert encode(place, "alert/0:8").startswith(b":")


def recent(*numbers: int, most: int = 100, most_bytes: int = 1 << 20) -> RecentAlerts:
    alerts = RecentAlerts(most, most_bytes)
    for number in numbers:
        alerts.put(told(number))
    return alerts


def numbers(alerts: RecentAlerts, wanted: Wanted, limit: int) -> list[list[int]]:
    pages, after = list[list[int]](), None
    while True:
        found, after = alerts.page(wanted, limit, after)
        pages.append([int(orjson.loads(value)["id"], 16) for value in found])
        if after is None:
            return pages


@pytest.mark.parametrize(
    ("limit", "pages"), [(2, [[5, 4], [3, 2], [1]]), (5, [[5, 4, 3, 2, 1]]), (9, [[5, 4, 3, 2, 1]])]
)
def test_pages_of_the_list(limit: int, pages: list[list[int]]) -> None:
    assert numbers(recent(3, 1, 5, 2, 4), Wanted(), limit) == pages


def test_an_alert_that_comes_in_between_pages_shifts_nothing() -> None:
    alerts = recent(1, 2, 3)
    _, after = alerts.page(Wanted(), 2, None)
    alerts.put(told(9))
    found, _ = alerts.page(Wanted(), 2, after)
    assert [orjson.loads(value)["id"] for value in found] == ["0001"]


def test_a_new_version_takes_the_place_of_the_old_one() -> None:
    alerts = recent(1, 1, 1)
    assert len(alerts) == 1
    alerts.put(told(1, severity="critical"))
    assert numbers(alerts, Wanted(Severity.CRITICAL), 5) == [[1]]
    alerts.drop("0001")
    assert numbers(alerts, Wanted(), 5) == [[]]


def test_the_list_is_bounded_and_the_stalest_go() -> None:
    kept = numbers(recent(*range(50), most=20), Wanted(), 100)[0]
    assert len(kept) <= 20
    assert kept[0] == 49
    size = len(orjson.dumps(data()))
    assert len(recent(*range(50), most_bytes=size * 10)) <= 10


def test_a_time_without_a_zone_does_not_break_the_order() -> None:
    alerts = recent(1, 2)
    alerts.put(told(3, last_seen="2024-06-25T12:01:30"))
    assert Head.model_validate(data(3)).id == "0003"
    assert numbers(alerts, Wanted(), 5) == [[2, 3, 1]]
