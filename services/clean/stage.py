"""The stage: raw-article → cleaned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final

from schemas.cleaned import CleanedArticle, DatePrecision, RevisionKind
from schemas.headers import raw_article
from schemas.raw import RawArticle
from schemas.topics import CLEANED, RAW_ARTICLE
from services.clean.clean import clean
from services.clean.data import content
from services.clean.memory.memory import PageMemory
from services.runtime.stage import InputRecord, Stage, article_record

KINDS: Final[dict[str, dict[str, object]]] = content("kinds.yaml")


def read(record: InputRecord) -> RawArticle:
    """Return the fetched page of a record; raises `ValueError` where there is none."""
    if record.value is None:
        msg = "no page: the value is null"
        raise ValueError(msg)
    return raw_article(record.value, record.headers, record.timestamp_ms)


def tallies(article: CleanedArticle) -> Mapping[str, Mapping[str, int]]:
    """Return what was repaired and removed, and what speaks against the article, by kind."""
    report = article.report
    return {
        "repairs": report.repair_counts,
        "removals": report.removed_counts,
        "doubts": dict.fromkeys(report.doubts, 1),
    }


def published_at(article: CleanedArticle) -> datetime | None:
    """Return when the article was published, where the page tells the minute and the zone."""
    if article.published is None or article.published_precision is not DatePrecision.MINUTE:
        return None
    time = datetime.fromisoformat(article.published)
    return time if time.tzinfo else None


def sample() -> RawArticle:
    """Return a page that makes the lexicons load."""
    text = "示例市醫(yī)院核醫(yī)學(xué)科今日開診,記者從現場獲悉,首批患者已經完成檢查,結果良好。"
    page = f"<html><title>示例</title><body><p>{text}</p></body></html>"
    return RawArticle(body=page.encode(), source_id="sample", fetched_at=datetime.now(UTC))


STAGE: Final = Stage[RawArticle, CleanedArticle](
    name="clean",
    source=RAW_ARTICLE,
    target=CLEANED,
    function=clean,
    decode=read,
    encode=partial(article_record, stage="clean", topic=CLEANED),
    reasons=tuple(KINDS["rejections"]),
    tallies=tallies,
    tally_kinds={
        "repairs": tuple(KINDS["repairs"]),
        "removals": tuple(KINDS["removals"]),
        "doubts": tuple(KINDS["doubts"]),
        "revisions": tuple(RevisionKind),
    },
    published=published_at,
    memory=PageMemory,
    sample=sample,
)
