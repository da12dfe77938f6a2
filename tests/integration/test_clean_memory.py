"""The clean stage on Kafka knows its pages again after a restart, from its own topic alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from schemas.cleaned import CleanedArticle, RevisionKind
from schemas.headers import raw_headers
from schemas.raw import RawArticle
from schemas.topics import CLEANED, DEAD_LETTER, RAW_ARTICLE
from services.runtime.kafka import ensure_topics, producer
from services.runtime.runner import Runner
from services.runtime.settings import KafkaSettings
from tests.conftest import Kafka
from tests.integration.runner_tools import read_until, running, settings_for

pytestmark = pytest.mark.kafka

CLEAN = "services.clean.stage:STAGE"
PAGES = 8
SLOGAN = "潼岭核药集团,为每一位患者送去精准的光。"


def page(number: int, *paragraphs: str) -> RawArticle:
    """Return the page of one address, of a publisher that ends all it says alike."""
    body = "".join(
        f"<p>{text}</p>"
        for text in (
            f"9月{number % 28 + 1}日,潼岭核药集团第{number}条分装线在潼岭市完成安装,负责人何知远到场验收。",
            f"该线每周可生产{number}00剂药品,供应周边{number}家医院,余下的设备将在明年陆续到位。",
            *paragraphs,
            SLOGAN,
        )
    )
    return RawArticle(
        body=f"<html><title>第{number}条分装线完成安装</title><body><h1>第{number}条分装线完成安装</h1>{body}".encode(),
        url=f"https://tongling.example/{number}.html",
        source_id="test",
        fetched_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


async def publish(settings: KafkaSettings, pages: Iterable[RawArticle]) -> None:
    sender = producer(settings)
    await sender.start()
    try:
        topic = settings.topic(RAW_ARTICLE.name)
        sent = [
            await sender.send(topic, one.body, one.url_id.encode(), headers=raw_headers(one)) for one in pages
        ]
        await asyncio.gather(*sent)
    finally:
        await sender.stop()


async def cleaned(settings: KafkaSettings, count: int) -> list[CleanedArticle]:
    found = await read_until(settings, CLEANED.name, count)
    assert len(found) == count
    return [CleanedArticle.from_json(record.value) for record in found]


def kinds(articles: Iterable[CleanedArticle]) -> dict[str, list[RevisionKind | None]]:
    """Return what each page of an address was, in order."""
    told: dict[str, list[RevisionKind | None]] = {}
    for article in articles:
        told.setdefault(article.url or "", []).append(article.revision.kind if article.revision else None)
    return told


async def test_revisions_are_known_over_a_restart(kafka: Kafka, unique_name: Callable[[str], str]) -> None:
    settings = settings_for(kafka.address, unique_name("memory"))
    await ensure_topics(settings, topics=(RAW_ARTICLE, CLEANED, DEAD_LETTER))
    added = "当天,集团还与潼岭市人民医院商定了下一年度的供药安排,双方将于年底前签署协议。"
    async with running(settings, CLEAN):
        await publish(settings, [page(number) for number in range(PAGES)])
        await cleaned(settings, PAGES)
    async with running(settings, CLEAN) as stage:
        await publish(settings, [page(n, *[added] * (n % 2)) for n in range(PAGES)])
        found = await cleaned(settings, 2 * PAGES)
        for kind in (RevisionKind.REPEAT, RevisionKind.REVISION):
            assert stage.value("isowire_revisions_total", kind=kind) == PAGES / 2
    assert kinds(found) == {
        f"https://tongling.example/{n}.html": [
            RevisionKind.FIRST,
            RevisionKind.REVISION if n % 2 else RevisionKind.REPEAT,
        ]
        for n in range(PAGES)
    }
    revisions = [a for a in found if a.revision and a.revision.kind is RevisionKind.REVISION]
    assert [[a.body.split("\n")[place] for place in a.revision.added] for a in revisions if a.revision] == [
        [added]
    ] * len(revisions)


async def test_boilerplate_is_known_over_a_restart(kafka: Kafka, unique_name: Callable[[str], str]) -> None:
    settings = settings_for(kafka.address, unique_name("slogan"))
    await ensure_topics(settings, topics=(RAW_ARTICLE, CLEANED, DEAD_LETTER))
    pages = [page(number) for number in range(1, 81)]  # 20 a partition, give or take
    async with running(settings, CLEAN):
        await publish(settings, pages)
        first = await cleaned(settings, len(pages))
    assert any(SLOGAN in article.body for article in first)
    async with running(settings, CLEAN) as stage:
        await publish(settings, [page(number) for number in range(101, 111)])
        late = await cleaned(settings, len(pages) + 10)
        assert stage.value("isowire_removals_total", kind="boilerplate") == 10
    late = [a for a in late if a.url and int(a.url.removesuffix(".html").rpartition("/")[2]) > 100]
    assert len(late) == 10
    assert all(SLOGAN not in article.body for article in late)
    assert all(article.report.removed_counts["boilerplate"] == 1 for article in late)


async def test_topics_that_differ_in_partitions_are_refused(
    kafka: Kafka, unique_name: Callable[[str], str]
) -> None:
    settings = settings_for(kafka.address, unique_name("unlike"))
    await ensure_topics(settings, topics=(replace(RAW_ARTICLE, partitions=2), CLEANED, DEAD_LETTER))
    with pytest.raises(ExceptionGroup) as raised:
        await Runner(CLEAN, settings, CollectorRegistry()).run()
    assert raised.group_contains(ValueError, match=r"2 partitions and .*cleaned 4")
