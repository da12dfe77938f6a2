"""What a batch of hits changes: threads, alerts to write, alerts to take back. No I/O.

An alert is taken back (a record without a value) where a later copy has shown that its story belongs
elsewhere: an undated report whose story got its date, two stories that a third report joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from schemas.alert import Alert, Occurrence, Subscription
from services.alert.routing import topics_of
from services.alert.story import Thread, merge, remembers, stories, thread_id, to_alert

Source = TypeVar("Source")
Route = tuple[str, str]  # topic without prefix, alert id


@dataclass(frozen=True)
class Hit(Generic[Source]):
    """An occurrence and the record that it was read from."""

    occurrence: Occurrence
    source: Source


@dataclass(frozen=True)
class Refused(Generic[Source]):
    """A record that no story can take."""

    source: Source
    reason: str
    detail: str


@dataclass
class Changes(Generic[Source]):
    """What is to be written, in this order: `alerts`, then `threads`."""

    threads: dict[str, Thread] = field(default_factory=dict)
    alerts: dict[Route, tuple[Alert | None, Source]] = field(default_factory=dict)
    raised: list[Alert] = field(default_factory=list)
    updated: list[Alert] = field(default_factory=list)
    withdrawn: list[Alert] = field(default_factory=list)
    refused: list[Refused[Source]] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0


def changes(
    hits: Iterable[Hit[Source]],
    thread_of: Callable[[str], Thread | None],
    subscriptions: Iterable[Subscription],
) -> Changes[Source]:
    """Return what the hits change in the threads that `thread_of` gives. Raises nothing."""
    result: Changes[Source] = Changes()
    subscriptions = list(subscriptions)
    by_thread: dict[str, list[Hit[Source]]] = {}
    for hit in hits:
        result.hits[hit.occurrence.rule_id] += 1
        by_thread.setdefault(thread_id(hit.occurrence), []).append(hit)
    for name, group in by_thread.items():
        _change_thread(result, name, group, thread_of(name), subscriptions)
    return result


def _change_thread(
    result: Changes[Source],
    name: str,
    hits: list[Hit[Source]],
    old: Thread | None,
    subscriptions: list[Subscription],
) -> None:
    """Merge all hits of a thread at once; where that fails, one by one, to find those that are to blame."""
    new, duplicates, refused = old, 0, []
    for hit in hits:
        try:
            merged = merge(new, hit.occurrence)
            if merged.buckets.keys() != (new.buckets.keys() if new else set()):
                [to_alert(story) for story in stories(merged)]  # a date that breaks the stories shows here
        except Exception as error:  # noqa: BLE001 - whatever one hit does must not stop the others
            refused.append(Refused(hit.source, "error", f"{type(error).__name__}: {error}"))
            continue
        if not remembers(merged, hit.occurrence):
            refused.append(Refused(hit.source, "story_closed", "older than all that its thread can hold"))
        duplicates += merged == new
        new = merged
    result.refused += refused
    result.duplicates += duplicates
    if new is not None and new != old:
        result.threads[name] = new
        _change_alerts(result, old, new, hits[-1].source, subscriptions)


def _change_alerts(
    result: Changes[Source],
    old: Thread | None,
    new: Thread,
    source: Source,
    subscriptions: list[Subscription],
) -> None:
    before, after = _alerts(old), _alerts(new)
    for alert_id, alert in after.items():
        if alert_id not in before:
            result.raised.append(alert)
        elif before[alert_id] != alert:
            result.updated.append(alert)
    let_go = {s.alert_id for s in stories(old) if not new.buckets.keys() & s.bucket_names} if old else set()
    result.withdrawn += [a for i, a in before.items() if i not in after and i not in let_go]
    kept = {i: a for i, a in before.items() if i not in let_go or i in after}
    routed_before, routed_after = _routed(kept, subscriptions), _routed(after, subscriptions)
    for route, alert in routed_after.items():
        if routed_before.get(route) != alert:
            result.alerts[route] = (alert, source)
    for route in routed_before.keys() - routed_after.keys():
        result.alerts[route] = (None, source)


def _alerts(thread: Thread | None) -> dict[str, Alert]:
    return {story.alert_id: to_alert(story) for story in stories(thread)} if thread else {}


def _routed(alerts: dict[str, Alert], subscriptions: list[Subscription]) -> dict[Route, Alert]:
    return {(topic, a.id): a for a in alerts.values() for topic in topics_of(a, subscriptions)}
