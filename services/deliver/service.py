"""The deliver service: the HTTP API over the alert topics."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial

from prometheus_client import CollectorRegistry

from services.deliver.api import Api, deliver_app
from services.deliver.feeds import Feeds
from services.deliver.settings import DeliverSettings
from services.runtime.health import ServiceHealth
from services.runtime.instruments import StreamMetrics
from services.runtime.kafka import ensure_topics
from services.runtime.log import configure_logging
from services.runtime.ops_http import app_server, ops_server
from services.runtime.service import until_signal


def run(settings: DeliverSettings) -> int:
    """Run deliver until SIGTERM or SIGINT; return the exit status."""
    configure_logging(settings.log_level, service="deliver")
    asyncio.run(until_signal(partial(serve, settings)))
    return 0


async def serve(
    settings: DeliverSettings,
    stop: asyncio.Event,
    registry: CollectorRegistry | None = None,
    ready: asyncio.Future[int] | None = None,
) -> None:
    """Serve until `stop` is set; `ready` gets the API's port once it answers.

    Raises whatever ends a reader of a topic for good: the supervisor starts the service anew.
    """
    registry = registry or CollectorRegistry()
    health = ServiceHealth()
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(
            ops_server(registry, health, host=settings.ops_host, port=settings.ops_port)
        )
        await ensure_topics(settings)
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        feeds = Feeds(settings, tasks, registry)
        feed = await feeds.get(None)
        app = deliver_app(Api(settings, feeds, StreamMetrics(registry)), registry, health)
        port = await stack.enter_async_context(
            app_server(app, host=settings.api_host, port=settings.api_port)
        )
        health.set_ready(ok=True, detail=f"{len(feed.recent)} alerts")
        if ready:
            ready.set_result(port)
        await stop.wait()
        health.set_ready(ok=False, detail="stopping")
        # The streams end first: an open one would hold the server.
        await feeds.close()
