"""`cleaned`: the article itself, and what was done to get at it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from schemas.base import PartialDate, Record

LOST_CHARACTER = "〓"  # the typographer's mark for a character that is not at hand


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


class RevisionKind(StrEnum):
    """What a page is to the last one of the same URL."""

    FIRST = "first"
    REPEAT = "repeat"  # the same bytes, or the same article with other furniture around it
    REVISION = "revision"  # another title or other paragraphs


class Revision(BaseModel):
    """What changed since the last page of the same URL, as far as its partition remembers."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: RevisionKind
    number: int = Field(default=1, ge=1, description="1 for the first; a repeat keeps the number.")
    of: str | None = Field(default=None, description="`article_id` of the page before, null for the first.")
    title_changed: bool = False
    added: list[int] = Field(default=[], description="Paragraphs of the body that are new, from 0.")
    removed: list[str] = Field(
        default=[], description="Heads of the paragraphs that are gone, cut after 80 code points."
    )


class CleaningReport(BaseModel):
    """What cleaning did. Repairs of one kind may be many; `repair_counts` has them all."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    removed: list[Removal] = []
    repaired: list[Repair] = []
    removed_counts: dict[str, int] = {}
    repair_counts: dict[str, int] = {}
    damage_left: int = Field(default=0, description="Damaged places that no lexicon could confirm.")
    kept_share: float = Field(default=0, description="Characters of the body to those of the decoded text.")
    quality: float | None = Field(
        default=None, ge=0, le=1, description="How far the body can be trusted: 1 where there is no doubt."
    )
    doubts: list[str] = Field(
        default=[], description="What speaks against it. Closed set: see services/clean/data/kinds.yaml."
    )


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
        default=None,
        description="What told the date. Closed set: see `bases` in services/clean/data/kinds.yaml.",
    )
    publisher: str | None = Field(
        default=None, description="The site that published it, from the page itself."
    )
    source: str | None = Field(default=None, description="The original source that the text names.")
    reporters: list[str] = Field(default=[], description="All who wrote it, correspondents among them.")
    correspondents: list[str] = Field(default=[], description="通讯员: who contributed without being staff.")
    editor: str | None = None
    column: str | None = Field(default=None, description="The section of the site, from breadcrumb or head.")
    digest: bool = Field(default=False, description="Several short items on different things in one page.")
    body: str = Field(
        description="Paragraphs joined by one line feed; captions are not in it. 〓 stands for a character "
        "that is lost for good."
    )
    captions: list[str] = []
    language: str | None = Field(
        default=None, description="BCP 47: zh-Hans, zh-Hant, en; the page's, before folding."
    )
    script: str | None = Field(
        default=None, description="ISO 15924: Hans, Hant, Latn, …; the page's, before folding."
    )
    charset: str = Field(description="The encoding that was used to decode the bytes.")
    fingerprint: list[int] = Field(
        description="128-slot one-permutation MinHash of the body's 4-grams, uint32."
    )
    report: CleaningReport
    revision: Revision | None = Field(
        default=None, description="Null where no partition remembers, as on files."
    )
