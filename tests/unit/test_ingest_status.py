from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.operations import SourceState, SourceStatus
from services.ingest.feeds import Entry, Feed
from services.ingest.poll_feed import wanted_entries
from services.ingest.status import (
    MAX_BACK_OFF_S,
    MAX_SEEN,
    back_off,
    checkpoint,
    failed,
    first_status,
    succeeded,
    transition,
)

NOON = datetime(2024, 6, 25, 12, tzinfo=UTC)
NEW = first_status("sample", "feed", NOON)


def poll(status: SourceStatus, hours: float, new: int = 0, silent_after: float | None = 3600) -> SourceStatus:
    now = NOON + timedelta(hours=hours)
    return succeeded(status, now, new=new, interval=60, silent_after=silent_after)


def test_silence_is_counted_from_the_last_new_page() -> None:
    status = poll(NEW, 0.1, new=2)
    assert poll(status, 1.0).state is SourceState.OK
    assert poll(status, 1.2).state is SourceState.SILENT
    assert poll(poll(status, 1.2), 1.3, new=1).state is SourceState.OK


def test_a_source_that_never_brought_anything_falls_silent_too() -> None:
    assert poll(NEW, 0.5).state is SourceState.OK
    assert poll(poll(NEW, 0.5), 1.5).state is SourceState.SILENT


def test_without_a_limit_nothing_is_silent() -> None:
    assert poll(NEW, 1000, silent_after=None).state is SourceState.OK


def test_failures_back_off_and_a_success_ends_them() -> None:
    status = failed(NEW, NOON, error="network: gone", interval=900)
    assert (status.state, status.consecutive_failures) == (SourceState.FAILING, 1)
    assert status.next_poll_at == NOON + timedelta(seconds=30)
    again = failed(status, NOON, error="network: gone", interval=900)
    assert again.next_poll_at == NOON + timedelta(seconds=60)
    assert poll(again, 1).consecutive_failures == 0
    assert poll(again, 1).error is None


def test_the_host_may_ask_for_a_longer_pause() -> None:
    status = failed(NEW, NOON, error="429", interval=900, wait=7200)
    assert status.next_poll_at == NOON + timedelta(hours=2)


@pytest.mark.parametrize("failures", [1, 5, 50, 5000])
def test_the_back_off_grows_to_a_bound(failures: int) -> None:
    assert 0 < back_off(900, failures) <= MAX_BACK_OFF_S
    assert back_off(0.1, 1) == 0.1


def test_the_checkpoint_follows_the_feed_and_forgets_the_oldest() -> None:
    status = checkpoint(NEW, {"b": "b1", "a": None}, ["a", "b", "c"])
    assert status.seen == ["a", "b"]
    assert status.revisions == {"b": "b1"}
    more = {f"x{i}": f"r{i}" for i in range(MAX_SEEN)}
    later = checkpoint(status, dict(more), [f"x{i}" for i in range(MAX_SEEN)])
    assert len(later.seen) == len(later.revisions) == MAX_SEEN
    assert "a" not in later.seen


def test_operators_hear_of_changes_only() -> None:
    failing = failed(NEW, NOON, error="network: gone", interval=60)
    assert transition(None, NEW) is None
    told = transition(NEW, failing)
    assert told is not None
    assert (told.resolved, told.subject) == (False, "source/sample")
    assert "network: gone" in told.summary
    assert transition(failing, failed(failing, NOON, error="x", interval=60)) is None
    resolved = transition(failing, poll(failing, 0.1))
    assert resolved is not None
    assert resolved.resolved


def entry(number: int, updated: datetime | None = None) -> Entry:
    return Entry(f"http://a.example/{number}", None, None, updated)


def wanted(entries: list[Entry], status: SourceStatus) -> list[str]:
    return [found.url.rpartition("/")[2] for found in wanted_entries(Feed(entries), status)]


def after_a_poll(entries: list[Entry]) -> SourceStatus:
    keys = [one.url_id for one in entries]
    times = {one.url_id: one.updated.isoformat() for one in entries if one.updated}
    return checkpoint(NEW, dict.fromkeys(keys), keys, times)


def test_new_entries_are_wanted_oldest_first() -> None:
    assert wanted([entry(3), entry(2), entry(1)], NEW) == ["1", "2", "3"]
    assert wanted([entry(3), entry(2), entry(1)], after_a_poll([entry(1)])) == ["2", "3"]


def test_an_entry_is_fetched_again_once_it_was_updated() -> None:
    status = after_a_poll([entry(1, NOON), entry(2, NOON), entry(3)])
    later = NOON + timedelta(seconds=1)
    assert wanted([entry(1, NOON), entry(2, NOON), entry(3)], status) == []
    assert wanted([entry(1, NOON), entry(2, later), entry(3, later)], status) == ["2"]
    assert wanted([entry(1, NOON - timedelta(days=1))], status) == []


def test_a_feed_that_stamps_all_entries_at_each_poll_is_not_fetched_over_and_over() -> None:
    status = after_a_poll([entry(i, NOON) for i in range(20)])
    stamped = [entry(i, NOON + timedelta(hours=1)) for i in range(20)]
    assert wanted([entry(99), *stamped], status) == ["99"]
