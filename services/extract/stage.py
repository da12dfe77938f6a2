"""The stage: cleaned → extracted."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Final

from schemas.cleaned import CleanedArticle, CleaningReport
from schemas.extracted import ExtractedArticle
from schemas.topics import CLEANED, EXTRACTED
from services.extract.extract import extract
from services.runtime.stage import InputRecord, Stage, article_record


def read(record: InputRecord) -> CleanedArticle:
    """Return the article of a record; raises `ValueError` where it is none."""
    return CleanedArticle.from_json(record.value or b"")


def sample() -> CleanedArticle:
    """Return an article that makes the lexicons load."""
    return CleanedArticle(
        url_id="sample",
        article_id="sample",
        url=None,
        carrier=None,
        source_id="sample",
        fetched_at=datetime.now(UTC),
        body="核医学科主任张三表示,镥-177项目2024年6月签约,总投资3亿元。",
        charset="utf-8",
        fingerprint=[],
        report=CleaningReport(),
    )


STAGE: Final = Stage[CleanedArticle, ExtractedArticle](
    name="extract",
    source=CLEANED,
    target=EXTRACTED,
    function=extract,
    decode=read,
    encode=partial(article_record, stage="extract", topic=EXTRACTED),
    reasons=("empty_body", "body_too_long"),
    sample=sample,
)
