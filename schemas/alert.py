"""`occurrence`, `alert` and `rule`: what is matched, what is raised, and who asked for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from schemas.base import PartialDate, Record, Span
from schemas.extracted import EntityType, EventStatus, EventType, Participant, Relevance


class Severity(StrEnum):
    """How much it matters, least first."""

    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"


class EntityCondition(BaseModel):
    """An entity that the article must name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: EntityType | None = None
    name: str


class Condition(BaseModel):
    """What an event and its article must be like. All given parts must hold; in a list, any member."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_types: list[EventType] = []
    statuses: list[EventStatus] = [EventStatus.OCCURRED]
    relevance: list[Relevance] = [Relevance.CORE, Relevance.ADJACENT]
    entities: list[EntityCondition] = []
    keywords: list[str] = []
    min_amount_cny: dict[EventType, float] = Field(
        default={}, description="For events of these types: the least amount of money in yuan."
    )


class Rule(Record):
    """What raises an alert."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    title: str
    severity: Severity = Severity.NOTICE
    when: Condition


class Subscription(Record):
    """Which alerts go to the topic `alert.<id>`. Empty lists let everything through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    title: str
    rules: list[str] = []
    min_severity: Severity = Severity.INFO
    entities: list[str] = []
    keywords: list[str] = []


class RuleSet(Record):
    """A rules file: the rules and the subscriptions to what they raise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: list[Rule]
    subscriptions: list[Subscription] = []


class Evidence(Span):
    """The sentence that shows it, in the article that says it."""

    text: str
    article_id: str
    url: str | None = None


class Report(BaseModel):
    """One article that reports an occurrence."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article_id: str
    url_id: str
    url: str | None
    carrier: str | None
    title: str | None
    publisher: str | None
    published: PartialDate | None
    fetched_at: datetime
    body_chars: int
    fingerprint: list[int]


class Occurrence(Record):
    """A rule hit on its way to its story. Keyed by what happened, not by the page."""

    key: str = Field(description="What happened: see `schemas.ids.occurrence_key`.")
    rule_id: str
    rule_title: str
    severity: Severity
    event_id: str
    event_type: EventType
    status: EventStatus
    date: PartialDate | None
    asset: str
    participants: list[Participant]
    amount_text: str | None = None
    amount_cny: float | None = None
    evidence: Evidence
    report: Report
    entities: list[str] = Field(default=[], description="Names in the article, for subscriptions.")


class Alert(Record):
    """One alert for one thing that happened, whoever copied it."""

    id: str
    rule_id: str
    rule_title: str
    severity: Severity
    title: str = Field(description="The head article's title, or the evidence where it has none.")
    event_type: EventType
    status: EventStatus
    date: PartialDate | None
    asset: str
    participants: list[Participant]
    amount_text: str | None = None
    amount_cny: float | None = None
    evidence: Evidence
    source: str | None = Field(description="The head article's publisher; null where the page names none.")
    url: str | None
    published: PartialDate | None
    reports: list[Report] = Field(description="Every article that told it, one a page, sorted by id.")
    report_count: int
    entities: list[str] = []
    first_seen: datetime = Field(description="The earliest fetch of any of its reports.")
    last_seen: datetime
