"""One story for one thing that happened, whoever copied it, in whatever order the copies come.

A `Thread` holds all hits of one rule on one key (event type and asset). Hits are kept in buckets by their
date (`services.alert.anchor`); a bucket is the union of its hits, so merging is commutative, associative and
idempotent. The stories of a thread are computed from its buckets and never from the order of arrival:

1. Buckets with a day, oldest first: a day up to `WINDOW_DAYS` after a story's first belongs to that story, a
   later day opens the next one.
2. Then vague dates, the least vague first: each joins the newest story that it may mean. One that fits none
   waits in a story of its own.

A story is named by the grid cell of `WINDOW_DAYS + 1` days that its first day falls in: stories of one thread
never share a cell, and a copy that dates the same event a day or two earlier hardly ever changes the name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from schemas import ids
from schemas.alert import Alert, Occurrence, Report
from schemas.base import PartialDate, Record
from services.alert.anchor import Anchor, PartDate, anchor

WINDOW_DAYS: Final = 14
CELL_DAYS: Final = WINDOW_DAYS + 1
MAX_BUCKETS: Final = 100  # days that one thread remembers; an alert of 12 MiB would not pass the broker
MAX_REPORTS: Final = 20  # of a story, written out; the others are counted
MAX_COUNTED: Final = 1000  # pages of a bucket; beyond them the count stands still
MAX_NAMES: Final = 200
PAGE_ID_CHARS: Final = 12  # of the url id: 48 bits tell a thousand pages apart


class Bucket(BaseModel):
    """The union of all hits with the same date."""

    model_config = ConfigDict(frozen=True)

    head: Occurrence
    date: PartialDate | None
    pages: tuple[str, ...]
    reports: tuple[Report, ...]
    names: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime

    @property
    def anchor(self) -> Anchor:
        """Where the bucket stands in time."""
        return _anchor(self.head)


class Thread(Record):
    """Everything that one rule has on one key. The value of the table."""

    rule_id: str
    key: str
    buckets: dict[str, Bucket] = {}


@dataclass(frozen=True)
class Story:
    """One thing that happened: an alert's id, the union of all that tells of it, and the buckets of that."""

    alert_id: str
    bucket: Bucket
    bucket_names: tuple[str, ...]


def thread_id(occurrence: Occurrence) -> str:
    """Return the table's key of an occurrence."""
    return f"{occurrence.rule_id}:{occurrence.key}"


def merge(thread: Thread | None, occurrence: Occurrence) -> Thread:
    """Return the thread with one more hit; any order and any repeat give the same thread.

    Above `MAX_BUCKETS` dates the oldest story is let go: its alert stays as it is, and a hit that would
    reopen it is not taken in (see `remembers`).
    """
    thread = thread or Thread(rule_id=occurrence.rule_id, key=occurrence.key)
    name = _anchor(occurrence).key()
    bucket, known = _bucket(occurrence), thread.buckets.get(name)
    merged = bucket if known is None else _union(known, bucket)
    if merged == known:
        return thread
    grown = thread.model_copy(update={"buckets": {**thread.buckets, name: merged}})
    return _bounded(grown)


def union(one: Thread, other: Thread) -> Thread:
    """Return the thread with the hits of both."""
    merged = dict(one.buckets)
    for name, bucket in other.buckets.items():
        merged[name] = _union(merged[name], bucket) if name in merged else bucket
    return _bounded(one.model_copy(update={"buckets": merged}))


def remembers(thread: Thread, occurrence: Occurrence) -> bool:
    """Tell whether a hit that was merged is still in the thread, or older than all that it can hold."""
    return _anchor(occurrence).key() in thread.buckets


def stories(thread: Thread) -> list[Story]:
    """Return the stories of a thread, the oldest first."""
    return [
        Story(_alert_id(thread, start), _union_all(thread.buckets[name] for name in names), tuple(names))
        for start, names in sorted(_clusters(thread).items())
    ]


def to_alert(story: Story) -> Alert:
    """Return the alert that says what is known of a story."""
    bucket, head = story.bucket, story.bucket.head
    return Alert(
        id=story.alert_id,
        rule_id=head.rule_id,
        rule_title=head.rule_title,
        severity=head.severity,
        title=head.report.title or head.evidence.text,
        event_type=head.event_type,
        status=head.status,
        date=head.date or bucket.date,
        asset=head.asset,
        participants=head.participants,
        amount_text=head.amount_text,
        amount_cny=head.amount_cny,
        evidence=head.evidence,
        source=head.report.publisher,
        url=head.report.url,
        published=head.report.published,
        reports=sorted(bucket.reports, key=lambda report: report.article_id),
        report_count=len(bucket.pages),
        entities=list(bucket.names),
        first_seen=bucket.first_seen,
        last_seen=bucket.last_seen,
    )


