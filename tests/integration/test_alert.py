"""From `extracted` to `alert` on Kafka: the whole service in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from services.alert.settings import AlertSettings
from tests.conftest import Kafka
from tests.unit.alert_samples import article
from tests.integration.alert_world import AlertWorld

pytestmark = pytest.mark.kafka


@pytest.fixture
async def world(kafka: Kafka, unique_name: Callable[[str], str], tmp_path) -> AsyncIterator[AlertWorld]:
    world = AlertWorld(kafka.address, unique_name("a") + ".", tmp_path)
    async with world:
        yield world


async def test_an_extracted_article_becomes_an_alert(world: AlertWorld) -> None:
    world.start()
    await world.send([article()])
    alerts = await world.alerts(1)
    assert [a.rule_id for a in alerts.values()] == ["agreement-signed"]
    assert world.stop() == 0
