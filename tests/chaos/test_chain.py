"""The whole chain under load and twenty faults: nothing lost, nothing twice, the same alerts as undisturbed.

5,000 pages, among them copies of one story on many addresses, run through clean, extract and alert, two
workers of each. Faults are drawn over all services from a seed: kill -9, freeze past the session and
thaw, stop, join. What is on the topics afterwards is held against a run in peace.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.pages import FETCHED_AT, make_story, raises_alert
from schemas.alert import Alert
from schemas.headers import raw_headers
from schemas.raw import RawArticle
from schemas.topics import ALERT, CLEANED, DEAD_LETTER, EXTRACTED, RAW_ARTICLE
from services.cli.tracker import tracking
from services.runtime.kafka import ensure_topics, producer
from services.runtime.settings import KafkaSettings
from tests.chaos.faults import draw, fleet
from tests.conftest import Kafka
from tests.integration.runner_tools import read_all

pytestmark = [pytest.mark.kafka, pytest.mark.chaos, pytest.mark.timeout(900)]

SEED = int(os.environ.get("ISOWIRE_CHAOS_SEED", "7"))
PAGES, FAULTS, WORKERS = 5000, 20, 2
SERVICES = ("clean", "extract", "alert")
COPIES_OF_A_STORY = 4  # of each story that raises an alert: on addresses, hence in partitions, of their own
PAGES_A_SECOND = 45  # so that pages keep coming for as long as the faults last
SETTLE_SECONDS = 180.0
POISON_EVERY = 500

View = dict[str, Alert]


def page(number: int) -> RawArticle:
    """Return page `number`: of a story, of a copy of it, or of nothing that could be read."""
    story_number = number - number % COPIES_OF_A_STORY
    rng = random.Random(f"chain:{story_number}")
    raises = raises_alert(story_number // COPIES_OF_A_STORY)
    story = make_story(rng, raises=raises)
    text = (
        f"<html><head><meta charset='utf-8'><title>{story.title}</title></head><body><h1>{story.title}</h1>"
    )
    text += "".join(f"<p>{paragraph}</p>" for paragraph in story.paragraphs) + "</body></html>"
    return RawArticle(
        url=f"https://site{number % COPIES_OF_A_STORY}.invalid/{story_number}-{number}.html",
        body=b"\x89PNG\r\n\x1a\n" + bytes(200) if number % POISON_EVERY == 1 else text.encode(),
        content_type="text/html",
        source_id="chaos",
        fetched_at=FETCHED_AT,
    )


def command(service: str) -> Sequence[str]:
    return [sys.executable, "-m", "services.cli.main", "run", service]


async def publish(settings: KafkaSettings, articles: Sequence[RawArticle], *, pages_a_second: float) -> None:
    sender = producer(settings)
    await sender.start()
    began = time.monotonic()
    try:
        for number, article in enumerate(articles):
            await sender.send(
                settings.topic(RAW_ARTICLE.name),
                article.body,
                article.url_id.encode(),
                headers=raw_headers(article),
            )
            await asyncio.sleep(max(0.0, began + number / pages_a_second - time.monotonic()))
    finally:
        await sender.stop()


async def compacted(settings: KafkaSettings) -> View:
    """Return the last alert of each id, as compaction leaves them."""
    view: View = {}
    for record in await read_all(settings, ALERT.name):
        alert_id = record.key.decode()
        view.pop(alert_id, None)
        if record.value:
            view[alert_id] = Alert.from_json(record.value)
    return view


@asynccontextmanager
async def chain(
    kafka: Kafka, prefix: str, folder: Path, workers: int
) -> AsyncIterator[tuple[KafkaSettings, Any]]:
    folder.mkdir()
    settings = KafkaSettings(bootstrap_servers=kafka.address, topic_prefix=prefix)
    await ensure_topics(settings)
    env = {
        "ISOWIRE_BOOTSTRAP_SERVERS": kafka.address,
        "ISOWIRE_TOPIC_PREFIX": prefix,
        "ISOWIRE_OPS_PORT": "0",
        "ISOWIRE_SESSION_TIMEOUT_SECONDS": "6",
    }
    async with fleet(command, SERVICES, workers=workers, folder=folder, env=env) as running:
        yield settings, running


async def until_settled(settings: KafkaSettings) -> None:
    async with tracking(settings) as tracker, asyncio.timeout(SETTLE_SECONDS):
        while not await tracker.settled(PAGES):
            await tracker.poll()


async def test_twenty_faults_lose_nothing_and_repeat_nothing(
    kafka: Kafka, unique_name: Callable[[str], str], tmp_path: Path
) -> None:
    articles = [page(number) for number in range(PAGES)]
    random.Random(SEED).shuffle(articles)
    every = {article.url_id for article in articles}
    assert len(every) == PAGES

    async with chain(kafka, unique_name("peace") + ".", tmp_path / "peace", 1) as (settings, _):
        await publish(settings, articles, pages_a_second=10_000)
        await until_settled(settings)
        expected = await compacted(settings)
    stories = PAGES // COPIES_OF_A_STORY // 10
    assert len(expected) >= stories * 0.9
    assert sum(alert.report_count for alert in expected.values()) > stories * 3

    faults = draw(SEED, FAULTS, SERVICES)
    async with chain(kafka, unique_name("chaos") + ".", tmp_path / "chaos", WORKERS) as (settings, running):
        publishing = asyncio.create_task(publish(settings, articles, pages_a_second=PAGES_A_SECOND))
        for fault in faults:
            await running.carry_out(fault)
        await publishing
        await until_settled(settings)

    cleaned, extracted, dead = [
        Counter(record.key.decode() for record in await read_all(settings, topic.name))
        for topic in (CLEANED, EXTRACTED, DEAD_LETTER)
    ]
    assert every - cleaned.keys() - dead.keys() == set(), "lost before cleaned"
    assert cleaned.keys() - extracted.keys() - dead.keys() == set(), "lost before extracted"
    assert [key for topic in (cleaned, extracted, dead) for key, count in topic.items() if count > 1] == []
    assert await compacted(settings) == expected
    assert running.failures == []
