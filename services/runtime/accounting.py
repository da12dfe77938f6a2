"""What a runner counts, in one place, so that its loop reads without it."""

from __future__ import annotations

import time
from typing import Any

from prometheus_client import CollectorRegistry

from services.runtime.frames import Failed, Produced
from services.runtime.instruments import PipelineMetrics, TallyMetrics
from services.runtime.records import Message, Transformed, size
from services.runtime.stage import Stage


class Accounts:
    """The metrics of one stage process."""

    def __init__(self, registry: CollectorRegistry, stage: Stage[Any, Any]) -> None:
        self.metrics = PipelineMetrics(registry, stage.name, stage.reasons)
        self.committed_records = 0
        self._tallies = TallyMetrics(registry, stage.tally_kinds)

    def transformed(self, seconds: float, records: int) -> None:
        """Note that the worker answered a batch."""
        self.metrics.transform.observe(seconds)
        self.metrics.batch.observe(records)

    def written(self, produce_seconds: float, commit_seconds: float) -> None:
        """Note how long a batch took to be sent and to be committed."""
        self.metrics.produce.observe(produce_seconds)
        self.metrics.commit.observe(commit_seconds)

    def restarted(self, reason: str) -> None:
        """Note that a worker process was lost."""
        self.metrics.worker_restarts[reason].inc()

    def committed(self, batch: Transformed, messages: list[Message]) -> None:
        """Count a batch whose end is known."""
        metrics, now = self.metrics, time.time()
        dead_letters = 0
        for outcome in batch.outcomes:
            match outcome:
                case Failed(reason, _, rejected):
                    dead_letters += 1
                    metrics.dead_letters[reason].inc()
                    if rejected:
                        metrics.rejected[reason].inc()
                case Produced(_, tallies, fetched_at, published_at):
                    self._tallies.add(tallies)
                    if fetched_at is not None:
                        metrics.since_fetch.observe(max(0.0, now - fetched_at))
                    if published_at is not None:
                        metrics.since_publication.observe(max(0.0, now - published_at))
        self.committed_records += len(batch.records)
        metrics.records_in.inc(len(batch.records))
        metrics.bytes_in.inc(sum(size(record) for record in batch.records))
        metrics.records_out.inc(len(messages) - dead_letters)
        metrics.bytes_out.inc(sum(len(message.value or b"") for message in messages))
