from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
import yaml
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from schemas import ids, topics
from schemas.headers import raw_article
from schemas.operations import OpsAlert, SourceState, SourceStatus
from schemas.raw import RawArticle
from services.ingest.service import serve
from services.ingest.settings import IngestSettings
from services.runtime import kafka as clients
from tests.conftest import Kafka
from tests.unit.ingest_web import Answer, Asked, Web, rss, web_server

pytestmark = pytest.mark.kafka
TOKEN = "a-token-of-the-test-alone"
Found = TypeVar("Found")
PAGE = "<html><body>铼星医药公司与北岭医院在临川市签约</body></html>".encode("gb18030")


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with web_server() as server:
        yield server


@pytest.fixture
def ingest(kafka: Kafka, unique_name: Callable[[str], str], tmp_path: Path) -> Ingest:
    return Ingest(kafka, unique_name("ingest") + ".", tmp_path, free_port())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Ingest:
    """An ingest service of the test's own topics, and what it has written."""

    def __init__(self, kafka: Kafka, prefix: str, folder: Path, port: int) -> None:
        self.folder = folder
        self.settings = IngestSettings(
            bootstrap_servers=kafka.address,
            topic_prefix=prefix,
            sources_file=folder / "sources.yaml",
            ops_port=0,
            push_token=SecretStr(TOKEN),
            push_port=port,
        )
        self.registry = CollectorRegistry()

    def sources(self, *sources: dict[str, object]) -> None:
        (self.folder / "sources.yaml").write_text(yaml.safe_dump({"sources": list(sources)}))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        stop = asyncio.Event()
        self.registry = CollectorRegistry()
        task = asyncio.create_task(serve(self.settings, stop, self.registry))
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(15):
                await task

    async def records(self, topic: topics.Topic) -> list[ConsumerRecord]:
        name = self.settings.topic(topic.name)
        partitions = await clients.partitions_of(self.settings, name)
        consumer: AIOKafkaConsumer = clients.reader(self.settings)
        await consumer.start()
        try:
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            ends = await consumer.end_offsets(partitions)
            return [record async for record in clients.read_up_to(consumer, ends)]
        finally:
            await consumer.stop()

    async def pages(self) -> list[RawArticle]:
        records = await self.records(topics.RAW_ARTICLE)
        for record in records:
            assert record.key.decode() == raw_article(record.value, list(record.headers), 0).url_id
        return [raw_article(r.value, list(r.headers), r.timestamp) for r in records]

    async def status(self, source_id: str) -> SourceStatus | None:
        found = [r.value for r in await self.records(topics.SOURCE_STATUS) if r.key == source_id.encode()]
        return SourceStatus.from_json(found[-1]) if found else None

    async def wait_for_pages(self, number: int) -> list[RawArticle]:
        async def enough() -> list[RawArticle] | None:
            found = await self.pages()
            return found if len(found) >= number else None

        return await eventually(enough)


async def eventually(look: Callable[[], Awaitable[Found | None]], seconds: float = 20) -> Found:
    async with asyncio.timeout(seconds):
        while True:
            with contextlib.suppress(LookupError):
                if found := await look():
                    return found
            await asyncio.sleep(0.1)


async def test_a_feed_goes_to_raw_article_byte_for_byte(ingest: Ingest, web: Web) -> None:
    web.routes["/feed.xml"] = Answer(
        rss([("镥项目签约", web.url("/a")), ("乙", web.url("/b"))], encoding="gbk")
    )
    web.routes["/a"] = Answer(PAGE, headers={"Content-Type": "text/html; charset=gbk"})
    web.routes["/b"] = Answer(b"\x00\xff\xfe not text at all")
    ingest.sources(feed("sample", web.url("/feed.xml")))
    async with ingest.running():
        pages = {page.url: page for page in await ingest.wait_for_pages(2)}
        status = await eventually(lambda: settled_status(ingest, "sample"))
    first = pages[web.url("/a")]
    assert first.body == PAGE
    assert first.content_type == "text/html; charset=gbk"
    assert first.source_id == "sample"
    assert first.feed_title == "镥项目签约"
    assert first.feed_published is not None
    assert pages[web.url("/b")].body == b"\x00\xff\xfe not text at all"
    assert status.state is SourceState.OK
    assert status.seen == [ids.url_id(web.url("/a")), ids.url_id(web.url("/b"))]
    assert ingest.registry.get_sample_value("isowire_source_pages_total", {"source": "sample"}) == 2
    assert ingest.registry.get_sample_value("isowire_source_up", {"source": "sample"}) == 1


