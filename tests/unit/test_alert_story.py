"""One story for one thing that happened, in whatever order and however often its copies come."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alert import Alert, Occurrence
from services.alert import story
from services.alert.story import MAX_BUCKETS, MAX_REPORTS, Thread, merge, remembers, stories, to_alert
from tests.unit.alert_samples import FETCHED, occurrence


def thread_of(*hits: Occurrence) -> Thread:
    thread = reduce(merge, hits, None)
    assert thread is not None
    return thread


def alerts_of(*hits: Occurrence) -> list[Alert]:
    return [to_alert(s) for s in stories(thread_of(*hits))]


DATES = st.sampled_from(
    [
        "2025-08-22",
        "2025-08-24",
        "2025-09-02",
        "2025-12-30",
        "2024-08-22",
        "2025-08",
        "--08-22",
        "--12",
        "2025",
    ]
)
HITS = st.builds(
    occurrence,
    page=st.sampled_from("123456"),
    date=DATES | st.none(),
    published=DATES | st.none(),
    body_chars=st.integers(0, 3),
    fetched_at=st.integers(0, 200).map(lambda days: FETCHED + timedelta(days=days)),
    event_id=st.sampled_from("abc"),
)


@given(st.lists(HITS, min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=300)
def test_any_order_and_any_repeat_give_the_same_thread_and_alerts(
    hits: list[Occurrence], random: object
) -> None:
    assert hasattr(random, "shuffle")
    again = [*hits, *hits[::2]]
    random.shuffle(again)
    assert thread_of(*again) == thread_of(*hits)
    assert alerts_of(*again) == alerts_of(*hits)


@given(st.lists(HITS, min_size=1, max_size=12))
@settings(deadline=None)
def test_every_page_is_in_a_story_and_no_two_alerts_share_an_id(hits: list[Occurrence]) -> None:
    alerts = alerts_of(*hits)
    assert len({a.id for a in alerts}) == len(alerts)
    assert {r.url_id for a in alerts for r in a.reports} == {h.report.url_id for h in hits}


@given(st.lists(HITS, min_size=1, max_size=8))
@settings(deadline=None)
def test_a_thread_survives_its_way_through_the_table(hits: list[Occurrence]) -> None:
    thread = thread_of(*hits)
    assert Thread.from_json(thread.to_json()) == thread


def test_copies_on_several_pages_are_one_alert_that_counts_them() -> None:
    hits = [occurrence(page, date="2025-08-22") for page in "123"]
    one, two, three = (alerts_of(*hits[: n + 1]) for n in range(3))
    assert {one[0].id} == {two[0].id} == {three[0].id}
    assert [a[0].report_count for a in (one, two, three)] == [1, 2, 3]


def test_months_apart_are_two_alerts() -> None:
    assert len(alerts_of(occurrence("1", date="2025-03-01"), occurrence("2", date="2025-08-22"))) == 2


def test_a_few_days_apart_are_one_alert_also_across_months() -> None:
    assert len(alerts_of(occurrence("1", date="2025-08-30"), occurrence("2", date="2025-09-02"))) == 1


@pytest.mark.parametrize("vague", [None, "--08-22", "--08", "2025-08", "2025"])
def test_a_copy_with_a_vague_date_joins_its_story_in_any_order(vague: str | None) -> None:
    spring, summer = occurrence("1", date="2025-03-01"), occurrence("2", date="2025-08-22")
    copy = occurrence("3", date=vague)
    for order in permutations([spring, summer, copy]):
        alerts = alerts_of(*order)
        assert [a.report_count for a in alerts] == [1, 2]


def test_a_copy_without_date_that_was_fetched_earlier_belongs_to_the_earlier_story() -> None:
    early = occurrence("3", fetched_at=FETCHED - timedelta(days=60))
    alerts = alerts_of(occurrence("1", date="2025-03-01"), occurrence("2", date="2025-08-22"), early)
    assert [a.report_count for a in alerts] == [2, 1]


def test_vague_copies_alone_are_one_alert() -> None:
    assert (
        len(alerts_of(occurrence("1"), occurrence("2", date="--08-22"), occurrence("3", date="2025-08"))) == 1
    )


def test_the_day_of_publication_stands_in_for_an_event_without_date() -> None:
    dated = occurrence("1", date="2025-03-01")
    assert len(alerts_of(dated, occurrence("2", published="2025-08-22"))) == 2
    assert len(alerts_of(dated, occurrence("2", published="2025-03-03"))) == 1
    assert len(alerts_of(dated, occurrence("2", date="--03-01", published="2025-03-03"))) == 1
    assert (
        len(
            alerts_of(
                occurrence("1", date="2024-12-31"), occurrence("2", date="--12-31", published="2025-01-02")
            )
        )
        == 1
    )


def test_the_alert_keeps_its_id_when_a_copy_dates_it_a_little_earlier_within_the_cell() -> None:
    (before,) = alerts_of(occurrence("1", date="2025-08-24"))
    (after,) = alerts_of(occurrence("1", date="2025-08-24"), occurrence("2", date="2025-08-22"))
    assert before.id == after.id


def test_head_is_the_fullest_then_the_newest_then_the_smallest_id() -> None:
    full = occurrence("1", date="2025-08-22", body_chars=200)
    new = occurrence("2", date="2025-08-22", fetched_at=FETCHED + timedelta(hours=1))
    old = occurrence("3", date="2025-08-22")
    assert alerts_of(new, full, old)[0].url == full.report.url
    assert alerts_of(old, new)[0].url == new.report.url
    twins = [occurrence("4", date="2025-08-22", event_id=i) for i in "ba"]
    assert alerts_of(*twins)[0].title == "标题4"
    assert stories(thread_of(*twins))[0].bucket.head.event_id == "a"


def test_the_alert_tells_the_best_date_that_any_copy_gives() -> None:
    (alert,) = alerts_of(occurrence("1", body_chars=500), occurrence("2", date="2025-08-22"))
    assert alert.date == "2025-08-22"
    (alert,) = alerts_of(occurrence("1"))
    assert alert.date is None


def test_a_newer_revision_of_a_page_replaces_its_report() -> None:
    first = occurrence("1", date="2025-08-22", title="初稿")
    second = occurrence("1", date="2025-08-22", title="定稿", fetched_at=FETCHED + timedelta(hours=1))
    (alert,) = alerts_of(second, first)
    assert [r.title for r in alert.reports] == ["定稿"]
    assert alert.report_count == 1
    assert (alert.first_seen, alert.last_seen) == (FETCHED, FETCHED + timedelta(hours=1))


def test_reports_written_out_are_bounded_and_all_are_counted() -> None:
    hits = [occurrence(str(n), date="2025-08-22") for n in range(3 * MAX_REPORTS)]
    (alert,) = alerts_of(*hits)
    assert len(alert.reports) == MAX_REPORTS
    assert alert.report_count == 3 * MAX_REPORTS
    assert alerts_of(*reversed(hits)) == [alert]


def test_the_oldest_story_is_let_go_when_a_thread_is_full() -> None:
    days = [FETCHED.date() + timedelta(days=20 * n) for n in range(MAX_BUCKETS + 1)]
    thread = thread_of(*(occurrence(str(n), date=str(day)) for n, day in enumerate(days)))
    assert len(thread.buckets) == MAX_BUCKETS
    late = occurrence("late", date=str(days[0]))
    assert not remembers(merge(thread, late), late)
    assert remembers(thread, occurrence("now", date=str(days[-1])))


def test_dates_that_no_calendar_has_do_no_harm() -> None:
    hits = [
        occurrence(str(n), date=d) for n, d in enumerate(["2025-02-30", "2025-13", "--02-29", "0000-01-01"])
    ]
    assert sum(a.report_count for a in alerts_of(*hits)) == len(hits)


def test_windows_and_cells_agree() -> None:
    assert story.CELL_DAYS == story.WINDOW_DAYS + 1, "two stories of a thread would share an alert id"
