"""What the story application counts, in one place, so that its loop reads without it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import structlog
from prometheus_client import CollectorRegistry

from services.alert.changes import Changes
from services.alert.records import AlertRecord
from services.alert.rules import RuleIndex
from services.runtime.instruments import AlertMetrics, PipelineMetrics
from services.runtime.records import Message

NAME: Final = "alert"
REASONS: Final = ("story_closed",)

log = structlog.get_logger(__name__)


class Accounts:
    """The metrics of one alert process; those by rule are made for the rules in force."""

    def __init__(self, registry: CollectorRegistry, rules: RuleIndex) -> None:
        self.metrics = PipelineMetrics(registry, NAME, REASONS)
        self._registry = registry
        self.rules_changed(rules)

    def rules_changed(self, rules: RuleIndex) -> None:
        """Count under the names of the rules in force."""
        names = [rule.id for rule in rules.rules]
        self._counts = AlertMetrics(self._registry, names, [s.id for s in rules.subscriptions])
        self._counts.rules.set(len(names))

    def reloaded(self, *, accepted: bool) -> None:
        """Count a rules file that was read anew."""
        self._counts.reloads["accepted" if accepted else "refused"].inc()

    def written(self, produce_seconds: float, commit_seconds: float) -> None:
        """Note how long a batch took to be sent and to be committed."""
        self.metrics.produce.observe(produce_seconds)
        self.metrics.commit.observe(commit_seconds)

    def taken(
        self,
        records: Sequence[AlertRecord],
        changed: Changes[AlertRecord],
        messages: Sequence[Message],
        threads: int,
    ) -> None:
        """Count a batch that is in the table and on the topics; `threads` is the size of the table."""
        metrics, counts, now = self.metrics, self._counts, time.time()
        metrics.records_in.inc(len(records))
        metrics.bytes_in.inc(sum(len(record.value or b"") for record in records))
        metrics.records_out.inc(len(messages) - len(changed.refused))
        metrics.bytes_out.inc(sum(len(message.value or b"") for message in messages))
        metrics.batch.observe(len(records))
        metrics.duplicates.inc(changed.duplicates)
        for rule, count in changed.hits.items():
            counts.hits[rule].inc(count)
        for refused in changed.refused:
            metrics.dead_letters[refused.reason].inc()
        for alert in changed.raised:
            counts.alerts[alert.severity][alert.rule_id].inc()
            metrics.since_fetch.observe(max(0.0, now - alert.last_seen.timestamp()))
        for alert in changed.updated:
            counts.updates[alert.rule_id].inc()
            metrics.since_fetch.observe(max(0.0, now - alert.last_seen.timestamp()))
        for name, _ in changed.alerts:
            if name.startswith("alert."):
                counts.routed[name.removeprefix("alert.")].inc()
        for alert in changed.withdrawn:
            log.info("alert taken back", alert_id=alert.id, rule=alert.rule_id)
        counts.stories.set(threads)
