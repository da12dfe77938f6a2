"""The shared readers, one a topic: of all alerts at once, of a subscription when first asked for."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from prometheus_client import CollectorRegistry

from schemas import topics
from services.deliver.feed import AlertFeed
from services.deliver.settings import DeliverSettings
from services.runtime.instruments import PipelineMetrics

MAX_FEEDS: Final = 16
READS_FROM_KAFKA: Final = 4  # at a time, for clients that are behind what is at hand
CATCH_UP_SECONDS: Final = 120.0


class NoSuchSubscriptionError(LookupError):
    """There is no topic of that name."""


class TooManyFeedsError(Exception):
    """As many topics as can be read have clients."""


class Feeds:
    """Opens readers and keeps them. A reader that fails ends the service, to be started anew."""

    def __init__(
        self, settings: DeliverSettings, tasks: asyncio.TaskGroup, registry: CollectorRegistry
    ) -> None:
        self._settings = settings
        self._metrics = PipelineMetrics(registry, "deliver")
        # The same alerts once more: they are not counted twice.
        self._uncounted = PipelineMetrics(CollectorRegistry(), "deliver")
        self._tasks = tasks
        self._open: dict[str, tuple[AlertFeed, asyncio.Task[None]]] = {}
        self._opening = asyncio.Lock()
        self._reads = asyncio.Semaphore(READS_FROM_KAFKA)

    async def get(self, subscription: str | None) -> AlertFeed:
        """Return the reader of all alerts or of a subscription's, level with its topic.

        Raises `NoSuchSubscriptionError` or `TooManyFeedsError`.
        """
        topic = topics.subscription_topic(subscription) if subscription else topics.ALERT
        async with self._opening:
            if topic.name not in self._open:
                await self._make_room()
                self._open[topic.name] = await self._start(topic.name)
        return self._open[topic.name][0]

    async def close(self) -> None:
        """End all clients and readers."""
        for feed, task in self._open.values():
            await feed.close()
            task.cancel()

    async def _start(self, name: str) -> tuple[AlertFeed, asyncio.Task[None]]:
        metrics = self._metrics if name == topics.ALERT.name else self._uncounted
        feed = AlertFeed(self._settings, name, self._reads, metrics)
        try:
            partitions = await feed.partitions()
        except LookupError as error:
            raise NoSuchSubscriptionError(name) from error
        caught_up = asyncio.Event()
        task = self._tasks.create_task(feed.read(partitions, caught_up))
        async with asyncio.timeout(CATCH_UP_SECONDS):
            await caught_up.wait()
        return feed, task

    async def _make_room(self) -> None:
        if len(self._open) < MAX_FEEDS:
            return
        idle = [n for n, (feed, _) in self._open.items() if feed.clients == 0 and n != topics.ALERT.name]
        if not idle:
            raise TooManyFeedsError(f"{MAX_FEEDS} topics are being read")
        feed, task = self._open.pop(idle[0])
        await feed.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
