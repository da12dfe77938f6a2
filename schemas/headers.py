"""Record headers: CloudEvents 1.0 (Kafka binding, binary mode), W3C trace context, times of the stages.

https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from schemas import ids
from schemas.raw import RawArticle

Headers = list[tuple[str, bytes]]

JSON_CONTENT_TYPE: Final = "application/json"
STAGE_TIME_PREFIX: Final = "isowire-time-"  # then the stage: epoch milliseconds, as digits


def get(headers: Iterable[tuple[str, bytes]], name: str) -> str | None:
    """Return the last header of that name as text, or None."""
    value = None
    for key, data in headers:
        if key == name:
            value = data.decode("utf-8", "replace")
    return value


def cloud_event(  # noqa: PLR0913 - the attributes that CloudEvents names
    *,
    event_id: str,
    source: str,
    event_type: str,
    time: datetime,
    content_type: str = JSON_CONTENT_TYPE,
    extensions: Mapping[str, str | None] | None = None,
) -> Headers:
    """Return the headers of a CloudEvent in binary mode; extensions that are None are left out."""
    fields = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_source": source,
        "ce_type": event_type,
        "ce_time": time.astimezone(UTC).isoformat(),
        "content-type": content_type,
    }
    fields |= {f"ce_{k}": v for k, v in (extensions or {}).items() if v is not None}
    return [(k, v.encode()) for k, v in fields.items()]


def traceparent(article_id: str, span: str) -> bytes:
    """Return the W3C `traceparent` of an article at a stage; derived, so that a repeat bears the same."""
    return f"00-{ids.trace_id(article_id)}-{ids.derive('span', article_id, span)[:16]}-01".encode()


def stage_time(stage: str, at: datetime) -> tuple[str, bytes]:
    """Return the header that says when a record left a stage."""
    return STAGE_TIME_PREFIX + stage, str(round(at.timestamp() * 1000)).encode()


def carried(headers: Iterable[tuple[str, bytes]]) -> Headers:
    """Return the headers that go along the whole chain: the times of the stages passed so far."""
    return [(k, v) for k, v in headers if k.startswith(STAGE_TIME_PREFIX)]


def stage_times(headers: Iterable[tuple[str, bytes]]) -> dict[str, float]:
    """Return {stage: epoch seconds} of the stages that a record has passed."""
    return {
        k.removeprefix(STAGE_TIME_PREFIX): int(v) / 1000
        for k, v in headers
        if k.startswith(STAGE_TIME_PREFIX) and v.isdigit()
    }


def raw_headers(article: RawArticle) -> Headers:
    """Return the headers that carry all of a raw article but its body."""
    published = article.feed_published.isoformat() if article.feed_published else None
    return [
        *cloud_event(
            event_id=article.article_id,
            source=f"/isowire/ingest/{article.source_id}",
            event_type="isowire.raw-article",
            time=article.fetched_at,
            content_type=article.content_type or "application/octet-stream",
            extensions={
                "url": article.url,
                "sourceid": article.source_id,
                "feedtitle": article.feed_title,
                "feedpublished": published,
            },
        ),
        ("traceparent", traceparent(article.article_id, "ingest")),
        stage_time("ingest", article.fetched_at),
    ]


def raw_article(value: bytes, headers: Headers, timestamp_ms: int) -> RawArticle:
    """Read a raw article back from a record and the time that Kafka has for it.

    Headers that any other producer may have left out fall back to the unknown: no URL, no content type,
    source `unknown`, fetched when it was written. Raises `ValueError` where a time cannot be read.
    """
    time, published = get(headers, "ce_time"), get(headers, "ce_feedpublished")
    content_type = get(headers, "content-type")
    return RawArticle(
        url=get(headers, "ce_url"),
        body=value,
        content_type=None if content_type == "application/octet-stream" else content_type,
        source_id=get(headers, "ce_sourceid") or "unknown",
        fetched_at=datetime.fromisoformat(time) if time else datetime.fromtimestamp(timestamp_ms / 1000, UTC),
        feed_title=get(headers, "ce_feedtitle"),
        feed_published=datetime.fromisoformat(published) if published else None,
    )
