"""How long an alert takes, from the page's publication to its arrival at a subscriber, at a steady rate.

Open loop: pages are sent at their time whether or not the chain keeps up, and the clock of each starts when
it was due, so that a stall counts for every page that it holds up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from aiokafka import AIOKafkaConsumer

from benchmarks.chain import start_services
from benchmarks.pages import make_pages
from benchmarks.processes import crew
from benchmarks.wire import PREFIX, page_producer, send_page
from schemas.alert import Alert
from schemas.raw import RawArticle
from schemas.topics import ALERT

SEED = 3  # other pages than those of the backlog: every alert is new
SECONDS = 25.0
SETTLE_SECONDS = 5.0  # at the beginning: sent, not counted
GRACE_SECONDS = 10.0


@dataclass(frozen=True)
class Latency:
    """Seconds from publish to alert, and of how many alerts."""

    p50: float
    p99: float
    worst: float
    alerts: int


async def measure(address: str, folder: Path, rate: float) -> Latency:
    """Send `rate` pages a second and time the alerts."""
    pages = list(make_pages(round(rate * SECONDS), seed=SEED))
    due: dict[str, float] = {}
    seconds: dict[str, float] = {}
    with crew(folder) as staff:
        await start_services(staff, address)
        async with subscriber(address) as consumer:
            listening = asyncio.create_task(_listen(consumer, due, seconds))
            begun = await _send(address, pages, rate, due, staff.check)
            await asyncio.wait([listening], timeout=GRACE_SECONDS)
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
    counted = [took for url, took in seconds.items() if due[url] - begun >= SETTLE_SECONDS]
    p50, p99, worst = np.percentile(counted, [50, 99, 100])
    return Latency(float(p50), float(p99), float(worst), len(counted))


def subscriber(address: str) -> AIOKafkaConsumer:
    """Return a consumer as a subscriber has it."""
    return AIOKafkaConsumer(
        PREFIX + ALERT.name,
        bootstrap_servers=address,
        auto_offset_reset="latest",
        isolation_level="read_committed",
    )


async def _listen(consumer: AIOKafkaConsumer, due: dict[str, float], seconds: dict[str, float]) -> None:
    async for record in consumer:
        arrived = time.monotonic()
        if record.value is None:  # an alert that another has taken in
            continue
        for report in Alert.from_json(record.value).reports:
            if report.url in due:
                seconds.setdefault(report.url, arrived - due[report.url])


async def _send(
    address: str, pages: list[RawArticle], rate: float, due: dict[str, float], check: Callable[[], None]
) -> float:
    async with page_producer(address) as producer:
        begun = time.monotonic()
        for number, page in enumerate(pages):
            at = begun + number / rate
            await asyncio.sleep(max(at - time.monotonic(), 0))
            due[str(page.url)] = at
            await send_page(producer, page)
            if number % 500 == 0:
                check()
    return begun
