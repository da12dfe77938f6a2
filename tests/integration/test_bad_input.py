"""Bad input through the real stages: an outcome each, with its reason, and the stage goes on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.raw import RawArticle
from schemas.topics import RAW_ARTICLE
from services.cli.tracker import Passage, tracking
from services.ingest.oneshot import Refused, publish_paths
from services.ingest.publish import Published
from services.runtime.kafka import ensure_topics
from services.runtime.settings import KafkaSettings
from tests.chaos.faults import fleet
from tests.conftest import Kafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]

GOOD = (
    "<html><head><meta charset='utf-8'><title>砚川核医学中心启用</title></head><body>"
    "<p>5月18日，砚川市人民医院核医学诊疗中心正式启用，院长谷明达出席启用仪式并介绍了中心的情况。</p>"
    "<p>中心设有核素病房，可开展镥-177核素治疗，预计每年可服务肿瘤患者三千人次。</p></body></html>"
)
COUNTIES = "汝阳县|博野县|永定县|云霄县|皮山县|丰都县|桐柏县|宁武县|会昌县|青田县|"
PAGES: dict[str, bytes] = {
    "empty": b"",
    "white": b" \n\t " * 1000,
    "binary": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000,
    "random": bytes((i * 7919 + i // 251) % 256 for i in range(300_000)),
    "broken": b"<html><body><div><p>" + GOOD.encode() + b"<table><tr><td><<<p </p></div <!-- ",
    "wrong_charset": GOOD.replace("utf-8", "big5").encode("gb18030"),
    "stray_bytes": GOOD.encode() + b"\xff\xfe\x80",
    "nested": b"<div>" * 10_000 + GOOD.encode() + b"</div>" * 10_000,
    "brackets": ("(" * 500_000).encode(),
    "spaces": ("核" + " " * 500_000 + "学").encode(),
    "digits": ("1,000" * 200_000).encode(),
    "dashes": ("年1月-" * 100_000).encode(),
    "spam_list": ("\n".join([COUNTIES * 40] * 600)).encode(),
    "attributes": b"<p " + b'a="1" ' * 200_000 + b">" + GOOD.encode(),
}
MUST_BE_REFUSED = {"empty", "white", "binary", "spam_list"}


def command(service: str) -> list[str]:
    return [sys.executable, "-m", "services.cli.main", "run", service]


@pytest.fixture
async def settings(
    kafka: Kafka, unique_name: Callable[[str], str], tmp_path: Path
) -> AsyncIterator[KafkaSettings]:
    """Run clean and extract on topics of the test's own."""
    settings = KafkaSettings(bootstrap_servers=kafka.address, topic_prefix=unique_name("bad") + ".")
    await ensure_topics(settings)
    env = {
        "ISOWIRE_BOOTSTRAP_SERVERS": kafka.address,
        "ISOWIRE_TOPIC_PREFIX": settings.topic_prefix,
        "ISOWIRE_OPS_PORT": "0",
    }
    async with fleet(command, ["clean", "extract"], workers=1, folder=tmp_path, env=env) as running:
        yield settings
        assert running.failures == []


async def passage(settings: KafkaSettings, expected: int) -> Passage:
    """Return what became of the pages once all have come to an end."""
    async with tracking(settings) as tracker, asyncio.timeout(120):
        while len(tracker.passage.published) < expected or tracker.passage.under_way:
            await tracker.poll()
        return tracker.passage


def url_id(body: bytes) -> str:
    return RawArticle(body=body, source_id="file", fetched_at=datetime.now(UTC)).url_id


async def test_each_is_an_outcome_and_the_pages_behind_it_go_on(
    settings: KafkaSettings, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    bodies = PAGES | {
        f"good-{number}": GOOD.replace("谷明达", f"谷明{c}").encode() for number, c in enumerate("达远安")
    }
    for name, body in bodies.items():
        (folder / f"{name}.html").write_bytes(body)
    async for name, outcome in publish_paths(settings, sorted(folder.iterdir())):
        assert isinstance(outcome, Published), name
    found = await passage(settings, len(bodies))
    names = {url_id(body): name for name, body in bodies.items()}
    refused = {names[key]: reason for key, reason in found.dead.items()}
    assert refused.keys() >= MUST_BE_REFUSED
    assert refused["empty"] == "empty"
    assert refused["binary"] == "binary"
    assert refused["spam_list"] in {"spam", "too_large"}
    taken = {names[key] for key in found.extracted}
    assert {"broken", "wrong_charset", "stray_bytes", "nested", "good-0", "good-1", "good-2"} <= taken
    assert taken | refused.keys() == bodies.keys()


async def test_a_file_of_fifty_megabytes_is_refused_before_the_broker(kafka: Kafka, tmp_path: Path) -> None:
    large = tmp_path / "large.html"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    settings = KafkaSettings(bootstrap_servers=kafka.address, topic_prefix="large.")
    await ensure_topics(settings, topics=[RAW_ARTICLE])
    outcomes = [outcome async for _, outcome in publish_paths(settings, [large])]
    assert [o.reason for o in outcomes if isinstance(o, Refused)] == ["too_large"]
