"""`extracted`: who did what with which drug, nuclide, device, site and money, each with its evidence."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import PartialDate, Span
from schemas.cleaned import CleanedArticle


class Relevance(StrEnum):
    """How far the article is nuclear-medicine news."""

    CORE = "core"
    ADJACENT = "adjacent"
    PROMOTIONAL = "promotional"
    OFF_TOPIC = "off_topic"


class EntityType(StrEnum):
    """The kinds of thing that are named."""

    ORG = "org"
    FACILITY = "facility"
    PLACE = "place"
    DRUG = "drug"
    NUCLIDE = "nuclide"
    DEVICE = "device"
    DISEASE = "disease"


class EventType(StrEnum):
    """The kinds of thing that happen."""

    AGREEMENT_SIGNED = "agreement_signed"
    FACILITY_OPENED = "facility_opened"
    CONSTRUCTION_MILESTONE = "construction_milestone"
    TRIAL_MILESTONE = "trial_milestone"
    APPROVAL_GRANTED = "approval_granted"
    FUND_ESTABLISHED = "fund_established"
    INVESTMENT = "investment"
    COMPANY_FOUNDED = "company_founded"
    CONFERENCE_HELD = "conference_held"
    POLICY_ISSUED = "policy_issued"
    PRODUCT_LAUNCHED = "product_launched"
    RESEARCH_RESULT = "research_result"
    PERSONNEL_CHANGE = "personnel_change"
    LISTING_FILING = "listing_filing"
    PROCUREMENT = "procurement"
    SAFETY_INCIDENT = "safety_incident"
    VISIT = "visit"


class EventStatus(StrEnum):
    """Whether it really happened. Denied, ended and drilled ones never count as occurred."""

    OCCURRED = "occurred"
    IN_PROGRESS = "in_progress"
    PLANNED = "planned"
    FORECAST = "forecast"
    GOAL = "goal"
    RETROSPECTIVE = "retrospective"
    DENIED = "denied"
    ENDED = "ended"
    DRILL = "drill"


class ChainPosition(StrEnum):
    """Where in the industry's chain it belongs."""

    UPSTREAM = "upstream"
    MIDSTREAM = "midstream"
    DOWNSTREAM = "downstream"
    ENABLER = "enabler"


class MoneyRole(StrEnum):
    """What the money is."""

    FUND = "fund"
    INVESTMENT = "investment"
    CONTRACT = "contract"
    REVENUE = "revenue"
    PRICE = "price"
    GOAL = "goal"
    OTHER = "other"


class Person(Span):
    """A person in one role; two titles are two rows. `evidence` is the text that shows it."""

    name: str
    title: str | None = None
    org: str | None = None
    evidence: str


class Entity(Span):
    """A named thing. The span is its first mention; all mentions are in `mentions`."""

    id: str = Field(description="Stable: the same thing has the same id in every article.")
    type: EntityType
    name: str
    aliases: list[str] = Field(default=[], description="Other names of it in this article.")
    mentions: list[tuple[int, int]] = []
    basis: str = Field(default="pattern", description="What found it: lexicon, pattern, tagger, definition.")


class Money(Span):
    """An amount of money. `cny` for yuan, else `currency` (ISO 4217) and `amount`; a range is [low, high]."""

    text: str
    cny: float | tuple[float, float] | None = None
    currency: str | None = None
    amount: float | tuple[float, float] | None = None
    role: MoneyRole = MoneyRole.OTHER
    hedge: str | None = Field(default=None, description="About, more than, …: 约, 近, 超, 逾, 余 as written.")


class DateMention(Span):
    """A date in the body, resolved against the publication date. Null where it cannot be told."""

    text: str
    value: PartialDate | None
    precision: str = Field(description="minute, day, month, year, range or relative.")


class Quantity(Span):
    """A number with a unit that is no money and no date: 300 床, 7 条, 4 倍."""

    text: str
    value: float | tuple[float, float]
    unit: str
    hedge: str | None = None


class Participant(Span):
    """Who took part, in which part: actor, counterparty, object, witness."""

    name: str
    entity_id: str | None = None
    role: str | None = None


class Event(Span):
    """One thing that happened, is planned, or was denied; `evidence` is `body[start:end]`."""

    id: str
    type: EventType
    status: EventStatus
    date: PartialDate | None = None
    participants: list[Participant] = []
    evidence: str
    asset: str | None = Field(
        default=None,
        description="The most specific thing it concerns: code, site, line, fund, else main organisation.",
    )
    amount_text: str | None = Field(default=None, description="The money of the event, as the text has it.")
    amount_cny: float | None = Field(
        default=None,
        description="The same in yuan: a lower bound for a range or a foreign currency, for thresholds.",
    )
    chain: ChainPosition | None = None
    cues: list[str] = Field(default=[], description="The words that told type and status.")


class Claim(Span):
    """A superlative or a first, with the scope it claims: 全省首支, 国内首个."""

    text: str
    scope: str | None = None


class ExtractedArticle(CleanedArticle):
    """A cleaned article and everything that was read out of it."""

    relevance: Relevance
    relevance_reason: str | None = None
    chain: ChainPosition | None = None
    persons: list[Person] = []
    entities: list[Entity] = []
    money: list[Money] = []
    dates: list[DateMention] = []
    quantities: list[Quantity] = []
    events: list[Event] = []
    claims: list[Claim] = []
