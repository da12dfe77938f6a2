"""The catalogue of all metrics: name, sentence, unit, buckets, labels. Names are API.

Prefix `isowire_`, base units, `_total` on counters. A label's values come from a closed set, which `Label`
tells; a URL or an id is never a label. `make` registers a metric in an injected registry; the classes in
`services.runtime.instruments` make the label children once at start, so that the hot path pays no look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, overload
from weakref import WeakKeyDictionary

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

OTHER: Final = "other"  # what a label says for a value outside its set


@dataclass(frozen=True)
class Label:
    """A label and the set that its values come from; `values` where the code knows them all."""

    name: str
    closed_by: str
    values: tuple[str, ...] = ()


class PollOutcome(StrEnum):
    """What one poll of a source brought."""

    NEW = "new"
    NOTHING_NEW = "nothing_new"
    NOT_MODIFIED = "not_modified"
    ERROR = "error"


class SourceError(StrEnum):
    """Why a source, or a page of it, could not be read."""

    NETWORK = "network"
    TIMEOUT = "timeout"
    HTTP_STATUS = "http_status"
    ROBOTS = "robots"
    TOO_LARGE = "too_large"
    PRIVATE_ADDRESS = "private_address"
    UNREADABLE = "unreadable"
    OTHER = "other"


class DeadLetterReason(StrEnum):
    """Why the runner itself gives a document up; a stage adds the reasons of its `Rejected`."""

    TIMEOUT = "timeout"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out_of_memory"
    ERROR = "error"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "too_large"


STAGE: Final = Label("stage", "the services of this program")
REASON: Final = Label(
    "reason",
    "DeadLetterReason and the reasons that the stage declares; else `other`",
    (*DeadLetterReason, OTHER),
)
RESTART: Final = Label("reason", "how a worker process can end", ("timeout", "crashed", "out_of_memory"))
KIND: Final = Label("kind", "services/clean/data/kinds.yaml; else `other`")
SOURCE: Final = Label("source", "the sources file")
POLL: Final = Label("outcome", "PollOutcome", tuple(PollOutcome))
SOURCE_ERROR: Final = Label("reason", "SourceError", tuple(SourceError))
RULE: Final = Label("rule", "the rules file")
SEVERITY: Final = Label("severity", "schemas.alert.Severity", ("info", "notice", "warning", "critical"))
RELOAD: Final = Label("outcome", "accepted, refused", ("accepted", "refused"))
SUBSCRIPTION: Final = Label("subscription", "the rules file")
TARGET: Final = Label("target", "the delivery targets of the settings")
DELIVERY: Final = Label("outcome", "schemas.operations.DeliveryOutcome", ("delivered", "retrying", "failed"))
REQUEST: Final = Label(
    "outcome", "how an HTTP request ended", ("accepted", "rejected", "unauthorized", "error")
)

# From a pass-through batch (1 ms) to a document cut off at its deadline (seconds).
WORK_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# From one hop on an idle chain (tens of ms) to a day in a queue.
CHAIN_SECONDS: Final = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86400)
# From minutes (a feed polled often) to an article of last year.
PUBLICATION_SECONDS: Final = (60, 300, 900, 1800, 3600, 7200, 21600, 43200, 86400, 604800, 2592000, 31536000)
BATCH_RECORDS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class CounterMetric:
    """Something counted since the process started; the name ends in `_total`."""

    name: str
    sentence: str
    labels: tuple[Label, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class GaugeMetric:
    """Something that goes up and down."""

    name: str
    sentence: str
    labels: tuple[Label, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class HistogramMetric:
    """A distribution; `buckets` are upper bounds in `unit`."""

    name: str
    sentence: str
    buckets: tuple[float, ...]
    labels: tuple[Label, ...] = ()
    unit: str = "seconds"


# Every service that reads or writes records.
RECORDS_IN = CounterMetric("isowire_records_in_total", "Records taken from the input topic.", (STAGE,))
RECORDS_OUT = CounterMetric("isowire_records_out_total", "Records written and committed.", (STAGE,))
BYTES_IN = CounterMetric("isowire_bytes_in_total", "Bytes of the values taken.", (STAGE,), "bytes")
BYTES_OUT = CounterMetric("isowire_bytes_out_total", "Bytes of the values written.", (STAGE,), "bytes")
BATCH = HistogramMetric("isowire_batch_records", "Records in a batch.", BATCH_RECORDS, (STAGE,), "records")
TRANSFORM = HistogramMetric(
    "isowire_transform_seconds", "Time in the stage's function, a batch.", WORK_SECONDS, (STAGE,)
)
PRODUCE = HistogramMetric(
    "isowire_produce_seconds", "Time until the broker has a batch's records.", WORK_SECONDS, (STAGE,)
)
COMMIT = HistogramMetric(
    "isowire_commit_seconds", "Time to commit a batch and its input offset.", WORK_SECONDS, (STAGE,)
)
SINCE_FETCH = HistogramMetric(
    "isowire_since_fetch_seconds", "From the page's fetch to the end of the stage.", CHAIN_SECONDS, (STAGE,)
)
SINCE_PUBLICATION = HistogramMetric(
    "isowire_since_publication_seconds",
    "From the page's publication, where it tells the minute, to the end of the stage.",
    PUBLICATION_SECONDS,
    (STAGE,),
)
LAG = GaugeMetric(
    "isowire_lag_records", "Records of this process's partitions that are not committed yet.", (STAGE,)
)
IN_FLIGHT = GaugeMetric("isowire_in_flight_records", "Records taken and not committed yet.", (STAGE,))
IN_FLIGHT_BYTES = GaugeMetric(
    "isowire_in_flight_bytes", "Bytes of values taken and not committed yet.", (STAGE,), "bytes"
)
PARTITIONS = GaugeMetric("isowire_assigned_partitions", "Input partitions that this process owns.", (STAGE,))
HEALTHY = GaugeMetric("isowire_healthy", "1 while the lag is 0 or the position moves, else 0.", (STAGE,))
DEAD_LETTERS = CounterMetric(
    "isowire_dead_letters_total", "Records that went to dead-letter.", (STAGE, REASON)
)
REJECTED = CounterMetric(
    "isowire_rejected_total", "Documents that a service refused as bad input.", (STAGE, REASON)
)
DUPLICATES = CounterMetric(
    "isowire_duplicates_total", "Records dropped because they had been handled before.", (STAGE,)
)
WORKER_RESTARTS = CounterMetric(
    "isowire_worker_restarts_total", "Worker processes started anew, by what ended them.", (STAGE, RESTART)
)
REBALANCES = CounterMetric(
    "isowire_rebalances_total", "Times that the group gave out its partitions.", (STAGE,)
)
ABORTS = CounterMetric(
    "isowire_transaction_aborts_total", "Transactions that failed or whose end was unknown.", (STAGE,)
)

# clean
REPAIRS = CounterMetric("isowire_repairs_total", "Places put back to what they had been.", (KIND,))
REMOVALS = CounterMetric("isowire_removals_total", "Pieces of text that are not in the body.", (KIND,))

DOUBTS = CounterMetric("isowire_doubts_total", "Articles that something speaks against.", (KIND,))
REVISIONS = CounterMetric(
    "isowire_revisions_total", "Articles by what they are to the last page of their address.", (KIND,)
)

# ingest
POLLS = CounterMetric("isowire_source_polls_total", "Polls of a source.", (SOURCE, POLL))
SOURCE_PAGES = CounterMetric("isowire_source_pages_total", "New pages that a source brought.", (SOURCE,))
SOURCE_BYTES = CounterMetric("isowire_source_bytes_total", "Bytes fetched from a source.", (SOURCE,), "bytes")
SOURCE_ERRORS = CounterMetric(
    "isowire_source_errors_total", "Failed polls and pages of a source.", (SOURCE, SOURCE_ERROR)
)
SOURCE_FETCH = HistogramMetric(
    "isowire_source_fetch_seconds", "Time of one HTTP request to a source.", WORK_SECONDS, (SOURCE,)
)
SOURCE_SUCCESS = GaugeMetric(
    "isowire_source_last_success_timestamp_seconds",
    "When a source was last read without an error.",
    (SOURCE,),
    "seconds",
)
SOURCE_NEW = GaugeMetric(
    "isowire_source_last_new_timestamp_seconds",
    "When a source last brought a page that was new.",
    (SOURCE,),
    "seconds",
)
SOURCE_UP = GaugeMetric("isowire_source_up", "1 while a source is neither silent nor failing.", (SOURCE,))
PUSHES = CounterMetric("isowire_push_requests_total", "Requests to the push API.", (REQUEST,))

# alert
RULE_HITS = CounterMetric("isowire_rule_hits_total", "Events that met a rule.", (RULE,))
ALERTS = CounterMetric("isowire_alerts_total", "Alerts raised for the first time.", (RULE, SEVERITY))
ALERT_UPDATES = CounterMetric(
    "isowire_alert_updates_total", "Alerts written again because a further report came.", (RULE,)
)
SUBSCRIPTION_ALERTS = CounterMetric(
    "isowire_subscription_alerts_total", "Alerts routed to a subscription.", (SUBSCRIPTION,)
)
STORIES = GaugeMetric("isowire_stories", "Stories in this process's tables.")
RULES = GaugeMetric("isowire_rules", "Rules in force.")
RULE_RELOADS = CounterMetric("isowire_rules_reloads_total", "Rules files read.", (RELOAD,))

# deliver
DELIVERIES = CounterMetric(
    "isowire_deliveries_total", "Attempts to hand an alert to a target.", (TARGET, DELIVERY)
)
DELIVERY_TIME = HistogramMetric(
    "isowire_delivery_seconds", "Time of one attempt to deliver.", WORK_SECONDS, (TARGET,)
)
STREAM_CLIENTS = GaugeMetric("isowire_stream_clients", "Clients connected to the alert stream.")
STREAM_EVENTS = CounterMetric("isowire_stream_events_total", "Alerts sent on the alert stream.")

Metric = CounterMetric | GaugeMetric | HistogramMetric
CATALOGUE: Final[tuple[Metric, ...]] = tuple(
    metric for metric in list(globals().values()) if isinstance(metric, Metric)
)

_registered: WeakKeyDictionary[CollectorRegistry, dict[str, Counter | Gauge | Histogram]] = (
    WeakKeyDictionary()
)


@overload
def make(registry: CollectorRegistry, metric: CounterMetric) -> Counter: ...
@overload
def make(registry: CollectorRegistry, metric: GaugeMetric) -> Gauge: ...
@overload
def make(registry: CollectorRegistry, metric: HistogramMetric) -> Histogram: ...
def make(registry: CollectorRegistry, metric: Metric) -> Counter | Gauge | Histogram:
    """Return the collector of a metric, registered once a registry."""
    known = _registered.setdefault(registry, {})
    if metric.name not in known:
        known[metric.name] = _collector(registry, metric)
    return known[metric.name]


def _collector(registry: CollectorRegistry, metric: Metric) -> Counter | Gauge | Histogram:
    labels = [label.name for label in metric.labels]
    match metric:
        case CounterMetric():
            return Counter(metric.name, metric.sentence, labels, registry=registry)
        case GaugeMetric():
            return Gauge(metric.name, metric.sentence, labels, registry=registry)
        case HistogramMetric():
            return Histogram(metric.name, metric.sentence, labels, buckets=metric.buckets, registry=registry)
