"""`cleaned`: the article itself, and what was done to get at it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from schemas.base import PartialDate, Record


class DatePrecision(StrEnum):
    """How much of the publication date the page gives."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    MONTH_DAY = "month_day"
    YEAR = "year"


class Removal(BaseModel):
    """A piece of the decoded text that is not in the body."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str = Field(description="Closed set: see services/clean/data/kinds.yaml.")
    start: int = Field(description="Offset in code points into the decoded text (flattened, for HTML).")
    text: str = Field(description="What stood there, cut after 200 code points.")


class Repair(BaseModel):
    """A piece of the text that was put back to what it had been."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str = Field(description="Closed set: see services/clean/data/kinds.yaml.")
    start: int = Field(description="Offset in code points into the decoded text (flattened, for HTML).")
    before: str
    after: str


class CleaningReport(BaseModel):
    """What cleaning did. Repairs of one kind may be many; `repair_counts` has them all."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    removed: list[Removal] = []
    repaired: list[Repair] = []
    removed_counts: dict[str, int] = {}
    repair_counts: dict[str, int] = {}
    damage_left: int = Field(default=0, description="Damaged places that no lexicon could confirm.")
    kept_share: float = Field(default=0, description="Characters of the body to those of the decoded text.")


class CleanedArticle(Record):
    """A page after cleaning: simplified script, repaired, without chrome, one paragraph a line."""

    url_id: str
    article_id: str
    url: str | None
    carrier: str | None = Field(
        description="The host that carried the copy: no evidence for who published it."
    )
    source_id: str
    fetched_at: datetime
    title: str | None = None
    published: PartialDate | None = None
    published_precision: DatePrecision | None = None
    published_basis: str | None = Field(
        default=None, description="What told the date: meta, byline, dateline, …"
    )
    publisher: str | None = Field(
        default=None, description="The site that published it, from the page itself."
    )
    source: str | None = Field(default=None, description="The original source that the text names.")
    reporters: list[str] = []
    editor: str | None = None
    body: str = Field(description="Paragraphs joined by one line feed; captions are not in it.")
    captions: list[str] = []
    language: str | None = Field(
        default=None, description="BCP 47: zh-Hans, zh-Hant, en; the page's, before folding."
    )
    charset: str = Field(description="The encoding that was used to decode the bytes.")
    fingerprint: list[int] = Field(
        description="128-slot one-permutation MinHash of the body's 4-grams, uint32."
    )
    report: CleaningReport