async def test_a_restart_goes_on_from_the_checkpoint(ingest: Ingest, web: Web) -> None:
    items = [("甲", web.url("/a"))]
    web.routes["/feed.xml"] = lambda _: Answer(rss(items), headers={"ETag": f'"{len(items)}"'})
    web.routes["/a"] = web.routes["/b"] = Answer(PAGE)
    ingest.sources(feed("sample", web.url("/feed.xml")))
    async with ingest.running():
        await eventually(lambda: settled_status(ingest, "sample"))
    items.insert(0, ("乙", web.url("/b")))
    async with ingest.running():
        await ingest.wait_for_pages(2)
    assert [page.url for page in await ingest.pages()].count(web.url("/a")) == 1
    assert web.count("/a") == 1
    later = [asked for asked in web.asked if asked.path == "/feed.xml" and "if-none-match" in asked.headers]
    assert later
    assert later[0].headers["if-none-match"] == '"1"'


async def test_two_feeds_with_one_page_publish_it_once(ingest: Ingest, web: Web) -> None:
    web.routes["/one.xml"] = web.routes["/two.xml"] = Answer(rss([("甲", web.url("/a"))]))
    web.routes["/a"] = Answer(PAGE)
    ingest.sources(feed("one", web.url("/one.xml")), feed("two", web.url("/two.xml")))
    async with ingest.running():
        await eventually(lambda: settled_status(ingest, "one"))
        await eventually(lambda: settled_status(ingest, "two"))
    assert len(await ingest.pages()) == 1


async def test_an_updated_entry_is_published_again_only_where_the_page_has_changed(
    ingest: Ingest, web: Web
) -> None:
    published = "<published>2024-06-25T09:00:00Z</published>"
    entry = '<entry><link href="{}"/>' + published + "<updated>{}</updated></entry>"
    times = {"/a": "2024-06-25T09:00:00Z", "/b": "2024-06-25T09:00:00Z"}
    bodies = {"/a": PAGE, "/b": PAGE}

    def atom(_: Asked) -> Answer:
        entries = "".join(entry.format(web.url(path), time) for path, time in times.items())
        return Answer(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode())

    web.routes["/feed.xml"] = atom
    web.routes["/a"] = web.routes["/b"] = lambda asked: Answer(bodies[asked.path])
    ingest.sources(feed("sample", web.url("/feed.xml"), interval=0.2))
    async with ingest.running():
        await ingest.wait_for_pages(2)
        await eventually(lambda: settled_status(ingest, "sample"))
        await asyncio.sleep(0.1)
        now = datetime.now(UTC).isoformat()
        bodies["/b"] = PAGE + b"<p>more</p>"
        times.update({"/a": now, "/b": now})
        pages = await ingest.wait_for_pages(3)
    assert [page.url for page in pages].count(web.url("/a")) == 1
    assert {page.body for page in pages if page.url == web.url("/b")} == {PAGE, PAGE + b"<p>more</p>"}
    assert web.count("/a") >= 2


async def test_a_page_whose_server_is_in_trouble_is_tried_again(ingest: Ingest, web: Web) -> None:
    """The feed must be read in full meanwhile, although it has not changed."""
    web.routes["/feed.xml"] = lambda asked: (
        Answer(status=304)
        if "if-none-match" in asked.headers
        else Answer(rss([("甲", web.url("/a")), ("乙", web.url("/b"))]), headers={"ETag": '"1"'})
    )
    web.routes["/b"] = Answer(PAGE)
    web.routes["/a"] = lambda _: Answer(status=500) if web.count("/a") < 3 else Answer(PAGE)
    ingest.sources(feed("sample", web.url("/feed.xml"), interval=0.2))
    async with ingest.running():
        pages = await ingest.wait_for_pages(2)
    assert {page.url for page in pages} == {web.url("/a"), web.url("/b")}
    assert web.count("/b") == 1


async def test_a_broken_feed_shows_and_the_others_go_on(ingest: Ingest, web: Web) -> None:
    web.routes["/broken.xml"] = Answer(b"<html>moved away</html>")
    web.routes["/feed.xml"] = Answer(rss([("甲", web.url("/a"))]))
    web.routes["/a"] = Answer(PAGE)
    ingest.sources(
        feed("broken", web.url("/broken.xml")),
        feed("gone", "http://127.0.0.1:9/feed.xml"),
        feed("inside", web.url("/feed.xml"), allow_private_addresses=False),
        feed("sample", web.url("/feed.xml")),
    )
    async with ingest.running():
        assert len(await ingest.wait_for_pages(1)) == 1
        failing = [
            await eventually(partial(failing_status, ingest, name)) for name in ("broken", "gone", "inside")
        ]
        assert [status.error.partition(":")[0] for status in failing if status.error] == [
            "unreadable",
            "network",
            "private_address",
        ]
        up = {
            name: ingest.registry.get_sample_value("isowire_source_up", {"source": name})
            for name in ("broken", "sample")
        }
        assert up == {"broken": 0, "sample": 1}
        told = [OpsAlert.from_json(r.value) for r in await ingest.records(topics.OPS_ALERT)]
    assert {alert.subject for alert in told} == {"source/broken", "source/gone", "source/inside"}


