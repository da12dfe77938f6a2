"""How a source does: pure steps from one `SourceStatus` to the next, and what operators are told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.alert import Severity
from schemas.operations import OpsAlert, SourceState, SourceStatus

MAX_SEEN = 1000  # entries that a checkpoint remembers; feeds carry 10 to 500
MAX_ERROR_CHARS = 300
FIRST_BACK_OFF_S = 30.0
MAX_BACK_OFF_S = 6 * 3600.0


def first_status(source_id: str, kind: str, now: datetime) -> SourceStatus:
    """Return the status of a source that was never polled."""
    return SourceStatus(
        source_id=source_id, kind=kind, state=SourceState.OK, checked_at=now, watched_since=now
    )


def succeeded(  # noqa: PLR0913 - what a poll tells
    status: SourceStatus,
    now: datetime,
    *,
    new: int,
    interval: float,
    silent_after: float | None,
    note: str | None = None,
) -> SourceStatus:
    """Return the status after a poll that worked and brought `new` pages; times in seconds.

    `note` is what an operator should know of a source that works nevertheless.
    """
    last_new = now if new else status.last_new_at
    quiet_since = last_new or status.watched_since or now
    silent = silent_after is not None and now - quiet_since > timedelta(seconds=silent_after)
    return status.model_copy(
        update={
            "state": SourceState.SILENT if silent else SourceState.OK,
            "checked_at": now,
            "last_success_at": now,
            "last_new_at": last_new,
            "consecutive_failures": 0,
            "error": note[:MAX_ERROR_CHARS] if note else None,
            "next_poll_at": now + timedelta(seconds=interval),
        }
    )


def failed(
    status: SourceStatus, now: datetime, *, error: str, interval: float, wait: float | None = None
) -> SourceStatus:
    """Return the status after a poll that did not work; `wait` is the pause in s that the host asked for."""
    failures = status.consecutive_failures + 1
    pause = max(back_off(interval, failures), wait or 0.0)
    return status.model_copy(
        update={
            "state": SourceState.FAILING,
            "checked_at": now,
            "consecutive_failures": failures,
            "error": error[:MAX_ERROR_CHARS],
            "next_poll_at": now + timedelta(seconds=pause),
        }
    )


def back_off(interval: float, failures: int) -> float:
    """Return the pause in s before the next try: doubling, and soon at first where the interval is long."""
    first = min(interval, FIRST_BACK_OFF_S)
    return min(first * 2.0 ** min(failures - 1, 32), max(MAX_BACK_OFF_S, interval))


def checkpoint(
    status: SourceStatus,
    done: dict[str, str | None],
    order: list[str],
    updated: dict[str, str] | None = None,
) -> SourceStatus:
    """Return the status that also remembers the entries `done`: article ids (None: no page) by url id.

    `order` gives the url ids of the feed, newest first; of older ones as many are kept as there is room for.
    `updated` gives the entries' own times of update.
    """
    known = dict.fromkeys(status.seen) | dict.fromkeys(done)
    seen = [key for key in order if key in known]
    seen += [key for key in known if key not in set(order)]
    seen = seen[:MAX_SEEN]
    revisions = status.revisions | {key: article for key, article in done.items() if article}
    kept = {key: revisions[key] for key in seen if key in revisions}
    times = status.updated | (updated or {})
    kept_times = {key: times[key] for key in seen if key in times}
    return status.model_copy(update={"seen": seen, "revisions": kept, "updated": kept_times})


def transition(before: SourceStatus | None, after: SourceStatus) -> OpsAlert | None:
    """Return what operators are told when the state changes; None while it stays."""
    was = before.state if before else SourceState.OK
    if was is after.state:
        return None
    summaries = {
        SourceState.OK: f"source {after.source_id} works again",
        SourceState.SILENT: f"source {after.source_id} has brought nothing new since {_since(after)}",
        SourceState.FAILING: f"source {after.source_id} fails: {after.error}",
    }
    resolved = after.state is SourceState.OK
    return OpsAlert(
        subject=f"source/{after.source_id}",
        severity=Severity.INFO if resolved else Severity.WARNING,
        summary=summaries[after.state],
        raised_at=after.checked_at,
        resolved=resolved,
    )


def _since(status: SourceStatus) -> str:
    since = status.last_new_at or status.watched_since
    return since.isoformat(timespec="seconds") if since else "the start"
