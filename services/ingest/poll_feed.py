"""One poll of a feed: its new entries are fetched, oldest first, and go to raw-article.

A page is acknowledged by the broker first and remembered after: a crash between the two repeats it under the
same ids. A page whose server is in trouble is tried again at the next polls, up to `MAX_TRIES` times.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

import structlog

from schemas.operations import SourceStatus
from services.ingest.feeds import MAX_FEED_BYTES, Entry, Feed, NoFeed, parse_feed
from services.ingest.fetch import Fetched, Fetcher, FetchFailed, NotModified, Request
from services.ingest.intake import Intake, chunks
from services.ingest.publish import PublishError, article_of
from services.ingest.sources import FeedSource
from services.ingest.status import checkpoint
from services.runtime.metrics import SourceError

ENTRIES_AT_ONCE: Final = 8  # a run: fetched side by side, then checkpointed
CHECKPOINT_S: Final = 0.5  # within a run, where its pages are slow; one a page would be too many
MAX_TRIES: Final = 5
FEW_ENTRIES: Final = 4  # so many may well be updated at one time
SUSPICIOUS_PAGES: Final = 3  # so many pages fail and none works: then it is the source that fails
log = structlog.get_logger()


@dataclass(frozen=True)
class Taken:
    """A page that was fetched; `new` where it went to raw-article."""

    article_id: str
    new: bool


@dataclass
class Yield:
    """What the entries of one poll gave."""

    wanted: int = 0
    new: int = 0
    failures: list[FetchFailed] = field(default_factory=list)
    to_retry: int = 0

    @property
    def note(self) -> str | None:
        """What an operator should know of it."""
        if not self.failures:
            return None
        first = self.failures[0]
        return f"{len(self.failures)} of {self.wanted} pages failed: {first.reason.value}: {first.detail}"


class FeedPoller:
    """Polls one feed; keeps in memory how often each page has been tried."""

    def __init__(self, source: FeedSource, fetcher: Fetcher, intake: Intake) -> None:
        self._source = source
        self._fetcher = fetcher
        self._intake = intake
        self._tries: Counter[str] = Counter()

    async def poll(self, status: SourceStatus) -> SourceStatus:
        """Read the feed once. Raises `PublishError` where the broker does not take a page."""
        answer = await self._fetcher.fetch(self._feed_request(status), self._intake.metrics.fetch.observe)
        match answer:
            case FetchFailed(reason, detail, wait=wait):
                return self._intake.poll_failed(status, reason, detail, wait)
            case NotModified():
                return self._intake.poll_done(status, new=0, modified=False)
        feed = await asyncio.to_thread(parse_feed, answer.body, answer.content_type, answer.url)
        if isinstance(feed, NoFeed):
            return self._intake.poll_failed(status, SourceError.UNREADABLE, feed.reason)
        status, found = await self._take_entries(status, feed)
        return self._conclude(status, answer, feed, found)

    def _feed_request(self, status: SourceStatus) -> Request:
        # The operator named this address: robots.txt, which is for crawlers, is asked about the pages only.
        return Request(
            self._source.url,
            allow_private=self._source.allow_private_addresses,
            host_delay=self._source.host_delay,
            etag=status.etag,
            last_modified=status.last_modified,
            check_robots=False,
            limit=MAX_FEED_BYTES,
        )

    async def _take_entries(self, status: SourceStatus, feed: Feed) -> tuple[SourceStatus, Yield]:
        order = [entry.url_id for entry in feed.entries]
        wanted = wanted_entries(feed, status)
        found = Yield(wanted=len(wanted))
        clock = asyncio.get_running_loop().time
        saved_at = clock()
        async with aclosing(self._results(wanted, status.revisions)) as results:
            number = 0
            async for entry, result in results:
                number += 1
                done = self._tally(entry, result, found)
                updated = {key: entry.updated.isoformat() for key in done if entry.updated}
                status = checkpoint(status, done, order, updated)
                # At the end of each run nothing is under way: a kill repeats one run at most.
                if number % ENTRIES_AT_ONCE == 0 or clock() - saved_at >= CHECKPOINT_S:
                    await self._intake.save(status)
                    saved_at = clock()
        await self._intake.save(status)
        self._tries = Counter({key: tries for key, tries in self._tries.items() if key in set(order)})
        return status, found

    async def _results(
        self, wanted: list[Entry], revisions: dict[str, str]
    ) -> AsyncGenerator[tuple[Entry, Taken | FetchFailed], None]:
        """Yield what became of each entry as soon as it is known; some are fetched side by side."""
        for chunk in chunks(wanted, ENTRIES_AT_ONCE):
            tasks = [asyncio.create_task(self._tried(entry, revisions)) for entry in chunk]
            try:
                for done in asyncio.as_completed(tasks):
                    yield await done
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _tried(self, entry: Entry, revisions: dict[str, str]) -> tuple[Entry, Taken | FetchFailed]:
        try:
            return entry, await self._take(entry, revisions)
        except PublishError:
            raise
        except Exception as error:  # an entry that nobody foresaw must not close the feed for the others
            log.exception("entry failed", source=self._source.id)
            self._intake.page_failed(SourceError.OTHER, repr(error))
            return entry, FetchFailed(SourceError.OTHER, repr(error))

    async def _take(self, entry: Entry, revisions: dict[str, str]) -> Taken | FetchFailed:
        source, intake = self._source, self._intake
        request = Request(
            entry.url, allow_private=source.allow_private_addresses, host_delay=source.host_delay
        )
        answer = await self._fetcher.fetch(request, intake.metrics.fetch.observe)
        if isinstance(answer, NotModified):
            answer = FetchFailed(SourceError.HTTP_STATUS, "304 to an unconditional request")
        if isinstance(answer, FetchFailed):
            intake.page_failed(answer.reason, answer.detail)
            return answer
        article = article_of(answer, source.id, title=entry.title, published=entry.published)
        if revisions.get(entry.url_id) == article.article_id:
            intake.pipeline.duplicates.inc()
            return Taken(article.article_id, new=False)
        return Taken(article.article_id, new=await intake.publish_once(article))

    def _tally(self, entry: Entry, result: Taken | FetchFailed, found: Yield) -> dict[str, str | None]:
        """Count a result; return what of it the checkpoint is to remember."""
        if isinstance(result, Taken):
            found.new += result.new
            return {entry.url_id: result.article_id}
        found.failures.append(result)
        self._tries[entry.url_id] += 1
        if result.retry and self._tries[entry.url_id] < MAX_TRIES:
            found.to_retry += 1
            return {}
        return {entry.url_id: None}

    def _conclude(self, status: SourceStatus, answer: Fetched, feed: Feed, found: Yield) -> SourceStatus:
        all_failed = found.wanted > 0 and len(found.failures) == found.wanted
        if all_failed and (found.wanted >= SUSPICIOUS_PAGES or status.last_new_at is None):
            wait = max((failure.wait or 0.0 for failure in found.failures), default=0.0)
            return self._intake.poll_failed(status, found.failures[0].reason, found.note or "", wait)
        if not found.to_retry:
            # With a page still to be tried again, an unchanged feed must not answer 304.
            status = status.model_copy(update={"etag": answer.etag, "last_modified": answer.last_modified})
        return self._intake.poll_done(status, new=found.new, note=found.note or feed.flaw)


def wanted_entries(feed: Feed, status: SourceStatus) -> list[Entry]:
    """Return the entries whose pages are to be fetched, oldest first: not seen yet, or updated since.

    A feed that calls most of its entries updated stamps them with the time of the poll: that is no news.
    """
    updated = [entry for entry in feed.entries if _is_updated(entry, status)]
    if len(updated) > max(FEW_ENTRIES, len(feed.entries) // 2):
        updated = []
    again = {entry.url_id for entry in updated}
    seen = set(status.seen)
    return [e for e in reversed(feed.entries) if e.url_id not in seen or e.url_id in again]


def _is_updated(entry: Entry, status: SourceStatus) -> bool:
    known = status.updated.get(entry.url_id)
    return known is not None and entry.updated is not None and entry.updated.isoformat() > known
