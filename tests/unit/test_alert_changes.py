"""What a batch of hits changes: what is written, what is taken back, and that one bad hit stops no other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alert import Alert, Occurrence, Severity, Subscription
from services.alert import changes as module
from services.alert import story
from services.alert.changes import Changes, Hit, changes
from services.alert.routing import wants
from services.alert.rules import parse_rules
from services.alert.story import MAX_BUCKETS, Thread
from tests.unit.alert_samples import FETCHED, occurrence
from tests.unit.test_alert_story import HITS

SUBSCRIPTIONS = [
    Subscription(id="all", title="All"),
    Subscription(id="loud", title="Loud", min_severity=Severity.WARNING),
    Subscription(id="worded", title="Worded", keywords=["标题1"]),
]


class World:
    """A table and the compacted view of the topics, as the application keeps them."""

    def __init__(self) -> None:
        self.table: dict[str, Thread] = {}
        self.view: dict[module.Route, Alert] = {}

    def take(self, *hits: Occurrence) -> Changes[int]:
        result = changes([Hit(h, n) for n, h in enumerate(hits)], self.table.get, SUBSCRIPTIONS)
        for route, (alert, _) in result.alerts.items():
            if alert is None:
                self.view.pop(route, None)
            else:
                self.view[route] = alert
        self.table |= result.threads
        return result


@given(st.lists(HITS, min_size=1, max_size=10), st.data())
@settings(deadline=None)
def test_any_batches_in_any_order_give_the_same_compacted_view(
    hits: list[Occurrence], data: st.DataObject
) -> None:
    one, other = World(), World()
    one.take(*hits)
    for hit in data.draw(st.permutations(hits)):
        other.take(hit)
    assert other.table == one.table
    assert other.view == one.view


@given(st.lists(HITS, min_size=1, max_size=10))
@settings(deadline=None)
def test_a_repeat_writes_nothing(hits: list[Occurrence]) -> None:
    world = World()
    world.take(*hits)
    again = world.take(*hits)
    assert not again.alerts
    assert not again.threads
    assert again.duplicates == len(hits)


def test_a_new_story_is_raised_and_a_further_report_updates_it() -> None:
    world = World()
    first = world.take(occurrence("1", date="2025-08-22"))
    second = world.take(occurrence("2", date="2025-08-22"))
    assert [a.report_count for a in first.raised] == [1]
    assert [a.report_count for a in second.updated] == [2]
    assert not first.updated
    assert not second.raised


def test_an_undated_report_whose_story_gets_its_date_is_taken_back() -> None:
    world = World()
    (undated,) = world.take(occurrence("2")).raised
    result = world.take(occurrence("1", date="2025-03-01"))
    assert [a.id for a in result.withdrawn] == [undated.id]
    assert result.alerts["alert", undated.id] == (None, 0)
    assert {topic for topic, _ in world.view} >= {"alert", "alert.all"}
    assert {a.report_count for a in world.view.values()} == {2}


def test_an_alert_that_a_subscription_no_longer_wants_is_taken_back_there_only() -> None:
    world = World()
    world.take(occurrence("1", date="2025-08-22"))
    assert len(world.view) == 3
    world.take(occurrence("2", date="2025-08-22", body_chars=500))
    assert {topic for topic, _ in world.view} == {"alert", "alert.all"}


def test_one_bad_hit_is_refused_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_on_two(thread: Thread | None, hit: Occurrence) -> Thread:
        if hit.report.title == "标题2":
            raise ZeroDivisionError
        return story.merge(thread, hit)

    monkeypatch.setattr(module, "merge", fails_on_two)
    world = World()
    result = world.take(*(occurrence(page, date="2025-08-22") for page in "123"))
    assert [(r.source, r.reason) for r in result.refused] == [(1, "error")]
    assert [a.report_count for a in result.raised] == [2]


def test_what_a_full_thread_lets_go_is_not_taken_back_and_a_late_report_of_it_is_refused() -> None:
    world = World()
    days = [str(FETCHED.date() + timedelta(days=20 * n)) for n in range(MAX_BUCKETS + 1)]
    for n, day in enumerate(days):
        world.take(occurrence(str(n), date=day))
    assert len([route for route in world.view if route[0] == "alert"]) == MAX_BUCKETS + 1
    result = world.take(occurrence("late", date=days[0]))
    assert [r.reason for r in result.refused] == ["story_closed"]
    assert not result.alerts


def test_subscriptions_choose_by_severity_rule_name_and_word() -> None:
    world = World()
    (alert,) = world.take(occurrence("1", date="2025-08-22")).raised

    def asks(**fields: object) -> bool:
        return wants(Subscription.model_validate({"id": "s", "title": "S", **fields}), alert)

    assert asks()
    assert asks(rules=["agreement-signed"], entities=["虚构 核药有限公司"], keywords=["签署"])
    assert not asks(rules=["safety"])
    assert not asks(min_severity="warning")
    assert not asks(entities=["别家公司"])
    assert not asks(keywords=["别的词"])


def test_the_default_subscriptions_name_rules_that_exist() -> None:
    text = Path(module.__file__).with_name("data").joinpath("rules.yaml").read_text(encoding="utf-8")
    assert [s.id for s in parse_rules(text, Path("rules.yaml")).subscriptions] == [
        "urgent",
        "deals",
        "clinic",
    ]