def _anchor(occurrence: Occurrence) -> Anchor:
    return anchor(occurrence.date, occurrence.report.published, occurrence.report.fetched_at)


def _bucket(occurrence: Occurrence) -> Bucket:
    """Return the bucket of one hit. The fingerprint (1 KB a report) stays behind: no one reads it here."""
    report = occurrence.report.model_copy(update={"fingerprint": []})
    return Bucket(
        head=occurrence.model_copy(update={"report": report, "entities": []}),
        date=occurrence.date,
        pages=(report.url_id[:PAGE_ID_CHARS],),
        reports=(report,),
        names=tuple(sorted(set(occurrence.entities))[:MAX_NAMES]),
        first_seen=report.fetched_at,
        last_seen=report.fetched_at,
    )


def _union(one: Bucket, other: Bucket) -> Bucket:
    """Return what both hold. Every field is a union cut at its smallest members, a minimum or a maximum."""
    dates = [date for date in (one.date, other.date) if date]
    return Bucket(
        head=min(one.head, other.head, key=_head_order),
        date=min(dates, key=lambda date: (PartDate.read(date).vagueness, date), default=None),
        pages=tuple(sorted({*one.pages, *other.pages})[:MAX_COUNTED]),
        reports=_reports((*one.reports, *other.reports)),
        names=tuple(sorted({*one.names, *other.names})[:MAX_NAMES]),
        first_seen=min(one.first_seen, other.first_seen),
        last_seen=max(one.last_seen, other.last_seen),
    )


def _union_all(buckets: Iterable[Bucket]) -> Bucket:
    first, *rest = buckets
    for bucket in rest:
        first = _union(first, bucket)
    return first


def _head_order(occurrence: Occurrence) -> tuple[int, float, str, bytes]:
    """Order by the fullest, then the newest, then the smallest id; the bytes settle what is still equal."""
    report = occurrence.report
    return (-report.body_chars, -report.fetched_at.timestamp(), occurrence.event_id, occurrence.to_json())


def _reports(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return one report a page, its newest revision, and of the pages those with the smallest ids.

    The ids are hashes, so these are pages drawn by lot, whatever the order in which they came.
    """
    newest: dict[str, Report] = {}
    for report in sorted(reports, key=lambda r: (r.fetched_at, r.article_id, r.model_dump_json())):
        newest[report.url_id] = report
    return tuple(newest[url_id] for url_id in sorted(newest)[:MAX_REPORTS])


def _alert_id(thread: Thread, start: int) -> str:
    return ids.alert_id(thread.rule_id, f"{thread.key}@{start // CELL_DAYS}")


def _clusters(thread: Thread) -> dict[int, list[str]]:
    """Return {first day: names of the buckets} of the stories."""
    clusters: dict[int, list[str]] = {}
    for at, name in sorted((bucket.anchor, name) for name, bucket in thread.buckets.items()):
        start = _exact_home(at, clusters) if at.vagueness == 0 else _vague_home(at, clusters)
        clusters.setdefault(start, []).append(name)
    return clusters


def _exact_home(at: Anchor, clusters: dict[int, list[str]]) -> int:
    start = max(clusters, default=at.day)  # days come in order: only the newest story can reach this one
    return start if at.day - start <= WINDOW_DAYS else at.day


def _vague_home(at: Anchor, clusters: dict[int, list[str]]) -> int:
    """Return the newest story that had begun by the assumed day, else the next one, else the day itself."""
    fits = [
        start
        for start in clusters
        if start // CELL_DAYS == at.day // CELL_DAYS
        or at.may_be_near(start - WINDOW_DAYS, start + 2 * WINDOW_DAYS)
    ]
    begun = [start for start in fits if start <= at.day + 1]
    return max(begun) if begun else min(fits, default=at.day)


def _bounded(thread: Thread) -> Thread:
    while len(thread.buckets) > MAX_BUCKETS:
        clusters = _clusters(thread)
        oldest = clusters[min(clusters)]
        kept = {name: bucket for name, bucket in thread.buckets.items() if name not in oldest}
        thread = thread.model_copy(update={"buckets": kept})
    return thread
