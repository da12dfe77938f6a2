"""From `extracted` to `alert` on Kafka: the whole service in a process of its own."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from schemas.extracted import EventType, ExtractedArticle
from schemas.headers import get, stage_times
from services.alert.rules import DEFAULT_RULES_FILE
from services.runtime.dead_letters import read_dead_letter
from services.runtime.kafka import ensure_topics
from tests.conftest import Kafka
from tests.integration.alert_world import AlertWorld
from tests.unit.alert_samples import article, event

pytestmark = pytest.mark.kafka

RULES = DEFAULT_RULES_FILE.read_text(encoding="utf-8")


@pytest.fixture
async def world(kafka: Kafka, unique_name: Callable[[str], str], tmp_path: Path) -> AsyncIterator[AlertWorld]:
    async with AlertWorld(kafka.address, unique_name("a") + ".", tmp_path) as world:
        yield world


def ops(world: AlertWorld, path: str) -> str:
    found = re.search(r'"ops_port": (\d+)', world.log())
    assert found, world.log()
    return httpx.get(f"http://127.0.0.1:{found[1]}{path}", timeout=5).text


def happening(number: int) -> ExtractedArticle:
    """Return an article of its own about a thing of its own."""
    return article(f"https://news.example/{number}", events=[event(asset=f"资产{number}")])


async def until(condition: Callable[[], bool], told: Callable[[], str], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, told()
        await asyncio.sleep(0.1)


async def test_an_extracted_article_becomes_an_alert_on_its_topics(world: AlertWorld) -> None:
    world.start()
    safety = article("https://news.example/2", events=[event(EventType.SAFETY_INCIDENT, asset="虚构反应堆")])
    await world.send([article(), safety, article("https://news.example/3", events=[])])
    alerts = await world.alerts(2)
    by_rule = {alert.rule_id: alert for alert in alerts.values()}
    assert by_rule.keys() == {"agreement-signed", "safety"}
    assert by_rule["safety"].severity == "critical"
    signed = by_rule["agreement-signed"]
    assert (signed.date, signed.source, signed.url) == ("2025-08-22", "虚构日报", "https://news.example/1")
    assert signed.evidence.text == article().events[0].evidence
    assert (await world.view("alert.urgent")).keys() == {by_rule["safety"].id}
    assert (await world.view("alert.deals")).keys() == {signed.id}
    assert await world.view("alert.clinic") == {}
    (record,) = [r for r in await world.records("alert") if r.key.decode() == signed.id]
    assert get(record.headers, "ce_type") == "isowire.alert"
    assert get(record.headers, "ce_id") == signed.id
    assert get(record.headers, "traceparent")
    assert stage_times(record.headers).keys() == {"ingest", "match", "alert"}
    assert world.stop() == 0


async def test_copies_on_several_pages_are_one_alert_whose_reports_grow(world: AlertWorld) -> None:
    world.start()
    for pages in (range(1), range(1, 4), range(2, 8)):
        await world.send([article(f"https://news.example/{n}") for n in pages])
        alerts = await world.alerts(1, reports=pages[-1] + 1)
        assert len(alerts) == 1
    written = len(await world.records("alert"))
    await world.send([article(f"https://news.example/{n}") for n in range(8)])
    await world.processed()
    assert len(await world.records("alert")) == written, "a repeat was written"
    assert 'isowire_duplicates_total{stage="alert"}' in ops(world, "/metrics")


async def test_metrics_health_and_readiness(world: AlertWorld) -> None:
    world.start()
    await world.send([article(fetched_at=datetime.now(UTC))])
    await world.alerts(1)
    await until(
        lambda: '"ok":true' in ops(world, "/readyz") and "isowire_stories 1.0" in ops(world, "/metrics"),
        world.log,
    )
    metrics = ops(world, "/metrics")
    for line in (
        'isowire_alerts_total{rule="agreement-signed",severity="notice"} 1.0',
        'isowire_rule_hits_total{rule="agreement-signed"} 1.0',
        'isowire_subscription_alerts_total{subscription="deals"} 1.0',
        'isowire_since_fetch_seconds_count{stage="alert"} 1.0',
        "isowire_rules 6.0",
        "isowire_stories 1.0",
        'isowire_healthy{stage="alert"} 1.0',
    ):
        assert line in metrics, line
    assert '"ok":true' in ops(world, "/healthz")


async def test_poison_goes_to_dead_letter_and_the_stream_goes_on(world: AlertWorld) -> None:
    world.start()
    topic = world.settings.topic("occurrence")
    for partition in range(4):
        await world.producer.send_and_wait(topic, b"no occurrence", b"k", partition=partition)
        await world.producer.send_and_wait(topic, None, b"k", partition=partition)
    await world.send(
        [article(f"https://news.example/{n}", events=[event(asset=f"资产{n}")]) for n in range(12)]
    )
    assert len(await world.alerts(12)) == 12
    letters = [read_dead_letter(record) for record in await world.records("dead-letter")]
    assert [(x.stage, x.reason, x.key) for x in letters if x] == [("alert", "undecodable", b"k")] * 8
    assert {x.value for x in letters if x} == {b"no occurrence", None}
    assert world.processes[0].poll() is None


async def test_rules_are_read_again_and_a_bad_file_keeps_the_old_ones(
    world: AlertWorld, tmp_path: Path
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(RULES, encoding="utf-8")
    world.start(ISOWIRE_RULES_FILE=str(file))
    await world.send([article()])
    await world.alerts(1)

    file.write_text(RULES.replace("agreement_signed", "agreement_singed"), encoding="utf-8")
    await until(lambda: "rules.yaml:13: rules[0].when.event_types[0]" in world.log(), world.log)
    await world.send([article("https://news.example/2", events=[event(asset="甲")])])
    await world.alerts(2)

    added = "\n  - id: visits\n    title: Visits\n    when: {event_types: [visit]}\n"
    subscription = "\n  - id: travel\n    title: Travel\n    rules: [visits]\n"
    file.write_text(
        RULES.replace("\nsubscriptions:", added + "\nsubscriptions:") + subscription, encoding="utf-8"
    )
    await until(lambda: "rules reloaded" in world.log(), world.log)
    await asyncio.sleep(1.5)  # the worker process looks once a second
    await world.send([article("https://news.example/3", events=[event(EventType.VISIT, asset="乙")])])
    alerts = await world.alerts(3)
    assert len(await world.view("alert.travel")) == 1
    assert "visits" in {alert.rule_id for alert in alerts.values()}
    told = [orjson.loads(record.value) for record in await world.records("ops-alert")]
    assert [(t["subject"], t["resolved"]) for t in told] == [
        ("alert/rules-file", False),
        ("alert/rules-file", True),
    ]
    assert "rules.yaml:13" in told[0]["summary"]


async def test_a_bad_rules_file_at_the_start_ends_the_service_with_the_reason(
    world: AlertWorld, tmp_path: Path
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules: [{id: x}]\n")
    process = world.start(ISOWIRE_RULES_FILE=str(file))
    assert process.wait(30) == 2
    assert f"{file}:1: rules[0].title: Field required" in world.log()


async def test_a_worker_that_starts_again_goes_on_with_its_stories(world: AlertWorld) -> None:
    world.start()
    await world.send([article(f"https://news.example/{n}") for n in range(3)])
    await world.alerts(1, reports=3)
    assert world.stop() == 0
    world.start()
    await world.send([article("https://news.example/3")])
    (alert,) = (await world.alerts(1, reports=4)).values()
    assert alert.report_count == 4


async def test_a_changelog_that_was_deleted_is_noticed_and_the_stories_are_built_again(
    world: AlertWorld,
) -> None:
    world.start()
    await world.send([article(f"https://news.example/{n}") for n in range(3)])
    await world.alerts(1, reports=3)
    assert world.stop() == 0
    admin = AIOKafkaAdminClient(bootstrap_servers=world.settings.bootstrap_servers)
    await admin.start()
    await admin.delete_topics([world.settings.topic("isowire-alert-stories-changelog")])
    await admin.close()
    await asyncio.sleep(1)
    world.start()
    await world.send([article("https://news.example/3")])
    (alert,) = (await world.alerts(1, reports=4)).values()
    assert alert.report_count == 4
    told = [orjson.loads(record.value) for record in await world.records("ops-alert")]
    assert ["is empty: its stories are rebuilt" in t["summary"] for t in told] == [True]


async def test_a_second_worker_may_join_where_nothing_but_poison_came(world: AlertWorld) -> None:
    world.start()
    topic = world.settings.topic("occurrence")
    for partition in range(4):
        await world.producer.send_and_wait(topic, b"no occurrence", b"k", partition=partition)
    await world.processed()
    world.start()
    await until(lambda: '"stage": "alert", "partitions"' in world.log(1), lambda: world.log(1))
    assert [world.stop(number) for number in range(2)] == [0, 0]
    assert await world.records("ops-alert") == []


async def test_a_topic_prefix_stands_before_every_name(world: AlertWorld) -> None:
    await ensure_topics(world.settings)
    world.start()
    await world.send([article()])
    await world.alerts(1)
    admin = AIOKafkaAdminClient(bootstrap_servers=world.settings.bootstrap_servers)
    await admin.start()
    named = [name for name in await admin.list_topics() if "stories-changelog" in name]
    await admin.close()
    assert f"{world.settings.topic_prefix}isowire-alert-stories-changelog" in named
    assert "isowire-alert-stories-changelog" not in named
