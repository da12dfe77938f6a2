"""The label children of the catalogue, one class a kind of service, made once at start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.runtime import metrics

Child = TypeVar("Child", Counter, Gauge, Histogram)


class Closed(Generic[Child]):
    """The children of one label over a closed set; a value outside of it counts as `other`."""

    def __init__(self, collector: Child, values: Iterable[str], **fixed: str) -> None:
        label = next(name for name in collector._labelnames if name not in fixed)  # noqa: SLF001 - no public name
        self._other: Child = collector.labels(**fixed, **{label: metrics.OTHER})
        self._children: dict[str, Child] = {
            value: collector.labels(**fixed, **{label: value}) for value in values
        }

    def __getitem__(self, value: str) -> Child:
        """Return the child of `value`."""
        return self._children.get(value, self._other)


class PipelineMetrics:
    """What every service that reads or writes records counts."""

    def __init__(self, registry: CollectorRegistry, stage: str, reasons: Iterable[str] = ()) -> None:
        def counter(metric: metrics.CounterMetric) -> Counter:
            return metrics.make(registry, metric).labels(stage)

        def gauge(metric: metrics.GaugeMetric) -> Gauge:
            return metrics.make(registry, metric).labels(stage)

        def histogram(metric: metrics.HistogramMetric) -> Histogram:
            return metrics.make(registry, metric).labels(stage)

        all_reasons = tuple(dict.fromkeys((*metrics.DeadLetterReason, *reasons)))
        self.records_in = counter(metrics.RECORDS_IN)
        self.records_out = counter(metrics.RECORDS_OUT)
        self.bytes_in = counter(metrics.BYTES_IN)
        self.bytes_out = counter(metrics.BYTES_OUT)
        self.duplicates = counter(metrics.DUPLICATES)
        self.rebalances = counter(metrics.REBALANCES)
        self.aborts = counter(metrics.ABORTS)
        self.batch = histogram(metrics.BATCH)
        self.transform = histogram(metrics.TRANSFORM)
        self.produce = histogram(metrics.PRODUCE)
        self.commit = histogram(metrics.COMMIT)
        self.since_fetch = histogram(metrics.SINCE_FETCH)
        self.since_publication = histogram(metrics.SINCE_PUBLICATION)
        self.lag = gauge(metrics.LAG)
        self.in_flight = gauge(metrics.IN_FLIGHT)
        self.in_flight_bytes = gauge(metrics.IN_FLIGHT_BYTES)
        self.partitions = gauge(metrics.PARTITIONS)
        self.healthy = gauge(metrics.HEALTHY)
        self.dead_letters = Closed(metrics.make(registry, metrics.DEAD_LETTERS), all_reasons, stage=stage)
        self.rejected = Closed(metrics.make(registry, metrics.REJECTED), all_reasons, stage=stage)
        restarts = metrics.make(registry, metrics.WORKER_RESTARTS)
        self.worker_restarts = Closed(restarts, metrics.RESTART.values, stage=stage)


class TallyMetrics:
    """What a stage counts about its documents by kind: repairs, removals, doubts, revisions.

    `kinds` gives the closed sets, as `{"repairs": (...), "removals": (...)}`.
    """

    def __init__(self, registry: CollectorRegistry, kinds: Mapping[str, Iterable[str]]) -> None:
        families = {
            "repairs": metrics.REPAIRS,
            "removals": metrics.REMOVALS,
            "doubts": metrics.DOUBTS,
            "revisions": metrics.REVISIONS,
        }
        self._counters = {
            name: Closed(metrics.make(registry, families[name]), values) for name, values in kinds.items()
        }

    def add(self, tallies: Mapping[str, Mapping[str, int]]) -> None:
        """Add the counts of some documents."""
        for name, counts in tallies.items():
            for kind, count in counts.items():
                self._counters[name][kind].inc(count)


class SourceMetrics:
    """What ingest counts about one source."""

    def __init__(self, registry: CollectorRegistry, source: str) -> None:
        self.polls = Closed(metrics.make(registry, metrics.POLLS), metrics.PollOutcome, source=source)
        self.errors = Closed(
            metrics.make(registry, metrics.SOURCE_ERRORS), metrics.SourceError, source=source
        )
        self.pages = metrics.make(registry, metrics.SOURCE_PAGES).labels(source)
        self.bytes = metrics.make(registry, metrics.SOURCE_BYTES).labels(source)
        self.fetch = metrics.make(registry, metrics.SOURCE_FETCH).labels(source)
        self.last_success = metrics.make(registry, metrics.SOURCE_SUCCESS).labels(source)
        self.last_new = metrics.make(registry, metrics.SOURCE_NEW).labels(source)
        self.up = metrics.make(registry, metrics.SOURCE_UP).labels(source)


class PushMetrics:
    """What the push API counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Closed(metrics.make(registry, metrics.PUSHES), metrics.REQUEST.values)


class AlertMetrics:
    """What the alert service counts; made anew for the rules and subscriptions in force."""

    def __init__(
        self, registry: CollectorRegistry, rules: Iterable[str], subscriptions: Iterable[str] = ()
    ) -> None:
        rules = tuple(rules)
        alerts = metrics.make(registry, metrics.ALERTS)
        self.hits = Closed(metrics.make(registry, metrics.RULE_HITS), rules)
        self.updates = Closed(metrics.make(registry, metrics.ALERT_UPDATES), rules)
        self.alerts = {
            severity: Closed(alerts, rules, severity=severity) for severity in metrics.SEVERITY.values
        }
        self.routed = Closed(metrics.make(registry, metrics.SUBSCRIPTION_ALERTS), subscriptions)
        self.stories = metrics.make(registry, metrics.STORIES)
        self.rules = metrics.make(registry, metrics.RULES)
        self.reloads = Closed(metrics.make(registry, metrics.RULE_RELOADS), metrics.RELOAD.values)


class DeliveryMetrics:
    """What deliver counts about one target."""

    def __init__(self, registry: CollectorRegistry, target: str) -> None:
        self.outcomes = Closed(
            metrics.make(registry, metrics.DELIVERIES), metrics.DELIVERY.values, target=target
        )
        self.seconds = metrics.make(registry, metrics.DELIVERY_TIME).labels(target)


class StreamMetrics:
    """What the alert stream counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.clients = metrics.make(registry, metrics.STREAM_CLIENTS)
        self.events = metrics.make(registry, metrics.STREAM_EVENTS)
