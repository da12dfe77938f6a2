"""Articles and hits for the tests of alert; all organisations are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from schemas import ids
from schemas.alert import Evidence, Occurrence, Report, Severity
from schemas.cleaned import CleaningReport
from schemas.extracted import Event, EventStatus, EventType, ExtractedArticle, Participant, Relevance

FETCHED = datetime(2025, 8, 25, 8, 0, tzinfo=UTC)
BODY = "8月22日，虚构核药有限公司与假想医院签署战略合作协议。"


def event(
    kind: EventType = EventType.AGREEMENT_SIGNED,
    status: EventStatus = EventStatus.OCCURRED,
    **fields: Any,
) -> Event:
    defaults: dict[str, Any] = {
        "id": ids.event_id("a", kind, 0, len(BODY), BODY),
        "date": "2025-08-22",
        "participants": [Participant(start=6, end=14, name="虚构核药有限公司", role="actor")],
        "evidence": BODY,
        "asset": "虚构核药有限公司",
        "start": 0,
        "end": len(BODY),
    }
    return Event(type=kind, status=status, **defaults | fields)


def article(url: str = "https://news.example/1", **fields: Any) -> ExtractedArticle:
    defaults: dict[str, Any] = {
        "url_id": ids.url_id(url),
        "article_id": ids.article_id(ids.url_id(url), BODY.encode()),
        "url": url,
        "carrier": "news.example",
        "source_id": "test",
        "fetched_at": FETCHED,
        "title": "虚构核药与假想医院签约",
        "published": "2025-08-23",
        "publisher": "虚构日报",
        "body": BODY,
        "charset": "utf-8",
        "fingerprint": list(range(128)),
        "report": CleaningReport(),
        "relevance": Relevance.CORE,
        "events": [event()],
    }
    return ExtractedArticle(**defaults | fields)


def occurrence(page: str = "1", **fields: Any) -> Occurrence:
    """Return a hit on page `page`; `published`, `fetched_at` and `body_chars` go to its report."""
    url_id = ids.url_id(f"https://news.example/{page}")
    report: dict[str, Any] = {
        "article_id": ids.article_id(url_id, b""),
        "url_id": url_id,
        "url": f"https://news.example/{page}",
        "carrier": "news.example",
        "title": f"标题{page}",
        "publisher": "虚构日报",
        "published": None,
        "fetched_at": FETCHED,
        "body_chars": 100,
        "fingerprint": [1, 2, 3],
    }
    report |= {name: fields.pop(name) for name in list(fields) if name in report}
    defaults: dict[str, Any] = {
        "key": ids.occurrence_key("agreement_signed", "虚构核药有限公司"),
        "rule_id": "agreement-signed",
        "rule_title": "Agreement signed",
        "severity": Severity.NOTICE,
        "event_id": ids.derive("test", page),
        "event_type": EventType.AGREEMENT_SIGNED,
        "status": EventStatus.OCCURRED,
        "date": None,
        "asset": "虚构核药有限公司",
        "participants": [],
        "evidence": Evidence(start=0, end=4, text="签署协议", article_id=report["article_id"]),
        "report": Report(**report),
        "entities": ["虚构核药有限公司", f"单位{page}"],
    }
    return Occurrence(**defaults | fields)
