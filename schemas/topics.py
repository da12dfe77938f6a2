"""The topics: names, keys, models, clean-up and retention. The contract between the stages."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel

from schemas.alert import Alert, Occurrence, Rule
from schemas.cleaned import CleanedArticle
from schemas.extracted import ExtractedArticle
from schemas.operations import DeadLetter, Delivery, OpsAlert, SourceStatus
from schemas.raw import RawArticle

DAY_MS = 24 * 3600 * 1000
DEFAULT_PARTITIONS = 4
MAX_RECORD_BYTES = 12 * 1024 * 1024  # a page of 10 MiB, the most that ingest takes, with its headers
DEAD_LETTER_RECORD_BYTES = MAX_RECORD_BYTES + 1024 * 1024  # any record of the chain, and what went wrong


@dataclass(frozen=True)
class Topic:
    """One topic of the chain; `name` without the deployment's prefix."""

    name: str
    key: str
    model: type[BaseModel]
    writers: tuple[str, ...]
    summary: str
    cleanup: str = "delete"
    retention_days: int = 7
    partitions: int = DEFAULT_PARTITIONS
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> dict[str, str]:
        """Kafka's own configuration of the topic."""
        return {
            "cleanup.policy": self.cleanup,
            "retention.ms": str(self.retention_days * DAY_MS),
            "max.message.bytes": str(MAX_RECORD_BYTES),
            **self.extra,
        }


RAW_ARTICLE = Topic(
    "raw-article", "url id", RawArticle, ("ingest",), "The fetched bytes, untouched.", retention_days=90
)
CLEANED = Topic("cleaned", "url id", CleanedArticle, ("clean",), "Articles after cleaning.")
EXTRACTED = Topic(
    "extracted", "url id", ExtractedArticle, ("extract",), "Articles with all that was read out."
)
OCCURRENCE = Topic(
    "occurrence",
    "what happened",
    Occurrence,
    ("alert",),
    "Rule hits on their way to their story.",
    retention_days=2,
)
ALERT = Topic(
    "alert",
    "alert id",
    Alert,
    ("alert",),
    "Alerts, one a thing that happened.",
    "compact,delete",
    retention_days=90,
)
RULE = Topic("rule", "rule id", Rule, ("cli", "deliver"), "Rules and subscriptions.", "compact")
SOURCE_STATUS = Topic(
    "source-status",
    "source id",
    SourceStatus,
    ("ingest",),
    "Health and checkpoint of each source.",
    "compact",
)
OPS_ALERT = Topic("ops-alert", "subject", OpsAlert, ("ingest", "stages"), "Trouble with sources and stages.")
DELIVERY = Topic(
    "delivery",
    "alert id + target",
    Delivery,
    ("deliver",),
    "The delivery ledger.",
    "compact,delete",
    retention_days=90,
)
DEAD_LETTER = Topic(
    "dead-letter",
    "original key",
    DeadLetter,
    ("every stage",),
    "What no stage could take.",
    retention_days=90,
    extra={"max.message.bytes": str(DEAD_LETTER_RECORD_BYTES)},
)

TOPICS: tuple[Topic, ...] = (
    RAW_ARTICLE,
    CLEANED,
    EXTRACTED,
    OCCURRENCE,
    ALERT,
    RULE,
    SOURCE_STATUS,
    OPS_ALERT,
    DELIVERY,
    DEAD_LETTER,
)


def subscription_topic(subscription_id: str) -> Topic:
    """Return the topic `alert.<subscription>`."""
    return Topic(
        f"alert.{subscription_id}",
        "alert id",
        Alert,
        ("alert",),
        "The same alerts, routed to one subscription.",
        "compact,delete",
        retention_days=90,
    )
