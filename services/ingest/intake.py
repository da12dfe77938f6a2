"""What the polls of a source work with: where pages go, what is counted, and the checkpoint."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeVar

import structlog

from schemas.operations import SourceStatus
from schemas.raw import RawArticle
from services.ingest.publish import Publisher
from services.ingest.sources import FeedSource, FolderSource, JsonLinesSource
from services.ingest.status import failed, succeeded
from services.runtime.instruments import PipelineMetrics, SourceMetrics
from services.runtime.metrics import PollOutcome, SourceError

MAX_KNOWN_ARTICLES: Final = 100_000

AnySource = FeedSource | FolderSource | JsonLinesSource
Item = TypeVar("Item")
log = structlog.get_logger()


class RecentArticles:
    """The ids of articles that went out lately, over all sources; the oldest are forgotten first."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._ids = OrderedDict.fromkeys(known)

    def __contains__(self, article_id: str) -> bool:
        return article_id in self._ids

    def discard(self, article_id: str) -> None:
        """Forget an article that did not go out after all."""
        self._ids.pop(article_id, None)

    def add(self, article_id: str) -> None:
        """Remember an article."""
        self._ids[article_id] = None
        while len(self._ids) > MAX_KNOWN_ARTICLES:
            self._ids.popitem(last=False)


@dataclass
class Intake:
    """The surroundings of one source. `save` writes its checkpoint."""

    source: AnySource
    publisher: Publisher
    metrics: SourceMetrics
    pipeline: PipelineMetrics
    save: Callable[[SourceStatus], Awaitable[None]]
    recent: RecentArticles = field(default_factory=RecentArticles)

    async def publish(self, articles: Sequence[RawArticle]) -> int:
        """Publish pages; return their number. Raises `PublishError`."""
        await self.publisher.publish_all(articles)
        self.metrics.pages.inc(len(articles))
        self.metrics.bytes.inc(sum(len(article.body) for article in articles))
        return len(articles)

    async def publish_once(self, article: RawArticle) -> bool:
        """Publish a page unless it went out lately, from whatever source; tell whether it was new."""
        if article.article_id in self.recent:
            self.pipeline.duplicates.inc()
            return False
        # Before the wait for the broker, so that another feed with the same page does not send it as well.
        self.recent.add(article.article_id)
        try:
            await self.publish([article])
        except BaseException:
            self.recent.discard(article.article_id)
            raise
        return True

    def page_failed(self, reason: SourceError, detail: str) -> None:
        """Count a page that could not be taken."""
        self.metrics.errors[reason].inc()
        log.info("page not taken", source=self.source.id, reason=reason.value, detail=detail)

    def poll_failed(
        self, status: SourceStatus, reason: SourceError, detail: str, wait: float | None = None
    ) -> SourceStatus:
        """Count a poll that did not work and return the status after it."""
        self.metrics.polls[PollOutcome.ERROR].inc()
        self.metrics.errors[reason].inc()
        error = f"{reason.value}: {detail}"
        return failed(status, datetime.now(UTC), error=error, interval=self.source.interval, wait=wait)

    def poll_done(
        self, status: SourceStatus, *, new: int, modified: bool = True, note: str | None = None
    ) -> SourceStatus:
        """Count a poll that worked and return the status after it."""
        outcome = PollOutcome.NEW if new else PollOutcome.NOTHING_NEW
        self.metrics.polls[outcome if modified else PollOutcome.NOT_MODIFIED].inc()
        source = self.source
        return succeeded(
            status,
            datetime.now(UTC),
            new=new,
            interval=source.interval,
            silent_after=source.silent_after,
            note=note,
        )


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Return `items` in runs of `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
