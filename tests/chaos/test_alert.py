"""The alert service under kills, freezes and rebalances: the compacted view is that of an undisturbed run.

The articles are few enough to be sent in one go and many enough to be under way when the fault comes: stories
with many copies on many pages, in any order, some with vague dates, so that a hit that is lost, counted twice
or merged into an old state shows in an alert.
"""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from schemas.extracted import ExtractedArticle
from services.alert.rules import DEFAULT_RULES_FILE
from tests.conftest import Kafka
from tests.integration.alert_world import AlertWorld
from tests.unit.alert_samples import article, event

pytestmark = [pytest.mark.kafka, pytest.mark.chaos]

STORIES, COPIES = 60, 12
DATES = ["2025-08-22", "2025-08-23", "--08-22", "2025-08", None]
FREEZE_SECONDS = 9.0  # the session ends after 6

View = dict[str, dict[str, Any]]
MakeWorld = Callable[[], Any]


def load() -> list[ExtractedArticle]:
    """Return the articles, always the same, in an order that mixes the stories."""
    articles = [
        article(
            f"https://news{copy}.example/{story}",
            published=None,
            body="正文" * (100 + copy * 7 % 11),
            events=[event(asset=f"资产{story}", date=DATES[(story + copy) % len(DATES)])],
        )
        for story in range(STORIES)
        for copy in range(COPIES)
    ]
    random.Random(7).shuffle(articles)
    return articles


@pytest.fixture
def make_world(kafka: Kafka, unique_name: Callable[[str], str], tmp_path: Path) -> MakeWorld:
    @asynccontextmanager
    async def make() -> AsyncIterator[AlertWorld]:
        prefix = unique_name("x") + "."
        folder = tmp_path / prefix
        folder.mkdir()
        async with AlertWorld(kafka.address, prefix, folder) as world:
            yield world

    return make


@pytest.fixture
async def undisturbed(make_world: MakeWorld) -> View:
    async with make_world() as world:
        world.start()
        await world.send(load())
        await world.processed()
        view: View = await world.view()
        assert sum(alert["report_count"] for alert in view.values()) == STORIES * COPIES
        assert world.stop() == 0
        return view


async def feed(world: AlertWorld, pause: float = 0.05) -> None:
    """Send the articles over some seconds."""
    articles = load()
    for start in range(0, len(articles), 20):
        await world.send(articles[start : start + 20])
        await asyncio.sleep(pause)


async def test_a_worker_killed_again_and_again_loses_nothing(
    make_world: MakeWorld, undisturbed: View
) -> None:
    async with make_world() as world:
        world.start()
        feeding = asyncio.create_task(feed(world, pause=0.15))
        for number in range(3):
            await world.alerts(10 * (number + 1))
            world.kill(number)
            world.start()
        await feeding
        await world.processed()
        assert await world.view() == undisturbed


async def test_two_workers_a_kill_a_freeze_and_a_thaw_leave_the_same_alerts(
    make_world: MakeWorld, undisturbed: View
) -> None:
    async with make_world() as world:
        world.start()
        feeding = asyncio.create_task(feed(world, pause=0.4))
        await world.alerts(5)
        world.start()
        await asyncio.sleep(4)
        world.processes[0].send_signal(signal.SIGSTOP)
        await asyncio.sleep(FREEZE_SECONDS)
        world.processes[0].send_signal(signal.SIGCONT)
        await asyncio.sleep(4)
        world.kill(1)
        await feeding
        if world.processes[0].poll() is not None:
            world.start()  # a worker may end itself to start anew; its supervisor does the rest
        await world.processed()
        assert await world.view() == undisturbed


async def test_workers_that_join_and_leave_share_the_work(make_world: MakeWorld, undisturbed: View) -> None:
    async with make_world() as world:
        world.start()
        feeding = asyncio.create_task(feed(world, pause=0.4))
        await world.alerts(5)
        world.start()
        await asyncio.sleep(5)
        assert world.stop(0) == 0
        await asyncio.sleep(2)
        world.start()
        await feeding
        await world.processed()
        assert await world.view() == undisturbed
        assert [world.stop(number) for number in (1, 2)] == [0, 0]


async def test_a_rules_change_in_the_middle_loses_no_report(make_world: MakeWorld) -> None:
    async with make_world() as world:
        file = world.folder / "rules.yaml"
        text = DEFAULT_RULES_FILE.read_text(encoding="utf-8")
        file.write_text(text, encoding="utf-8")
        world.start(ISOWIRE_RULES_FILE=str(file))
        articles = load()
        await world.send(articles[:300])
        await world.alerts(1)
        file.write_text(text.replace("severity: notice", "severity: warning"), encoding="utf-8")
        await asyncio.sleep(3)
        await world.send(articles[300:])
        await world.processed()
        view = await world.view()
        assert sum(alert["report_count"] for alert in view.values()) == STORIES * COPIES
        assert "warning" in {alert["severity"] for alert in view.values()}