async def test_a_feed_that_works_again_is_resolved(ingest: Ingest, web: Web) -> None:
    web.routes["/feed.xml"] = lambda _: Answer(status=500) if web.count("/feed.xml") < 2 else Answer(rss([]))
    ingest.sources(feed("sample", web.url("/feed.xml"), interval=0.2))
    async with ingest.running():
        await eventually(lambda: settled_status(ingest, "sample"))
        told = [OpsAlert.from_json(r.value) for r in await ingest.records(topics.OPS_ALERT)]
    assert [alert.resolved for alert in told] == [False, True]


async def test_a_silent_feed_shows(ingest: Ingest, web: Web) -> None:
    web.routes["/feed.xml"] = Answer(rss([]))
    ingest.sources(feed("sample", web.url("/feed.xml"), interval=0.2, silent_after=0.5))

    async def silent() -> SourceStatus | None:
        status = await ingest.status("sample")
        return status if status and status.state is SourceState.SILENT else None

    async with ingest.running():
        await eventually(silent)


async def test_files_dropped_into_a_folder(ingest: Ingest) -> None:
    inbox = ingest.folder / "inbox"
    inbox.mkdir()
    (inbox / "page.html").write_bytes(PAGE)
    (inbox / "large.txt").write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    (inbox / "notes.pdf").write_bytes(b"%PDF")
    ingest.sources({"id": "drop", "kind": "folder", "path": "inbox", "interval": 0.1})
    async with ingest.running():
        (page,) = await ingest.wait_for_pages(1)
        await eventually(lambda: exists(inbox / "failed" / "large.txt"))
    assert (page.body, page.url, page.content_type, page.source_id) == (PAGE, None, "text/html", "drop")
    assert page.url_id == ids.url_id(None, PAGE)
    assert (inbox / "done" / "page.html").read_bytes() == PAGE
    assert (inbox / "notes.pdf").exists()
    labels = {"source": "drop", "reason": "too_large"}
    assert ingest.registry.get_sample_value("isowire_source_errors_total", labels) == 1


async def test_json_lines_go_on_where_they_stopped(ingest: Ingest) -> None:
    lines = ingest.folder / "pages.jsonl"
    lines.write_text(
        json.dumps({"url": "http://a.example/1", "text": "第一"}) + "\nno json\n" + '{"text": "第'
    )
    ingest.sources({"id": "lines", "kind": "jsonl", "path": "pages.jsonl", "interval": 0.1})
    async with ingest.running():
        await ingest.wait_for_pages(1)
    with lines.open("a") as more:
        more.write('二"}\n')
    async with ingest.running():
        pages = await ingest.wait_for_pages(2)
    assert [page.body.decode() for page in sorted(pages, key=lambda p: p.fetched_at)] == ["第一", "第二"]


async def test_push(ingest: Ingest) -> None:
    ingest.sources()
    url = f"http://127.0.0.1:{ingest.settings.push_port}/v1/articles"
    async with ingest.running(), httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        await eventually(lambda: answers(client, url))
        pushed = await client.post(url, json={"url": "http://a.example/1", "html": "<p>正文</p>"})
        raw = await client.post(
            url,
            params={"url": "http://a.example/2"},
            content=PAGE,
            headers={"Content-Type": "text/html; charset=gbk"},
        )
        assert (pushed.status_code, raw.status_code) == (202, 202)
        pages = {page.article_id: page for page in await ingest.pages()}
        assert pages[pushed.json()["article_id"]].body.decode() == "<p>正文</p>"
        assert pages[raw.json()["article_id"]].body == PAGE
        assert pages[raw.json()["article_id"]].content_type == "text/html; charset=gbk"
        assert pushed.json()["url_id"] == ids.url_id("http://a.example/1")


def feed(source_id: str, url: str, **more: object) -> dict[str, object]:
    own = {"interval": 0.3, "host_delay": 0, "allow_private_addresses": True}
    return {"id": source_id, "kind": "feed", "url": url, **own, **more}


async def settled_status(ingest: Ingest, source_id: str) -> SourceStatus | None:
    status = await ingest.status(source_id)
    return status if status and status.last_success_at and status.state is SourceState.OK else None


async def failing_status(ingest: Ingest, source_id: str) -> SourceStatus | None:
    status = await ingest.status(source_id)
    return status if status and status.state is SourceState.FAILING else None


async def exists(path: Path) -> bool | None:
    return await asyncio.to_thread(path.exists) or None


async def answers(client: httpx.AsyncClient, url: str) -> bool | None:
    with contextlib.suppress(httpx.ConnectError):
        return (await client.get(url)).status_code == 405
    return None
