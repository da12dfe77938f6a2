"""extracted → occurrence: an article's events are matched against the rules, exactly once, without state."""

from __future__ import annotations

import time
from functools import cache
from typing import Final

from schemas.alert import Occurrence
from schemas.extracted import ExtractedArticle
from schemas.headers import cloud_event, traceparent
from schemas.topics import EXTRACTED, OCCURRENCE
from services.alert.match import match
from services.alert.rules import POLL_SECONDS, RuleBook
from services.alert.settings import AlertSettings
from services.runtime.stage import InputRecord, OutputRecord, Stage


class WatchedRules:
    """The rules of the worker process: it has no loop, so it looks at the file between documents."""

    def __init__(self) -> None:
        self.book = RuleBook(AlertSettings().rules_file)
        self._looked_at = time.monotonic()

    def match(self, article: ExtractedArticle) -> list[Occurrence]:
        """Return an article's hits under the rules of at most a second ago."""
        now = time.monotonic()
        if now - self._looked_at >= POLL_SECONDS:
            self._looked_at = now
            self.book.reload()  # what was refused is reported by `services.alert.service`
        return match(article, self.book.current)


@cache
def watched_rules() -> WatchedRules:
    """Return this process's rules, read when they are needed first."""
    return WatchedRules()


def hits(article: ExtractedArticle) -> list[Occurrence]:
    """Return the rule hits of an article."""
    return watched_rules().match(article)


def decode(record: InputRecord) -> ExtractedArticle:
    """Read a record of `extracted`; raises `ValueError` for what is none."""
    return ExtractedArticle.from_json(record.value or b"")


def encode(occurrence: Occurrence) -> OutputRecord:
    """Return a hit as it goes on the wire, keyed by what happened."""
    event = cloud_event(
        event_id=occurrence.event_id,
        source="/isowire/match",
        event_type=f"isowire.{OCCURRENCE.name}",
        time=occurrence.report.fetched_at,
        extensions={"url": occurrence.report.url, "ruleid": occurrence.rule_id},
    )
    trace = ("traceparent", traceparent(occurrence.report.article_id, "match"))
    return OutputRecord(occurrence.key.encode(), occurrence.to_json(), [*event, trace])


STAGE: Final[Stage[ExtractedArticle, Occurrence]] = Stage(
    name="match", source=EXTRACTED, target=OCCURRENCE, function=hits, decode=decode, encode=encode
)
