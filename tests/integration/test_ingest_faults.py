"""Ingest when the broker goes away, and when ingest itself is killed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from services.ingest.settings import IngestSettings
from tests.conftest import Kafka, OwnBroker
from tests.integration.test_ingest_service import PAGE, TOKEN, Ingest, answers, eventually, feed, free_port
from tests.unit.ingest_web import Answer, rss, web_server

pytestmark = pytest.mark.kafka


async def test_a_broker_that_goes_away_and_comes_back_loses_no_page(
    own_broker: OwnBroker, tmp_path: Path
) -> None:
    ingest = Ingest(Kafka(own_broker.address), "", tmp_path, free_port())
    ingest.settings = IngestSettings(**{**ingest.settings.model_dump(), "publish_timeout_seconds": 2})
    push = f"http://127.0.0.1:{ingest.settings.push_port}/v1/articles"
    items: list[tuple[str, str]] = []
    async with (
        web_server() as web,
        httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10) as client,
    ):
        web.routes["/feed.xml"] = lambda _: Answer(rss(items))
        web.routes.update({f"/{i}": Answer(PAGE + b"%d" % i) for i in range(30)})
        ingest.sources(feed("sample", web.url("/feed.xml")))
        async with ingest.running():
            items[:0] = [(str(i), web.url(f"/{i}")) for i in range(10)]
            await ingest.wait_for_pages(10)
            await eventually(lambda: answers(client, push))
            await asyncio.to_thread(own_broker.kill)
            items[:0] = [(str(i), web.url(f"/{i}")) for i in range(10, 20)]
            refused = await client.post(push, json={"text": "while the broker is away"})
            assert refused.status_code == 503
            await asyncio.sleep(1)
            await asyncio.to_thread(own_broker.start)
            items[:0] = [(str(i), web.url(f"/{i}")) for i in range(20, 30)]

            async def all_there() -> bool | None:
                with contextlib.suppress(Exception):
                    return {p.url for p in await ingest.pages()} >= {url for _, url in items} or None
                return None

            await eventually(all_there, seconds=40)
            accepted = await client.post(push, json={"text": "the broker is back"})
            assert accepted.status_code == 202


async def test_a_killed_ingest_repeats_at_most_what_it_had_not_checkpointed(
    kafka: Kafka, unique_name: Callable[[str], str], tmp_path: Path
) -> None:
    ingest = Ingest(kafka, unique_name("ingest") + ".", tmp_path, free_port())
    async with web_server() as web:
        urls = [web.url(f"/{i}") for i in range(60)]
        web.routes["/feed.xml"] = Answer(rss([(url, url) for url in urls]))
        web.routes.update({f"/{i}": Answer(chunks=[PAGE, b"%d" % i], pause=0.01) for i in range(60)})
        ingest.sources(feed("sample", web.url("/feed.xml")))
        for at_least in (8, 30):
            process = await started(ingest, tmp_path)
            await ingest.wait_for_pages(at_least)
            process.kill()
            await process.wait()
        process = await started(ingest, tmp_path)

        async def all_there() -> Counter[str | None] | None:
            found = Counter(page.url for page in await ingest.pages())
            return found if set(found) == set(urls) else None

        found = await eventually(all_there, seconds=40)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await process.wait() == 0
    # Two kills, and eight entries are checkpointed together.
    assert sum(found.values()) - len(urls) <= 2 * 8
    article_ids = {page.article_id for page in await ingest.pages()}
    assert len(article_ids) == len(urls)


async def started(ingest: Ingest, folder: Path) -> asyncio.subprocess.Process:
    settings = ingest.settings
    environment = {
        "ISOWIRE_BOOTSTRAP_SERVERS": settings.bootstrap_servers,
        "ISOWIRE_TOPIC_PREFIX": settings.topic_prefix,
        "ISOWIRE_SOURCES_FILE": str(settings.sources_file),
        "ISOWIRE_OPS_PORT": "0",
    }
    program = (
        "from services.ingest.service import run; from services.ingest.settings import IngestSettings;"
        "run(IngestSettings())"
    )
    with await asyncio.to_thread((folder / "ingest.log").open, "ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, env=environment, stderr=log
        )
